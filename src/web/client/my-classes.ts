import { argentineWall } from '../ui/local-time.ts'
import { seatsWords } from '../ui/people.ts'
import { now } from './clock.ts'
import { follow } from './follow.ts'
import { pageLocale, pageText } from './language.ts'
import { isBusy, refreshMain } from './refresh.ts'

const REFRESH_MS = 8_000

/** The part of `GET /api/my-classes` that this page follows. */
type Row = {
  id: string
  rol: string
  status: string
  startTime: string
  activityId: string | null
  currentParticipants: number
  maxParticipants: number
}
type Answer = { response: Row[]; preparing: number }

/** Everything but the head-counts: when it changes, the page itself has to change. */
export function shapeOf(answer: Answer): string {
  return JSON.stringify([answer.preparing, answer.response.map((row) => [row.id, row.status, row.startTime, row.activityId])])
}

/** Seats of a guest that are theirs no more though the class has yet to begin: whoever booked it released them. */
export function lostSeats(before: readonly Row[], after: readonly Row[], now: number): Row[] {
  const isLost = (row: Row) => row.rol === 'participante' && row.status === 'scheduled' && Date.parse(row.startTime) > now
  return before.filter((row) => isLost(row) && !after.some(({ id }) => id === row.id))
}

/**
 * Follows head-counts in place, and renews the page when a class appears, moves, is cancelled or ends, or when somebody comes to or goes from a
 * class whose people the page names.
 */
export function mountMyClasses(root: ParentNode, signal: AbortSignal): void {
  if (!root.querySelector('[data-my-classes]')) return
  let known: Answer | null = null
  let stale = false
  let lost: Row[] = []
  const look = async () => {
    if (!stale) {
      const answer = await load(signal)
      if (answer === null) return
      stale = known !== null && shapeOf(answer) !== shapeOf(known)
      if (known !== null) lost = lostSeats(known.response, answer.response, now())
      known = stale ? known : answer
      for (const row of answer.response) showCount(root, row)
    }
    if (!stale) return
    if (isBusy()) return 'busy'
    if (!(await refreshMain())) return isBusy() ? 'busy' : 'later'
    for (const row of lost) sayLost(row)
    return 'over'
  }
  follow(REFRESH_MS, signal, look, (facts) => {
    const row = known?.response.find(({ id }) => id === facts.id)
    if (!row || row.status !== facts.status || row.startTime !== facts.startTime) {
      // A hold is no row of the list; that something became of it shows in the answer.
      stale ||= facts.status !== 'pending'
      if (row && facts.status === 'gone') lost = lostSeats([row], [], now())
      return false
    }
    row.currentParticipants = facts.people
    showCount(root, row)
    stale ||= root.querySelector(`[data-guests="${CSS.escape(row.id)}"]`) !== null
    return !stale
  })
}

/** A class that only vanished from the list would leave its guest wondering. */
function sayLost(row: Row): void {
  const { date, time } = argentineWall(new Date(row.startTime))
  const notice = document.createElement('div')
  notice.className = 'notice notice-info'
  notice.setAttribute('role', 'status')
  document.querySelector('main')?.prepend(notice)
  notice.textContent = pageText().seatLost(date, time)
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
  const invite = root.querySelector<HTMLElement>(`[data-invite="${CSS.escape(row.id)}"]`)
  if (invite) invite.hidden = row.currentParticipants >= row.maxParticipants
  for (const part of root.querySelectorAll<HTMLElement>(`[data-people="${CSS.escape(row.id)}"]`)) {
    if (part.dataset['peopleRatio'] !== undefined) {
      part.textContent = part.textContent?.replace(/\d+(?=\/)/, String(row.currentParticipants)) ?? ''
      continue
    }
    const words = part.querySelector('[data-people-words]')
    if (words) words.textContent = seatsWords(row.currentParticipants, row.maxParticipants, pageLocale())
    part.querySelectorAll('.seat').forEach((seat, index) => {
      seat.classList.toggle('seat-free', index >= row.currentParticipants)
    })
  }
}
