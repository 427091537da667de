/** `button[data-print]`: prints the page. Hidden until now, because without script it could do nothing. */
export function mountPrint(root: ParentNode, signal: AbortSignal): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-print]')) {
    button.hidden = false
    button.addEventListener('click', () => window.print(), { signal })
  }
}
