import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import type { Centavos } from '../../kernel/money.ts'
import { audit } from '../operation/attention.ts'
import type { ProviderPayment, ProviderRefund } from './provider.ts'
import * as store from './store.ts'

/** How a refund stands after the provider was asked. `refund`: as it was asked for last, with the number that the provider gave it. */
export type Asked =
  | { is: 'made'; refund: store.RefundRow }
  | { is: 'later'; refund: store.RefundRow; reason: string; retryAfterMs?: number | undefined }
  | { is: 'refused'; refund: store.RefundRow }

/** Requests begun within one run: each is for less than the one before, because other hands gave back a part meanwhile. */
const REQUESTS_AT_ONCE = 3

/**
 * Asks the provider for a refund that is marked as sent. One request has one key, whatever comes of its answer: what was refused is looked at once
 * more, and when a part went back by other hands, what is left is asked for as a request of its own. Later requests, and one that the provider
 * has taken, are read before anything is sent: repeating a key may only repeat an answer (mercado-pago.md 2.11, 7.5).
 */
export async function askForRefund(deps: Deps, refund: store.RefundRow): Promise<Asked> {
  const isTaken = refund.providerRefundId !== null
  let asked = isTaken || refund.generation > 0 ? await readBack(deps, refund) : await send(deps, refund)
  let requests = 1
  if (asked.is === 'left' && refund.generation > 0 && !isTaken && asked.amount === refund.amountCentavos) asked = await send(deps, refund)
  for (; asked.is === 'left' && asked.amount < asked.refund.amountCentavos && requests < REQUESTS_AT_ONCE; requests++) {
    const next = await askAnew(deps, asked.refund, asked.amount)
    if (!next) return { is: 'later', refund: asked.refund, reason: 'overtaken' }
    deps.log.warn({ refundId: next.id, generation: next.generation, amountCentavos: next.amountCentavos }, 'refund asked for anew')
    asked = await send(deps, next)
  }
  return asked.is === 'left' ? { is: 'refused', refund: asked.refund } : asked
}

async function askAnew(deps: Deps, refund: store.RefundRow, amount: Centavos): Promise<store.RefundRow | null> {
  return deps.db.transaction(async (tx) => {
    const next = await store.askAnew(tx, refund, amount, deps.clock.now())
    if (next) await noteRequest(deps, tx, next)
    return next
  })
}

/** Every request after the first is written down: the refund itself says only what was asked for last. */
export async function noteRequest(deps: Deps, tx: Tx, refund: store.RefundRow): Promise<void> {
  await audit(deps, tx, {
    actorId: null,
    action: 'refund.anew',
    subject: 'payment',
    subjectId: refund.paymentId,
    detail: { refundId: refund.id, amountCentavos: refund.amountCentavos },
  })
}

type Read = Asked | { is: 'left'; refund: store.RefundRow; amount: Centavos }

async function send(deps: Deps, refund: store.RefundRow): Promise<Read> {
  const answer = await deps.payments.refund({ paymentId: refund.paymentId, amount: refund.amountCentavos, key: refundKey(refund) })
  if (answer.ok && answer.value.state === 'approved') return { is: 'made', refund: { ...refund, providerRefundId: answer.value.refundId } }
  if (answer.ok) return readBack(deps, { ...refund, providerRefundId: answer.value.refundId })
  if (answer.reason === 'refused') return readBack(deps, refund)
  return { is: 'later', refund, reason: answer.reason, retryAfterMs: answer.detail?.retryAfterMs }
}

/** The first request has no number: its key is the same as before requests were counted. */
const refundKey = ({ id, generation }: store.RefundRow) => (generation === 0 ? `refund:${id}` : `refund:${id}:${generation}`)

/** How it stands by the payment itself, which knows what every hand has given back. */
async function readBack(deps: Deps, refund: store.RefundRow): Promise<Read> {
  const [payment, refunds] = await Promise.all([deps.payments.getPayment(refund.paymentId), deps.payments.listRefunds(refund.paymentId)])
  if (!payment.ok || !refunds.ok) {
    const failed = payment.ok ? refunds : payment
    if (failed.ok || failed.reason === 'unknown') return { is: 'refused', refund }
    return { is: 'later', refund, reason: 'unavailable', retryAfterMs: failed.detail?.retryAfterMs }
  }
  const standing = refundStanding(refund, payment.value, refunds.value)
  if (standing === 'returned') return { is: 'made', refund }
  if (standing === 'in-process' || standing === 'in-dispute') return { is: 'later', refund, reason: standing }
  return standing === 'not-refundable' ? { is: 'refused', refund } : { is: 'left', refund, amount: standing }
}

/**
 * What the provider's payment says about a refund that was asked for: the money is back; it is on its way (ours, or one by another hand, whose
 * end decides what is left); a claim keeps it, until it is decided; it cannot go back; or how much is left to ask for, never more than was asked.
 */
export function refundStanding(
  refund: Pick<store.RefundRow, 'amountCentavos' | 'providerRefundId'>,
  payment: ProviderPayment,
  refunds: readonly ProviderRefund[],
): 'returned' | 'in-process' | 'in-dispute' | 'not-refundable' | Centavos {
  const ours = refunds.find(({ id }) => id === refund.providerRefundId)
  if (payment.status === 'refunded' || ours?.state === 'approved') return 'returned'
  const isHeardOf = refund.providerRefundId === null || ours !== undefined
  if (!isHeardOf || refunds.some(({ state }) => state === 'in_process')) return 'in-process'
  if (payment.status === 'in_mediation') return 'in-dispute'
  if (payment.status !== 'approved' || payment.amount === null) return 'not-refundable'
  const made = refunds.filter(({ state }) => state === 'approved').reduce((sum, { amount }) => sum + amount, 0)
  const left = payment.amount - Math.max(made, payment.refundedAmount)
  return left > 0 ? Math.min(left, refund.amountCentavos) : 'returned'
}
