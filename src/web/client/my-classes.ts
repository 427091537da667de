import { seatsWords } from '../ui/people.ts'
import { every } from './every.ts'
import { pageLocale } from './language.ts'
import { isBusy, refreshMain } from './refresh.ts'

const REFRESH_MS = 8_000

/** The part of `GET /api/my-classes` that this page follows. */
type Row = { id: string; status: string; startTime: string; activityStatus: string; currentParticipants: number; maxParticipants: number }
type Answer = { response: Row[]; preparing: number }

/** Everything but the head-counts: when it changes, the page itself has to change. */
export function shapeOf(answer: Answer): string {
  return JSON.stringify([answer.preparing, answer.response.map((row) => [row.id, row.status, row.startTime, row.activityStatus])])
}

/** Follows head-counts in place, and renews the page when a class appears, moves, is cancelled or ends. */
export function mountMyClasses(root: ParentNode, signal: AbortSignal): void {
  if (!root.querySelector('[data-my-classes]')) return
  let shape: string | null = null
  every(REFRESH_MS, signal, async () => {
    const answer = await load(signal)
    if (answer === null) return
    const fresh = shapeOf(answer)
    if (shape !== null && fresh !== shape) {
      if (isBusy()) return
      return (await refreshMain()) ? 'over' : 'later'
    }
    shape = fresh
    for (const row of answer.response) showCount(root, row)
  })
}

async function load(signal: AbortSignal): Promise<Answer | null> {
  try {
    const response = await fetch('/api/my-classes', { signal })
    return response.ok ? ((await response.json()) as Answer) : null
  } catch {
    return null
  }
}

function showCount(root: ParentNode, row: Row): void {
  for (const part of root.querySelectorAll<HTMLElement>(`[data-people="${CSS.escape(row.id)}"]`)) {
    if (part.dataset['peopleRatio'] !== undefined) {
      part.textContent = `Grupal (${row.currentParticipants}/${row.maxParticipants})`
      continue
    }
    const words = part.querySelector('[data-people-words]')
    if (words) words.textContent = seatsWords(row.currentParticipants, row.maxParticipants, pageLocale())
    part.querySelectorAll('.seat').forEach((seat, index) => {
      seat.classList.toggle('seat-free', index >= row.currentParticipants)
    })
  }
}
