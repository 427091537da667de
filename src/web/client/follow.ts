import { every } from './every.ts'
import { freeWatch } from './free.ts'
import { isBusy, refreshMain } from './refresh.ts'
import { type ClassFacts, hear, isTold } from './stream.ts'

/**
 * Looks when the server says that something changed, and every `milliseconds` where it cannot say so. `onFacts` may take a change as done, so
 * that nobody has to look. A look that finds the page in use (`'busy'`) comes again as soon as it is free.
 */
export function follow(
  milliseconds: number,
  signal: AbortSignal,
  look: () => Promise<'over' | 'later' | 'busy' | void>,
  onFacts: (facts: ClassFacts) => boolean = () => false,
): void {
  let due = true
  const whenFree = freeWatch(signal, () => wake())
  const wake = every(milliseconds, signal, async () => {
    if (!due && isTold()) return
    due = false
    const result = await look()
    due ||= result === 'later' || result === 'busy'
    if (result !== 'busy') return result
    whenFree()
  })
  hear(signal, (facts) => {
    if (facts !== null && onFacts(facts)) return
    due = true
    wake()
  })
}

const LOOK_AGAIN_MS = 5_000

/** `[data-follow]`: the server writes the page anew when something of ours changed. Where it cannot say so, the page stays as it is. */
export function mountFollow(root: ParentNode, signal: AbortSignal): void {
  if (!root.querySelector('[data-follow]')) return
  let changed = false
  const whenFree = freeWatch(signal, () => wake())
  const wake = every(LOOK_AGAIN_MS, signal, async () => {
    if (!changed) return
    if (isBusy()) return whenFree()
    if (await refreshMain()) return 'over'
    return isBusy() ? whenFree() : 'later'
  })
  hear(signal, () => {
    changed = true
    wake()
  })
}
