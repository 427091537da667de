import { isBusy } from './refresh.ts'

/** Longer than a click takes: leaving a field by pressing a button is no pause. */
const PAUSE_MS = 700

/** Tells when the person let go of the page: a field was left, a panel or a menu closed. What was kept from them meanwhile can come. */
export function onFree(signal: AbortSignal, tell: () => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      if (!signal.aborted && !isBusy()) tell()
    }, PAUSE_MS)
  }
  document.addEventListener('focusout', soon, { signal })
  // `toggle` does not bubble.
  document.addEventListener('toggle', soon, { signal, capture: true })
  signal.addEventListener('abort', () => clearTimeout(timer))
}
