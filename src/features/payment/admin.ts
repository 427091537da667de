import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { audit } from '../operation/attention.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { lockClass } from '../virtual-class/store.ts'
import { refundOrder, requestRefund, sendRefund } from './refund.ts'
import * as store from './store.ts'

export type AdminRefundRefusal = 'unknown-payment' | 'not-approved' | 'provider-failed' | 'provider-refused'

export const ADMIN_REFUND_STATUS = {
  'unknown-payment': 404,
  'not-approved': 409,
  'provider-failed': 503,
  'provider-refused': 503,
} as const satisfies Record<AdminRefundRefusal, number>

export const ADMIN_REFUND_TEXT = {
  'unknown-payment': 'No se encontró el pago',
  'not-approved': 'El pago no está aprobado',
  'provider-failed': 'No se pudo reembolsar. Se va a reintentar.',
  'provider-refused': 'Mercado Pago rechazó el reembolso. Revisalo ahí: no se va a reintentar solo.',
} as const satisfies Record<AdminRefundRefusal, string>

/** `in-process`: Mercado Pago has accepted the refund and works on it; its end is read back (decision 043). */
export type AdminRefund = 'made' | 'in-process'

/** Full refund of an order by the admin; a class that has not started is cancelled with it (behaviour 4.16). */
export async function refundOrderAsAdmin(deps: Deps, orderId: string, actorId: string): Promise<Outcome<AdminRefund, AdminRefundRefusal>> {
  const prepared = await deps.db.transaction(async (tx): Promise<Outcome<null, AdminRefundRefusal>> => {
    const now = deps.clock.now()
    const order = await store.lockOrder(tx, orderId)
    if (!order) return refuse('unknown-payment')
    if (order.status === 'refunded') return succeed(null)
    if (order.status !== 'approved') return refuse('not-approved')
    const virtualClass = order.classId ? await lockClass(tx, order.classId) : null
    // In dispute, or gone by a charge-back: there is nothing that could be given back, and the class is not to pay for that.
    if (!(await refundOrder(deps, tx, order, 'admin_refund', actorId))) return refuse('not-approved')
    const live = virtualClass?.status === 'pending' || virtualClass?.status === 'scheduled'
    if (virtualClass && live && now < virtualClass.startsAt) {
      await cancelLocked(deps, tx, virtualClass, order, { reason: 'payment_refunded', byId: actorId, refund: 'full' })
    }
    await audit(deps, tx, { actorId, action: 'payment.refund', subject: 'order', subjectId: orderId })
    return succeed(null)
  })
  return prepared.ok
    ? sendNow(
        deps,
        (await store.refundsOfOrder(deps.db.handle, orderId)).map((refund) => refund.id),
      )
    : prepared
}

/** Gives back one payment that pays nothing: an orphan, or one whose amount does not fit. */
export async function refundPaymentAsAdmin(
  deps: Deps,
  paymentId: string,
  actorId: string,
): Promise<Outcome<AdminRefund, AdminRefundRefusal>> {
  const prepared = await deps.db.transaction(async (tx): Promise<Outcome<null, AdminRefundRefusal>> => {
    const known = await store.findPayment(tx, paymentId)
    // Its other half may arrive at this moment and make it pay a class: what it is counts once its order is locked.
    if (known?.orderId) await store.lockOrder(tx, known.orderId)
    const payment = known ? await store.findPayment(tx, paymentId) : null
    if (!payment) return refuse('unknown-payment')
    if (payment.status === 'refunded') return succeed(null)
    const amount = (payment.amountCentavos ?? 0) - payment.refundedCentavos
    if (payment.status !== 'approved' || payment.role === 'primary' || amount <= 0) return refuse('not-approved')
    await requestRefund(deps, tx, { paymentId, orderId: payment.orderId, amount, reason: 'admin_refund' }, actorId)
    await audit(deps, tx, { actorId, action: 'payment.refund', subject: 'payment', subjectId: paymentId })
    return succeed(null)
  })
  if (!prepared.ok) return prepared
  const refund = await store.findRefundOfPayment(deps.db.handle, paymentId)
  return sendNow(deps, refund ? [refund.id] : [])
}

/** Tries at once, so that the admin sees the result; what fails is tried again by its job, what is refused for good only by hand. */
async function sendNow(deps: Deps, refundIds: readonly string[]): Promise<Outcome<AdminRefund, AdminRefundRefusal>> {
  let refund: AdminRefund = 'made'
  for (const refundId of refundIds) {
    const result = await sendRefund(deps, refundId, true)
    if (result === 'failed' || result === 'later') return refuse(result === 'failed' ? 'provider-refused' : 'provider-failed')
    if (result === 'in-process') refund = result
  }
  return succeed(refund)
}
