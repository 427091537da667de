import { refreshMain } from './refresh.ts'

/**
 * `[data-fresh]`: a page that was out of sight (another tab paid meanwhile, the browser kept it while going back) is written anew when it is
 * seen again, before anybody decides on what it says.
 */
export function mountFresh(root: ParentNode, signal: AbortSignal): void {
  if (!root.querySelector('[data-fresh]')) return
  const refresh = () => {
    if (!document.hidden && !isTouched(root)) void refreshMain()
  }
  document.addEventListener('visibilitychange', refresh, { signal })
  addEventListener('pageshow', (event) => event.persisted && refresh(), { signal })
}

/** Something on it was opened or ticked, which a fresh page would not have. */
function isTouched(root: ParentNode): boolean {
  const boxes = [...root.querySelectorAll<HTMLInputElement>('main input[type=checkbox]')]
  return root.querySelector('main details[open]') !== null || boxes.some((box) => box.checked !== box.defaultChecked)
}
