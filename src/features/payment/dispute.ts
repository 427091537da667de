import type { AttentionReason, ProviderPaymentRow } from '../../db/tables.ts'

/** Something about money that a person has to look at. */
export interface MoneyCase {
  subject: 'order' | 'payment'
  subjectId: string
  reason: AttentionReason
  detail: string
}

type EndedCase = Pick<MoneyCase, 'subject' | 'subjectId' | 'reason'>
type Disputed = Pick<ProviderPaymentRow, 'id' | 'status' | 'amountCentavos'>

/**
 * A buyer's claim freezes money that came in, a charge-back takes it: both need a person, and neither is answered with a refund of ours.
 * That holds for every payment of the order, also for one that fits nothing. A check of a card moves no money.
 */
export function disputeCases(orderId: string | null, payments: readonly Disputed[], primaryIds: ReadonlySet<string>): MoneyCase[] {
  const where = orderId ? `de la orden ${orderId}` : 'sin orden nuestra'
  return payments.flatMap(({ id, status, amountCentavos }): MoneyCase[] => {
    if (amountCentavos === 0) return []
    if (status === 'in_mediation')
      return [{ subject: 'payment', subjectId: id, reason: 'in_mediation', detail: `Reclamo del pago ${id} ${where}` }]
    if (status !== 'charged_back') return []
    if (orderId && primaryIds.has(id))
      return [{ subject: 'order', subjectId: orderId, reason: 'charged_back', detail: `Contracargo del pago ${id}` }]
    return [{ subject: 'payment', subjectId: id, reason: 'charged_back', detail: `Contracargo del pago ${id} ${where}` }]
  })
}

/** What a person is told of money that belongs to no order. */
export function orphanCases(payment: Disputed): MoneyCase[] {
  const { id, status } = payment
  if (status === 'approved')
    return [{ subject: 'payment', subjectId: id, reason: 'unknown_preference', detail: `Pago ${id} sin orden nuestra` }]
  return disputeCases(null, [payment], new Set())
}

/**
 * The cases that say no more than that a dispute goes on, once it does not: a claim is over with whatever comes after it, a charge-back only
 * when the money is back with us or went back to the buyer. One that was lost stays, because somebody has to answer for it.
 */
export function endedDisputes(
  orderId: string | null,
  payments: readonly Pick<Disputed, 'id' | 'status'>[],
  roles: readonly { paymentId: string; role: 'primary' | 'surplus' }[],
): EndedCase[] {
  const isReversed = ({ status }: Pick<Disputed, 'status'>) => status === 'approved' || status === 'refunded'
  const ended: EndedCase[] = []
  for (const payment of payments) {
    if (payment.status !== 'in_mediation') ended.push({ subject: 'payment', subjectId: payment.id, reason: 'in_mediation' })
    if (isReversed(payment)) ended.push({ subject: 'payment', subjectId: payment.id, reason: 'charged_back' })
  }
  const primaryIds = new Set(roles.filter(({ role }) => role === 'primary').map(({ paymentId }) => paymentId))
  const primaries = payments.filter(({ id }) => primaryIds.has(id))
  if (orderId && primaries.length > 0 && primaries.every(isReversed))
    ended.push({ subject: 'order', subjectId: orderId, reason: 'charged_back' })
  return ended
}
