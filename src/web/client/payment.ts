import { every } from './every.ts'
import { refreshMain } from './refresh.ts'
import { hear } from './stream.ts'

const POLL_MS = 2_000
const POLLS_MAX = 30
/** With growing pauses, about a quarter of an hour. */
const REFRESHES_MAX = 20

/**
 * Return pages: asks for the payment every 2 seconds, for 60 at most, and whenever the server says that something changed, also later. Once
 * there is another outcome to tell, the server writes the page anew.
 */
export function mountPayment(root: ParentNode, signal: AbortSignal): void {
  const part = root.querySelector<HTMLElement>('[data-payment]')
  if (!part) return
  const shown = part.dataset['revision']
  let polls = 0
  let refreshes = 0
  const look = every(POLL_MS, signal, async () => {
    const revision = await readRevision(part.dataset['payment'] ?? '', signal)
    if (revision !== null && revision !== shown) {
      if (await refreshMain()) return 'over'
      // Remembered by the server, so no question is lost while the page cannot be fetched.
      return ++refreshes >= REFRESHES_MAX ? 'over' : 'later'
    }
    if (++polls < POLLS_MAX) return
    part.querySelector('[data-waiting]')?.setAttribute('hidden', '')
    part.querySelector('[data-waited]')?.removeAttribute('hidden')
    return 'over'
  })
  hear(signal, () => look())
}

async function readRevision(preferenceId: string, signal: AbortSignal): Promise<string | null> {
  try {
    const response = await fetch(`/api/payments/${encodeURIComponent(preferenceId)}`, { signal })
    if (!response.ok) return null
    return ((await response.json()) as { response: { revision: string } }).response.revision
  } catch {
    return null
  }
}
