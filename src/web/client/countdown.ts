import { clockDigits, durationWords } from '../ui/duration.ts'
import { now } from './clock.ts'
import { every } from './every.ts'
import { pageLocale } from './language.ts'
import { refreshMain } from './refresh.ts'

/** What a countdown reads `left` milliseconds before its instant. */
export function countdownText(left: number, digits: boolean, over: string | undefined): string {
  if (left <= 0 && over !== undefined) return over
  return digits ? clockDigits(left) : durationWords(left, pageLocale())
}

/** Keeps every `[data-countdown][data-until]` running. */
export function mountCountdowns(root: ParentNode, signal: AbortSignal): void {
  const parts = [...root.querySelectorAll<HTMLElement>('[data-countdown]')]
  if (parts.length === 0) return
  every(1_000, signal, () => {
    for (const part of parts) {
      const text = countdownText(
        Date.parse(part.dataset['until'] ?? '') - now(),
        part.dataset['countdown'] === 'digits',
        part.dataset['over'],
      )
      if (part.textContent !== text) part.textContent = text
    }
  })
}

const REFRESHES_MAX = 20

/**
 * A `[data-refresh]` countdown that runs out changes what its page says: the server writes it anew. One that had run out before is left
 * alone, so that a page which stays the same is not fetched for ever.
 */
export function mountLapses(root: ParentNode, signal: AbortSignal): void {
  const ends = [...root.querySelectorAll<HTMLElement>('[data-countdown][data-refresh]')].map((part) =>
    Date.parse(part.dataset['until'] ?? ''),
  )
  const coming = ends.filter((end) => end > now())
  if (coming.length === 0) return
  const first = Math.min(...coming)
  let refreshes = 0
  every(1_000, signal, async () => {
    if (now() < first) return
    return (await refreshMain()) || ++refreshes >= REFRESHES_MAX ? 'over' : 'later'
  })
}
