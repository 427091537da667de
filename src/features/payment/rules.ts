import type { AttentionReason, CancelReason, ClassStatus, PaymentStatus, ProviderPaymentRow } from '../../db/tables.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type Centavos, CURRENCY } from '../../kernel/money.ts'
import { REVIVE_NOTICE_MS } from '../virtual-class/rules.ts'
import { disputeCases, type MoneyCase } from './dispute.ts'

export interface SettledOrder {
  id: string
  status: PaymentStatus
  amountCentavos: Centavos
  expiresAt: Date
}

export interface SettledClass {
  status: ClassStatus
  cancelReason: CancelReason | null
  holdExpiresAt: Date | null
  paidAt: Date | null
  startsAt: Date
  /** Cancelled, and its money is promised back. */
  refundOwed: boolean
}

export type SettledPayment = Pick<
  ProviderPaymentRow,
  | 'id'
  | 'status'
  | 'amountCentavos'
  | 'refundedCentavos'
  | 'currency'
  | 'collectorId'
  | 'externalReference'
  | 'operationType'
  | 'approvedAt'
  | 'role'
>

const REGULAR = 'regular_payment'
/** An attempt that ended so never becomes money; the next one has a number of its own (mercado-pago.md 2.8). */
export const FAILED_FOR_GOOD: readonly string[] = ['rejected', 'cancelled']

/** A class that was cancelled gives its own reason. */
export type RefundReason = 'no_valid_hold' | 'surplus_payment' | CancelReason

/** What becomes of the class. `revive` is an attempt: the slot may have been taken, and then the money goes back. */
export type ClassStep =
  | { step: 'keep' }
  | { step: 'confirm' }
  | { step: 'revive' }
  | { step: 'release'; reason: 'hold_expired' | 'payment_rejected' }
  | { step: 'cancel'; reason: 'payment_refunded' }

export interface Settlement {
  status: PaymentStatus
  approvedAt: Date | null
  refundedCentavos: Centavos
  roles: { paymentId: string; role: 'primary' | 'surplus' }[]
  refunds: { paymentId: string; amount: Centavos; reason: RefundReason }[]
  cases: MoneyCase[]
  classStep: ClassStep
}

export interface SettleFacts {
  order: SettledOrder
  bookedClass: SettledClass | null
  payments: readonly SettledPayment[]
  /** Payments whose refund was asked for: that money is on its way out and buys nothing any more. */
  leaving: ReadonlySet<string>
  /** Our account at the provider. */
  collectorId: string
  now: Date
}

/**
 * The one decision about money and class, from everything the provider has said so far. Pure and idempotent: the same facts give the
 * same settlement, whichever of notification, return page and payment check asked, and in whatever order (behaviour 4.3, D7b, D17a).
 */
export function settle(facts: SettleFacts): Settlement {
  const { order, bookedClass, payments, leaving, now } = facts
  const result: Settlement = {
    status: order.status,
    approvedAt: null,
    refundedCentavos: 0,
    roles: [],
    refunds: [],
    cases: [],
    classStep: { step: 'keep' },
  }
  const ours = payments.filter((payment) => isOurs(facts, payment, result))
  const primaries = choosePrimaries(order, ours, leaving)
  const primaryIds = new Set(primaries.map((payment) => payment.id))
  result.cases.push(...disputeCases(order.id, payments, primaryIds))

  if (primaries.length === 0) {
    // Never by what is decided here: whoever or whatever did that, the class is not given for nothing in silence.
    if (order.status === 'approved' && bookedClass && isLive(bookedClass))
      result.cases.push({ subject: 'order', subjectId: order.id, reason: 'payment_differs', detail: 'Ningún pago paga esta clase' })
    for (const payment of ours)
      if (payment.status === 'approved' && !leaving.has(payment.id)) addCase(result, order, payment, 'amount_mismatch')
    // Nothing pays the order yet. A rejection is only a state of the order; the hold goes on until its end (D7c).
    const rejected = ours.length > 0 && ours.every((payment) => FAILED_FOR_GOOD.includes(payment.status))
    if (order.status === 'pending' || order.status === 'rejected') result.status = rejected ? 'rejected' : 'pending'
    if (isHoldOver(bookedClass, now)) {
      const anyRejected = ours.some((payment) => payment.status === 'rejected')
      result.classStep = { step: 'release', reason: anyRejected ? 'payment_rejected' : 'hold_expired' }
    }
    return result
  }

  result.approvedAt =
    primaries.reduce<Date | null>(
      (latest, { approvedAt }) => (!latest || (approvedAt && approvedAt > latest) ? approvedAt : latest),
      null,
    ) ?? now
  result.refundedCentavos = primaries.reduce((sum, payment) => sum + returned(payment), 0)
  result.roles = primaries.map((payment) => ({ paymentId: payment.id, role: 'primary' as const }))
  for (const payment of ours) {
    if (payment.status !== 'approved' || primaryIds.has(payment.id)) continue
    result.roles.push({ paymentId: payment.id, role: 'surplus' })
    if (!leaving.has(payment.id)) addRefund(result, payment, 'surplus_payment')
  }

  const chargedBack = primaries.some((payment) => payment.status === 'charged_back')
  if (chargedBack || result.refundedCentavos >= order.amountCentavos) {
    result.status = result.refundedCentavos >= order.amountCentavos ? 'refunded' : 'approved'
    if (bookedClass && isLive(bookedClass) && now < bookedClass.startsAt) result.classStep = { step: 'cancel', reason: 'payment_refunded' }
    return result
  }

  result.status = 'approved'
  if (bookedClass?.status === 'cancelled' && bookedClass.refundOwed) {
    // Promised when the class was cancelled; a claim or a lost request may have kept it from being asked for until now.
    for (const payment of primaries)
      if (!leaving.has(payment.id)) addRefund(result, payment, bookedClass.cancelReason ?? 'payment_refunded')
    return result
  }
  if (primaries.some((payment) => leaving.has(payment.id))) return result
  if (bookedClass?.cancelReason === 'payment_refunded') {
    // A charge-back was decided for us: the money is back, the class is not, and only a person can offer another one.
    result.cases.push({
      subject: 'order',
      subjectId: order.id,
      reason: 'paid_without_class',
      detail: 'El pago volvió y la clase ya estaba cancelada',
    })
    return result
  }
  result.classStep = placeForMoney(bookedClass, now)
  if (result.classStep.step === 'keep' && isWithoutClass(order, bookedClass, now)) {
    for (const payment of primaries) addRefund(result, payment, 'no_valid_hold')
  }
  return result
}

/** Whether paid money finds its class: confirmed, revived, or `keep` when it is settled already or there is none. */
function placeForMoney(bookedClass: SettledClass | null, now: Date): ClassStep {
  if (!bookedClass) return { step: 'keep' }
  if (bookedClass.status === 'pending' && !bookedClass.paidAt) return { step: 'confirm' }
  return canRevive(bookedClass, now) ? { step: 'revive' } : { step: 'keep' }
}

/** Paid, and nothing to give for it: no booking in time, or a hold that cannot come back (D7b, D17a). A class cancelled after it was paid has its own refund rule. */
function isWithoutClass(order: SettledOrder, bookedClass: SettledClass | null, now: Date): boolean {
  if (!bookedClass) return now >= order.expiresAt
  return bookedClass.status === 'cancelled' && !bookedClass.paidAt && !canRevive(bookedClass, now)
}

/** A released hold that money may bring back (D7b): never one that its host gave up. */
export function canRevive(bookedClass: Pick<SettledClass, 'status' | 'cancelReason' | 'startsAt'>, now: Date): boolean {
  const released = bookedClass.cancelReason === 'hold_expired' || bookedClass.cancelReason === 'payment_rejected'
  return bookedClass.status === 'cancelled' && released && bookedClass.startsAt.getTime() - now.getTime() >= REVIVE_NOTICE_MS
}

/**
 * Our order, our account, pesos, an amount. What does not fit is never matched; when money is in it, a person is told (W14, W15, W18).
 * A check of a card moves no money and is nothing to anybody.
 */
function isOurs({ order, collectorId, leaving }: SettleFacts, payment: SettledPayment, result: Settlement): boolean {
  if (payment.operationType !== REGULAR && !payment.amountCentavos) return false
  const mismatch = mismatchOf(order, payment, collectorId)
  if (!mismatch) return true
  if (payment.status === 'approved' && !leaving.has(payment.id)) addCase(result, order, payment, mismatch)
  return false
}

function mismatchOf(order: SettledOrder, payment: SettledPayment, collectorId: string): AttentionReason | null {
  if (payment.externalReference !== null && payment.externalReference !== order.id) return 'reference_mismatch'
  if (payment.collectorId !== collectorId || payment.operationType !== REGULAR) return 'reference_mismatch'
  if (payment.currency !== CURRENCY) return 'currency_mismatch'
  return payment.amountCentavos === null ? 'amount_mismatch' : null
}

function addCase(result: Settlement, order: SettledOrder, payment: SettledPayment, reason: AttentionReason): void {
  result.cases.push({ subject: 'payment', subjectId: payment.id, reason, detail: `Pago ${payment.id} de la orden ${order.id}` })
}

/** More parts than this are never looked for: two payment methods make two. */
const PARTS_AMONG_MAX = 10

/**
 * The payments that pay this order: those chosen before stay chosen. Otherwise money is taken in the order in which it was approved, until
 * one payment is exactly the price or approved parts add up to it (two payment methods, mercado-pago.md 7.5), so that the choice is the
 * same whether the payments are heard of one by one or all at once.
 */
function choosePrimaries(order: SettledOrder, ours: readonly SettledPayment[], leaving: ReadonlySet<string>): SettledPayment[] {
  const before = ours.filter((payment) => payment.role === 'primary')
  if (before.length > 0) return before
  const arrived = ours
    .filter((payment) => isMoneyIn(payment) && payment.role !== 'surplus' && !leaving.has(payment.id))
    .sort((a, b) => (a.approvedAt?.getTime() ?? 0) - (b.approvedAt?.getTime() ?? 0) || (a.id < b.id ? -1 : 1))
  for (const [index, newest] of arrived.entries()) {
    const earlier = arrived.slice(Math.max(0, index - PARTS_AMONG_MAX), index)
    const parts = partsAddingUpTo(order.amountCentavos - (newest.amountCentavos ?? 0), earlier)
    if (parts) return [...parts, newest]
  }
  return []
}

/** The first of the given payments, in their order, that make exactly `sum`; null when none do. */
function partsAddingUpTo(sum: Centavos, among: readonly SettledPayment[]): SettledPayment[] | null {
  if (sum === 0) return []
  const [first, ...others] = among
  if (sum < 0 || !first) return null
  const withFirst = partsAddingUpTo(sum - (first.amountCentavos ?? 0), others)
  return withFirst ? [first, ...withFirst] : partsAddingUpTo(sum, others)
}

/** Money that came in, also when some or all of it has gone out again. */
function isMoneyIn(payment: SettledPayment): boolean {
  return ['approved', 'in_mediation', 'refunded', 'charged_back'].includes(payment.status)
}

/** What went back of one payment. A payment the provider calls refunded went back whole. */
function returned(payment: SettledPayment): Centavos {
  return payment.status === 'refunded' ? (payment.amountCentavos ?? 0) : payment.refundedCentavos
}

function addRefund(result: Settlement, payment: SettledPayment, reason: RefundReason): void {
  const amount = (payment.amountCentavos ?? 0) - payment.refundedCentavos
  if (payment.status === 'approved' && amount > 0) result.refunds.push({ paymentId: payment.id, amount, reason })
}

function isLive(bookedClass: SettledClass): boolean {
  return bookedClass.status === 'pending' || bookedClass.status === 'scheduled'
}

function isHoldOver(bookedClass: SettledClass | null, now: Date): boolean {
  return (
    bookedClass !== null &&
    bookedClass.status === 'pending' &&
    !bookedClass.paidAt &&
    bookedClass.holdExpiresAt !== null &&
    bookedClass.holdExpiresAt <= now
  )
}

/** A hold is released without the provider's word after this much silence (behaviour D7a). */
export const SILENCE_MAX_MS = 30 * MINUTE_MS
/** While the provider is silent at the end of a hold, it is asked again this often. */
const SILENT_HOLD_RETRY_MS = 30_000
const SILENT_RETRY_MS = 5 * MINUTE_MS

const LADDER_MINUTES = [1, 3, 8, 15]
const HOURLY_FOR_HOURS = 48
const APPROVED_WATCHED_MS = 30 * DAY_MS

export interface CheckedOrder {
  createdAt: Date
  expiresAt: Date
  status: PaymentStatus
  approvedAt: Date | null
  classId?: string | null
  classStartsAt?: Date | null
}

/**
 * When to ask the provider next (behaviour 7, "Payment check"): at +1, +3, +8 and +15 minutes, at the end of the hold, then hourly for 48 hours;
 * an approved order daily until 30 days after its payment and after its class, because refunds and charge-backs also happen outside. Paid without a booking: at the preference's
 * expiry, when the money goes back (D17a). Null: never again.
 */
export function nextCheck(order: CheckedOrder, now: Date): Date | null {
  if (order.status === 'refunded') return null
  if (order.status === 'approved') {
    if (order.classId === null && order.expiresAt > now) return order.expiresAt
    const since = [order.approvedAt ?? order.createdAt, order.classStartsAt ?? order.createdAt]
    const until = plus(new Date(Math.max(...since.map((date) => date.getTime()))), APPROVED_WATCHED_MS)
    const next = plus(now, DAY_MS)
    return next <= until ? next : null
  }
  const steps = [...LADDER_MINUTES.map((minutes) => plus(order.createdAt, minutes * MINUTE_MS)), order.expiresAt]
    .filter((step) => step > now && step <= order.expiresAt)
    .sort((a, b) => a.getTime() - b.getTime())
  if (steps[0]) return steps[0]
  const hours = Math.floor((now.getTime() - order.expiresAt.getTime()) / HOUR_MS) + 1
  return hours <= HOURLY_FOR_HOURS ? plus(order.expiresAt, hours * HOUR_MS) : null
}

/**
 * When to ask a provider again that did not answer: often while a hold waits for its word, never later than the end of the hold, but not before
 * it asked us to (`retryAfterMs`, at most an hour). The silence after which a hold ends is not prolonged by that.
 */
export function nextCheckAfterSilence(order: Pick<CheckedOrder, 'expiresAt'>, holdEnd: Date | null, now: Date, retryAfterMs = 0): Date {
  const asked = plus(now, Math.min(retryAfterMs, HOUR_MS))
  if (holdEnd && holdEnd <= now) {
    const next = later(plus(now, SILENT_HOLD_RETRY_MS), asked)
    const released = plus(holdEnd, SILENCE_MAX_MS)
    return released > now && released < next ? released : next
  }
  const next = plus(now, SILENT_RETRY_MS)
  return later(order.expiresAt > now && order.expiresAt < next ? order.expiresAt : next, asked)
}

const later = (a: Date, b: Date): Date => (a > b ? a : b)
