import { every } from './every.ts'
import { refreshMain } from './refresh.ts'
import { hear } from './stream.ts'

const POLL_MS = 2_000
const POLLS_MAX = 30
/** With growing pauses, about a quarter of an hour. */
const REFRESHES_MAX = 20

/** The part of `GET /api/payments/{preferenceId}` that this page follows. */
type Payment = { status: string; classStatus?: string | null; money?: 'in-process' | 'in-review' | null }

type State = 'approved' | 'preparing' | 'rejected' | 'refunded' | 'released' | 'in-process' | 'in-review'

/** Which state of the page a payment's status asks for; null: keep waiting. */
export function stateFor({ status, classStatus, money }: Payment): State | null {
  if (status === 'approved' && classStatus === 'pending') return 'preparing'
  const isOpen = status === 'pending' || (status === 'rejected' && money != null)
  if (isOpen) return classStatus === 'cancelled' ? 'released' : (money ?? null)
  return status === 'approved' || status === 'rejected' || status === 'refunded' ? status : null
}

/** Payment and state that the page was written anew for: a server that wrote another page all the same has no better one. */
let writtenFor: string | null = null

/**
 * Return pages: asks for the payment every 2 seconds, for 60 at most, and whenever the server says that something changed, also later. The
 * server writes the page that fits.
 */
export function mountPayment(root: ParentNode, signal: AbortSignal): void {
  const part = root.querySelector<HTMLElement>('[data-payment]')
  if (!part) return
  const shown = part.dataset['state']
  let polls = 0
  let refreshes = 0
  const look = every(POLL_MS, signal, async () => {
    const payment = await readPayment(part.dataset['payment'] ?? '', signal)
    const state = payment === null ? null : stateFor(payment)
    const wanted = `${part.dataset['payment']} ${state}`
    if (state !== null && state !== shown && wanted !== writtenFor) {
      // The page that comes is followed at once, and asks before this call returns.
      writtenFor = wanted
      if (await refreshMain()) return 'over'
      // Remembered by the server, so no question is lost while the page cannot be fetched.
      writtenFor = null
      return ++refreshes >= REFRESHES_MAX ? 'over' : 'later'
    }
    if (++polls < POLLS_MAX) return
    part.querySelector('[data-waiting]')?.setAttribute('hidden', '')
    part.querySelector('[data-waited]')?.removeAttribute('hidden')
    return 'over'
  })
  hear(signal, () => look())
}

async function readPayment(preferenceId: string, signal: AbortSignal): Promise<Payment | null> {
  try {
    const response = await fetch(`/api/payments/${encodeURIComponent(preferenceId)}`, { signal })
    if (!response.ok) return null
    return ((await response.json()) as { response: Payment }).response
  } catch {
    return null
  }
}
