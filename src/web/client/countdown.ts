import { clockDigits, durationWords } from '../ui/duration.ts'
import { now } from './clock.ts'
import { every } from './every.ts'

/** What a countdown reads `left` milliseconds before its instant. */
export function countdownText(left: number, digits: boolean, over: string | undefined): string {
  if (left <= 0 && over !== undefined) return over
  return digits ? clockDigits(left) : durationWords(left)
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
