import type { AttentionReason } from '../../src/db/tables.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import type { PaidMoney } from './books.ts'
import type { Breach } from './invariants.ts'

/** What a person is told about money. Anything else on the list of cases does not answer for any. */
const MONEY_REASONS = [
  'amount_mismatch',
  'currency_mismatch',
  'reference_mismatch',
  'unknown_preference',
  'no_valid_hold',
  'surplus_payment',
  'refund_failed',
  'charged_back',
  'in_mediation',
  'paid_without_class',
  'settlement_failed',
  'unknown_payment',
  'payment_differs',
  'money_unaccounted',
  'refund_unknown',
] as const satisfies readonly AttentionReason[]
/** The same, for SQL. */
export const MONEY_CASES = `(${MONEY_REASONS.map((reason) => `'${reason}'`).join(', ')})`

export interface OrderRow extends Record<string, unknown> {
  id: string
  preference: string | null
  status: string
  amount: number
  refunded: number
  class: string | null
  /** When the class begins. */
  starts: Date | null
  /** A case about its money is open. */
  flagged: boolean
}

/** What the provider has of an order, against what became of it (5, 12). `toldElsewhere`: payments for which another order answers. */
export function judgeOrder(order: OrderRow, all: readonly PaidMoney[], toldElsewhere: ReadonlySet<string>): Breach[] {
  const found: Breach[] = []
  const payments = all.filter((payment) => isOf(payment, order))
  const kept = payments.filter(({ status }) => status === 'approved')
  const pesos = kept
    .filter(({ id }) => !toldElsewhere.has(String(id)))
    .reduce((sum, payment) => sum + payment.amount - returnedOf(payment), 0)
  const has = order.class === 'scheduled' || order.class === 'completed'
  const unanswered = pesos - (has ? order.amount / 100 : 0)
  if (unanswered > 0 && !order.flagged)
    found.push(
      breach(
        'silent',
        `${kept.length} payments kept for order ${order.id}, class ${order.class} (5)`,
        Math.max(kept.length, 1),
        unanswered,
      ),
    )
  const keptHere = kept.filter(({ id }) => !toldElsewhere.has(String(id)))
  if (order.status === 'refunded' && keptHere.length > 0)
    found.push(breach('money', `order ${order.id} is refunded, ${keptHere.length} payments are not (12)`, keptHere.length, pesos))
  if (order.status === 'approved' && kept.length === 0 && !order.flagged)
    found.push(breach('money', `order ${order.id} is approved, and nothing is kept (5)`, 1, order.amount / 100))
  if (order.status === 'refunded' && order.class === 'scheduled')
    found.push(breach('money', `order ${order.id} is refunded, and its class goes on (4)`, 1, order.amount / 100))
  if (order.class === 'completed' && wasGone(order, payments))
    found.push(breach('money', `order ${order.id} was given back before its class, which took place (W27)`, 1, order.amount / 100))
  return [...found, ...payments.flatMap(judgeRefunds)]
}

/** A notification may be lost; then the daily look finds it (behaviour 7), and in a drill the clock goes on by half a day at once. */
const NOTICED_WITHIN_MS = 37 * HOUR_MS

/** Everything that was paid for the class was away again so long before its start that it was known. */
function wasGone({ starts }: OrderRow, payments: readonly PaidMoney[]): boolean {
  const cameIn = payments.filter(({ status, goneAt }) => goneAt !== null || status === 'approved' || status === 'in_mediation')
  const last = Math.max(...cameIn.map(({ goneAt }) => (goneAt === null ? Number.POSITIVE_INFINITY : Date.parse(goneAt))))
  return cameIn.length > 0 && starts !== null && last + NOTICED_WITHIN_MS < starts.getTime()
}

/**
 * No peso goes back twice: what is back or on its way is never more than was paid, and one request of ours at most became money. One that came to
 * nothing is asked for anew (decision 043), and what was given back by hand is for us to leave out.
 */
function judgeRefunds({ id, amount, refunds }: PaidMoney): Breach[] {
  const lasting = refunds.filter(({ status }) => status !== 'rejected')
  const promised = lasting.reduce((sum, refund) => sum + refund.amount, 0)
  const ours = lasting.filter(({ byHand }) => !byHand).length
  if (ours <= 1 && promised <= amount) return []
  const what = `payment ${id} of ${amount} goes back ${lasting.length} times, ${ours} of them ours, ${promised} in all (12)`
  return [breach('money', what, 1, Math.max(promised - amount, 0))]
}

/** By our reference; one that came without any is known by the preference that it was made with, as the product knows it (4.3 W18). */
function isOf({ externalReference, preferenceId }: PaidMoney, { id, preference }: Pick<OrderRow, 'id' | 'preference'>): boolean {
  return externalReference === id || (externalReference === null && preferenceId === preference)
}

function returnedOf({ refunds }: PaidMoney): number {
  return refunds.filter(({ status }) => status === 'approved').reduce((sum, refund) => sum + refund.amount, 0)
}

/** Money that names no order of ours is on the admin's list or has gone back. */
export function judgeStrays(payments: readonly PaidMoney[], orders: readonly OrderRow[], told: ReadonlySet<string>): Breach[] {
  return payments
    .filter((payment) => payment.status === 'approved' && !orders.some((order) => isOf(payment, order)))
    .filter(({ id }) => !told.has(String(id)))
    .map((payment) =>
      breach('silent', `payment ${payment.id} names no order of ours, and nobody was told (5)`, 1, payment.amount - returnedOf(payment)),
    )
}

function breach(kind: Breach['kind'], what: string, count = 1, pesos = 0): Breach {
  return { kind, what, count, pesos }
}
