import type { CancelReason, ClassStatus, PaymentStatus, StatementDifference } from '../../db/tables.ts'
import { FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { type Centavos, CURRENCY, formatMoney } from '../../kernel/money.ts'

/** A payment with what became of it, as far as the statement needs it. */
export interface StatedPayment {
  id: string
  orderId: string | null
  status: string
  amount: Centavos
  refunded: Centavos
  currency: string
  collectorId: string
  approvedAt: Date | null
  role: 'primary' | 'surplus' | 'orphan' | null
  /** Our refund of it; null when none was asked for. */
  refundState: 'requested' | 'sent' | 'approved' | 'failed' | null
  /** A person has it before them, or has judged it: a case about the payment, its order or its refund. One about the class is about no money. */
  hasCase: boolean
  orderStatus: PaymentStatus | null
  orderEndsAt: Date | null
  classStatus: ClassStatus | null
  classPaid: boolean
  cancelReason: CancelReason | null
}

/** The provider's view of one payment; null when it says that there is none. */
export type ProviderView = {
  id: string
  status: string
  amount: Centavos
  refunded: Centavos
  currency: string
  collectorId: string
  operationType: string
  approvedAt: Date | null
}

/** Every approved peso is exactly one of these; `unaccounted` is what must not exist. */
export type Category = 'classes' | 'credits' | 'refunds' | 'cases' | 'unaccounted'

export type Sums = Record<Category, Centavos> & {
  payments: number
  approved: Centavos
  providerPayments: number
  providerApproved: Centavos
}

export interface StatementFacts {
  /** [from, to): the Argentine day. */
  from: Date
  to: Date
  /** Our account at the provider. */
  collectorId: string
  now: Date
  /** Ours: approved within the day, given back within it, or told by the provider. */
  ours: readonly StatedPayment[]
  /** What the provider says of all of them, and of every payment that it lists for the day. */
  theirs: ReadonlyMap<string, ProviderView | null>
}

/** So many days that cannot be read are not about a day: the provider is away as a whole, and later days wait for it. */
export const UNREAD_DAYS_MAX = 7

/** Whether a person is told that a day could not be read: at once when asking again is of no use, else after as many failures as everywhere. */
export function isUnreadTold({ failures, lastError }: { failures: number; lastError: string | null }): boolean {
  return failures >= FAILURES_UNTIL_ALARM || lastError !== 'unavailable'
}

/**
 * Whether the days after those that cannot be read wait for them. They do while a day may just be late, so that days are made in order; once a person is told
 * they go on, because one day (a single payment in it that nobody can read) must not stop all that follow.
 */
export function doLaterDaysWait(unread: readonly { failures: number; lastError: string | null }[]): boolean {
  return unread.length >= UNREAD_DAYS_MAX || unread.some((day) => !isUnreadTold(day))
}

const MONEY_IN = ['approved', 'in_mediation', 'refunded', 'charged_back']
const REGULAR = 'regular_payment'

/**
 * The statement of one day: where the money stands that was approved on it, by our rows and by the provider's, and every point on which the
 * two differ. Pure: the same facts make the same statement, differences in the order of the payments' numbers.
 */
export function state(facts: StatementFacts): { sums: Sums; differences: StatementDifference[] } {
  const sums: Sums = {
    classes: 0,
    credits: 0,
    refunds: 0,
    cases: 0,
    unaccounted: 0,
    payments: 0,
    approved: 0,
    providerPayments: 0,
    providerApproved: 0,
  }
  const differences: StatementDifference[] = []
  const known = new Map(facts.ours.map((payment) => [payment.id, payment]))
  for (const payment of facts.ours) {
    if (isOfTheDay(facts, payment)) differences.push(...addOurs(facts, payment, sums))
    const view = facts.theirs.get(payment.id)
    if (view !== undefined) differences.push(...compare(payment, view))
  }
  for (const view of facts.theirs.values()) {
    if (!view) continue
    const ours = known.get(view.id)
    if (!ours && view.operationType !== REGULAR) continue
    if (isOfTheDay(facts, view)) {
      sums.providerPayments += 1
      sums.providerApproved += view.amount
    }
    if (!ours && isMoneyOfOurs(facts, view)) differences.push(unknownPayment(view))
  }
  return { sums, differences: differences.sort((a, b) => order(a.paymentId, b.paymentId) || order(a.kind, b.kind)) }
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Money in pesos that came into our account. A check of a card moves none. */
function isMoneyOfOurs(facts: StatementFacts, payment: Pick<ProviderView, 'status' | 'amount' | 'currency' | 'collectorId'>): boolean {
  return (
    MONEY_IN.includes(payment.status) && payment.amount > 0 && payment.currency === CURRENCY && payment.collectorId === facts.collectorId
  )
}

function isOfTheDay(
  facts: StatementFacts,
  payment: Pick<ProviderView, 'status' | 'amount' | 'currency' | 'collectorId' | 'approvedAt'>,
): boolean {
  const { approvedAt } = payment
  return isMoneyOfOurs(facts, payment) && approvedAt !== null && approvedAt >= facts.from && approvedAt < facts.to
}

function addOurs(facts: StatementFacts, payment: StatedPayment, sums: Sums): StatementDifference[] {
  const back = payment.status === 'refunded' ? payment.amount : payment.refunded
  const rest = payment.amount - back
  const category = categoryOf(payment, facts.now)
  sums.payments += 1
  sums.approved += payment.amount
  sums.refunds += back
  sums[category] += rest
  if (category !== 'unaccounted' || rest === 0) return []
  const detail = `${formatMoney(rest)} sin clase, reembolso ni caso abierto`
  return [{ kind: 'money_unaccounted', paymentId: payment.id, orderId: payment.orderId, detail }]
}

/**
 * What the money that has not gone back stands for. On its way back is a refund; one that failed for good is a case. A class that its host
 * cancelled too late for a refund was given all the same. Paid, and the booking still to be made: a credit of the buyer (D17a).
 */
function categoryOf(payment: StatedPayment, now: Date): Category {
  if (payment.refundState === 'requested' || payment.refundState === 'sent') return 'refunds'
  if (payment.status === 'approved' && payment.role === 'primary' && payment.refundState === null) {
    if (isGiven(payment)) return 'classes'
    const awaitsBooking = payment.classStatus === null && payment.orderStatus === 'approved' && payment.orderEndsAt !== null
    if (awaitsBooking && payment.orderEndsAt && payment.orderEndsAt > now) return 'credits'
  }
  return payment.hasCase ? 'cases' : 'unaccounted'
}

function isGiven({ classStatus, classPaid, cancelReason }: StatedPayment): boolean {
  if (!classPaid) return false
  return classStatus === 'pending' || classStatus === 'scheduled' || classStatus === 'completed' || cancelReason === 'host_cancelled'
}

/** The two sides on one payment. Ours may lag: that is what the cure is for. */
function compare(payment: StatedPayment, view: ProviderView | null): StatementDifference[] {
  const about = { paymentId: payment.id, orderId: payment.orderId }
  if (!view) return [{ kind: 'payment_differs', ...about, detail: 'Mercado Pago no conoce este pago' }]
  if (payment.refundState === 'approved' && view.refunded < payment.refunded) {
    const detail = `Reembolsado acá: ${formatMoney(payment.refunded)}; en Mercado Pago: ${formatMoney(view.refunded)}`
    return [{ kind: 'refund_unknown', ...about, detail }]
  }
  const said = (side: Pick<ProviderView, 'status' | 'amount' | 'refunded' | 'currency'>) =>
    `${side.status} ${side.currency} ${formatMoney(side.amount)}${side.refunded > 0 ? `, devuelto ${formatMoney(side.refunded)}` : ''}`
  if (said(payment) !== said(view)) {
    return [{ kind: 'payment_differs', ...about, detail: `Acá: ${said(payment)}; en Mercado Pago: ${said(view)}` }]
  }
  if (!view.approvedAt || payment.approvedAt?.getTime() === view.approvedAt.getTime()) return []
  const when = (at: Date | null) => at?.toISOString() ?? 'nunca'
  return [
    { kind: 'payment_differs', ...about, detail: `Aprobado acá: ${when(payment.approvedAt)}; en Mercado Pago: ${when(view.approvedAt)}` },
  ]
}

function unknownPayment(view: ProviderView): StatementDifference {
  const detail = `Mercado Pago tiene un pago ${view.status} de ${formatMoney(view.amount)} que no está acá`
  return { kind: 'unknown_payment', paymentId: view.id, orderId: null, detail }
}
