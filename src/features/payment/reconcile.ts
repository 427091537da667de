import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { announceAttempts } from '../notice/payment.ts'
import { audit, type CaseMatch, closeCases, openCase } from '../operation/attention.ts'
import { lockClass } from '../virtual-class/store.ts'
import { closePreferenceJob } from './close-preference.ts'
import { endedDisputes } from './dispute.ts'
import { carryOutClassStep, isTeacherFree, releaseHold } from './place.ts'
import type { ProviderFailure, ProviderPayment, RetryHint } from './provider.ts'
import { recordRefund, requestRefund } from './refund.ts'
import { FAILED_FOR_GOOD, nextCheck, nextCheckAfterSilence, type Settlement, SILENCE_MAX_MS, settle } from './rules.ts'
import * as store from './store.ts'

export type ReconcileResult = 'settled' | 'provider-silent' | 'unknown-order'

/**
 * Makes an order agree with what Mercado Pago says now: fetches its payments, writes them down, decides, and carries the decision out
 * in one transaction. Idempotent; called by notification, return page, payment check and whoever wants the slot of a lapsed hold.
 * `known`: a payment that was read already and might be missing from the search.
 */
export async function reconcileOrder(deps: Deps, orderId: string, known: readonly ProviderPayment[] = []): Promise<ReconcileResult> {
  const order = await store.findOrder(deps.db.handle, orderId)
  if (!order) return 'unknown-order'
  const seen = await fetchPayments(deps, orderId, known)
  if (!seen.ok) {
    await noteSilence(deps, order, seen.reason, seen.detail)
    return 'provider-silent'
  }
  // The money is written down first, by itself: whatever goes wrong with the decision, it is never unknown that it came.
  if (seen.value.length > 0) await recordPayments(deps, orderId, seen.value)
  try {
    const settled = await deps.db.transaction((tx) => settleLocked(deps, tx, orderId, null))
    // Late money takes its slot again only if the teacher is free, too. Nobody else needs the calendar, and it is not asked inside a transaction.
    if (settled === 'ask-teacher') {
      const teacherFree = await isTeacherFree(deps, order)
      await deps.db.transaction((tx) => settleLocked(deps, tx, orderId, teacherFree))
    }
  } catch (error) {
    await tellUnsettled(deps, orderId)
    throw error
  }
  return 'settled'
}

async function recordPayments(deps: Deps, orderId: string, payments: readonly ProviderPayment[]): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    await store.lockOrder(tx, orderId)
    for (const payment of payments) await store.recordPayment(tx, orderId, payment, now)
    for (const { id } of payments) await store.recordChargeBack(tx, id, now)
  })
}

/** Decides from what is written down, and carries it out. `ask-teacher`: nothing was done, because that hangs on what is not known (null). */
async function settleLocked(deps: Deps, tx: Tx, orderId: string, teacherFree: boolean | null): Promise<'done' | 'ask-teacher'> {
  const now = deps.clock.now()
  const locked = await store.lockOrder(tx, orderId)
  if (!locked) return 'done'
  const bookedClass = locked.classId ? await lockClass(tx, locked.classId) : null
  const payments = await store.paymentsOfOrder(tx, orderId)
  const asked = await store.refundsOfOrder(tx, orderId)
  const leaving = new Set(asked.map((refund) => refund.paymentId))
  const settlement = settle({ order: locked, bookedClass, payments, leaving, collectorId: deps.config.mercadoPago.collectorId, now })
  if (settlement.classStep.step === 'revive' && teacherFree === null) return 'ask-teacher'
  const placed = await carryOutClassStep(deps, tx, locked, bookedClass, settlement.classStep, teacherFree === true)
  const refunds = placed ? settlement.refunds : [...settlement.refunds, ...refundsOfPrimaries(settlement, payments)]
  for (const { paymentId, role } of settlement.roles) await store.setRole(tx, paymentId, role, now)
  for (const refund of asked) if (isReturned(refund.paymentId, payments)) await recordRefund(deps, tx, refund, locked)
  const approvedAt = locked.approvedAt ?? settlement.approvedAt
  if (settlement.refundedCentavos > locked.refundedCentavos) {
    const detail = { refundedCentavos: settlement.refundedCentavos }
    await audit(deps, tx, { actorId: null, action: 'payment.returned', subject: 'order', subjectId: orderId, detail })
  }
  await store.updateOrder(tx, orderId, now, {
    status: settlement.status,
    approvedAt,
    refundedCentavos: Math.max(locked.refundedCentavos, settlement.refundedCentavos),
    ...(settlement.refundedCentavos > locked.refundedCentavos ? { refundedAt: now } : {}),
    merchantOrderId: locked.merchantOrderId ?? payments.find((payment) => payment.merchantOrderId)?.merchantOrderId ?? null,
    lastAskedAt: now,
    silentSince: null,
    lastError: null,
    checks: locked.checks + 1,
    nextCheckAt: nextCheck({ ...locked, status: settlement.status, approvedAt, classStartsAt: bookedClass?.startsAt ?? null }, now),
  })
  if (settlement.status === 'pending' || settlement.status === 'rejected') await announceAttempts(deps, tx, locked, payments)
  // Nobody should be able to pay twice; what still comes is given back (D17a).
  const isPaidNow = settlement.status === 'approved' && locked.status !== 'approved' && now < locked.expiresAt
  if (isPaidNow) await deps.jobs.enqueue(closePreferenceJob, { orderId }, { key: orderId })
  for (const { paymentId, amount, reason } of refunds) await requestRefund(deps, tx, { paymentId, orderId, amount, reason })
  for (const entry of settlement.cases) await openCase(deps, tx, entry, { once: true })
  // Last, because that the provider speaks again concerns whoever settles something at the moment.
  await closeCases(deps, tx, [PROVIDER_SILENT, ...curedCases(orderId, settlement, payments)])
  return 'done'
}

/** Money is in, and what becomes of it could not be decided: it is tried again with every check, and a person knows meanwhile. */
async function tellUnsettled(deps: Deps, orderId: string): Promise<void> {
  try {
    const paid = (await store.paymentsOfOrder(deps.db.handle, orderId)).filter((payment) => payment.status === 'approved')
    if (paid.length === 0) return
    const detail = `Pago ${paid.map((payment) => payment.id).join(', ')}`
    await openCase(deps, deps.db.handle, { subject: 'order', subjectId: orderId, reason: 'settlement_failed', detail })
  } catch (error) {
    deps.log.error({ orderId, ...describeFailure(error) }, 'an order that could not be settled could not be told of either')
  }
}

/** Half a price is a case for a person until the other half arrives, and money that fits nothing until it is back with its buyer. */
function curedCases(orderId: string, settlement: Settlement, payments: readonly { id: string; status: string }[]): CaseMatch[] {
  return [
    { subject: 'order', subjectId: orderId, reason: 'settlement_failed' },
    ...settlement.roles.flatMap(({ paymentId }): CaseMatch[] => [
      { subject: 'payment', subjectId: paymentId, reason: 'amount_mismatch' },
      { subject: 'payment', subjectId: paymentId, reason: 'unknown_preference' },
    ]),
    ...payments.filter(({ status }) => status === 'refunded').map(({ id }): CaseMatch => ({ subject: 'payment', subjectId: id })),
    ...endedDisputes(orderId, payments, settlement.roles),
  ]
}

function isReturned(paymentId: string, payments: readonly { id: string; status: string }[]): boolean {
  return payments.some((payment) => payment.id === paymentId && payment.status === 'refunded')
}

/**
 * The search by our reference, together with payments that are known by number: the search may lag behind, and may leave out an amount.
 * Of two views of one payment the newer counts.
 */
async function fetchPayments(
  deps: Deps,
  orderId: string,
  known: readonly ProviderPayment[],
): Promise<Outcome<ProviderPayment[], ProviderFailure, RetryHint>> {
  const found = await deps.payments.findPayments(orderId)
  if (!found.ok) return found
  const byId = new Map<string, ProviderPayment>()
  for (const payment of [...found.value, ...known]) {
    const other = byId.get(payment.id)
    if (!other || other.lastUpdatedAt <= payment.lastUpdatedAt) byId.set(payment.id, payment)
  }
  const stored = await store.paymentsOfOrder(deps.db.handle, orderId)
  const incomplete = [...byId.values()].filter((payment) => payment.status === 'approved' && payment.amount === null)
  const missing = stored.filter(({ id, status }) => !byId.has(id) && !FAILED_FOR_GOOD.includes(status))
  for (const { id } of [...missing, ...incomplete]) {
    const payment = await deps.payments.getPayment(id)
    if (payment.ok) byId.set(id, payment.value)
    else if (payment.reason !== 'unknown') return refuse(payment.reason, payment.detail)
  }
  return succeed([...byId.values()])
}

function refundsOfPrimaries(
  settlement: Settlement,
  payments: readonly { id: string; status: string; amountCentavos: number | null; refundedCentavos: number }[],
): Settlement['refunds'] {
  const primary = new Set(settlement.roles.filter(({ role }) => role === 'primary').map(({ paymentId }) => paymentId))
  return payments
    .filter((payment) => primary.has(payment.id) && payment.status === 'approved')
    .map((payment) => ({
      paymentId: payment.id,
      amount: (payment.amountCentavos ?? 0) - payment.refundedCentavos,
      reason: 'no_valid_hold' as const,
    }))
    .filter(({ amount }) => amount > 0)
}

/** One case for the provider as a whole, however many orders wait for its word. */
const PROVIDER_SILENT = { subject: 'provider', subjectId: 'mercado-pago', reason: 'provider_silent' } as const
/** A person is told when an order has waited this long. */
const SILENCE_UNTIL_ALARM_MS = HOUR_MS

/** The provider did not answer: ask again soon. A hold is released without its word only after 30 minutes of silence (behaviour D7a). */
async function noteSilence(deps: Deps, order: PaymentOrderRow, reason: ProviderFailure, hint: RetryHint | undefined): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const locked = await store.lockOrder(tx, order.id)
    if (!locked) return
    const bookedClass = locked.classId ? await lockClass(tx, locked.classId) : null
    const holdEnd = bookedClass?.status === 'pending' && !bookedClass.paidAt ? bookedClass.holdExpiresAt : null
    const silentSince = locked.silentSince ?? now
    await store.updateOrder(tx, order.id, now, {
      lastAskedAt: now,
      silentSince,
      lastError: reason,
      nextCheckAt: nextCheckAfterSilence(locked, holdEnd, now, hint?.retryAfterMs),
    })
    if (plus(silentSince, SILENCE_UNTIL_ALARM_MS) <= now)
      await openCase(deps, tx, { ...PROVIDER_SILENT, detail: `Última respuesta: ${reason}` })
    if (!bookedClass || !holdEnd || plus(holdEnd, SILENCE_MAX_MS) > now) return
    const rejected = (await store.paymentsOfOrder(tx, order.id)).some((payment) => payment.status === 'rejected')
    await releaseHold(deps, tx, locked, bookedClass, rejected ? 'payment_rejected' : 'hold_expired')
  })
}

export const reconcileJob = defineJob({
  name: 'payment.reconcile',
  payload: z.object({ orderId: z.uuid() }),
  run: async (deps, { orderId }) => {
    await reconcileOrder(deps, orderId)
  },
})

const CHECKED_AT_ONCE = 200
/** An order that was taken for checking is taken again after this long, should its job be lost. */
const CHECK_LEASE_MS = 5 * MINUTE_MS

/**
 * Timed: asks for every order whose next question is due, so that neither a lost notification nor the end of a hold is missed. One job
 * each: an order that cannot be read does not keep the others waiting.
 */
export const checkPaymentsJob = defineJob({
  name: 'payment.check',
  payload: z.object({}),
  retriesMax: 0,
  run: (deps) =>
    deps.db.transaction(async (tx) => {
      const now = deps.clock.now()
      for (const orderId of await store.claimOrdersToCheck(tx, now, plus(now, CHECK_LEASE_MS), CHECKED_AT_ONCE)) {
        await deps.jobs.enqueue(reconcileJob, { orderId }, { key: orderId })
      }
    }),
})
