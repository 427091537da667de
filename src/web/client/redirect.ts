import { every } from './every.ts'
import { pageText } from './language.ts'

/** Who chose to stay stays, also when the page is written anew. */
let staying = false

/** `[data-redirect]`: counts down in words and goes there, unless the person prefers to stay. */
export function mountRedirect(root: ParentNode, signal: AbortSignal): void {
  const part = root.querySelector<HTMLElement>('[data-redirect]')
  const text = part?.querySelector<HTMLElement>('[data-redirect-text]')
  const stay = part?.querySelector<HTMLElement>('[data-redirect-stay]')
  if (!part || !text || !stay) return
  let left = Number(part.dataset['seconds']) + 1
  if (staying) return
  text.hidden = false
  stay.hidden = false
  stay.addEventListener('click', () => {
    staying = true
    text.hidden = true
    stay.hidden = true
  })
  every(1_000, signal, () => {
    if (staying) return 'over'
    left -= 1
    text.textContent = pageText().redirect(left)
    if (left > 0) return
    location.assign(part.dataset['redirect'] ?? '/')
    return 'over'
  })
}
