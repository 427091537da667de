import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { violates } from '../../db/client.ts'
import type { PaymentOrderRow, VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import { overlaps } from '../academy/rules.ts'
import { busyTime } from '../meeting/busy.ts'
import { queueMeeting } from '../meeting/create.ts'
import { removeMeetingJob } from '../meeting/remove.ts'
import { notify } from '../notice/commands.ts'
import { openCase } from '../operation/attention.ts'
import { findClass, lockClass, markCancelled, NO_OVERLAP, updateClass } from '../virtual-class/store.ts'
import type { ProviderPayment } from './provider.ts'
import { requestRefund } from './refund.ts'
import { type ClassStep, nextCheck, type Settlement, SILENCE_MAX_MS, SILENT_RETRY_MS, settle } from './rules.ts'
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
  if (!seen) {
    await noteSilence(deps, order)
    return 'provider-silent'
  }
  // Read before the transaction: a late payment takes its slot only if the teacher's calendar is free, too.
  const calendarFree = await isCalendarFree(deps, order)
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const locked = await store.lockOrder(tx, orderId)
    if (!locked) return
    const bookedClass = locked.classId ? await lockClass(tx, locked.classId) : null
    for (const payment of seen) await store.recordPayment(tx, orderId, payment, now)
    const payments = await store.paymentsOfOrder(tx, orderId)
    const leaving = new Set((await store.refundsOfOrder(tx, orderId)).map((refund) => refund.paymentId))
    const settlement = settle({ order: locked, bookedClass, payments, leaving, collectorId: deps.config.mercadoPago.collectorId, now })
    const placed = await moveClass(deps, tx, locked, bookedClass, settlement.classStep, calendarFree)
    const refunds = placed ? settlement.refunds : [...settlement.refunds, ...refundsOfPrimaries(settlement, payments)]
    for (const { paymentId, role } of settlement.roles) await store.setRole(tx, paymentId, role, now)
    const approvedAt = locked.approvedAt ?? settlement.approvedAt
    await store.updateOrder(tx, orderId, now, {
      status: settlement.status,
      approvedAt,
      refundedCentavos: Math.max(locked.refundedCentavos, settlement.refundedCentavos),
      ...(settlement.refundedCentavos > locked.refundedCentavos ? { refundedAt: now } : {}),
      merchantOrderId: locked.merchantOrderId ?? payments.find((payment) => payment.merchantOrderId)?.merchantOrderId ?? null,
      lastAskedAt: now,
      checks: locked.checks + 1,
      nextCheckAt: nextCheck({ ...locked, status: settlement.status, approvedAt }, now),
    })
    for (const { paymentId, amount, reason } of refunds) await requestRefund(deps, tx, { paymentId, orderId, amount, reason })
    for (const entry of settlement.cases) await openCase(deps, tx, entry)
  })
  return 'settled'
}

/** The search by our reference, together with payments that are known by number: the search may lag behind. Null: the provider is silent. */
async function fetchPayments(deps: Deps, orderId: string, known: readonly ProviderPayment[]): Promise<ProviderPayment[] | null> {
  const found = await deps.payments.findPayments(orderId)
  if (!found.ok) return null
  const byId = new Map([...known, ...found.value].map((payment) => [payment.id, payment]))
  for (const { id } of await store.paymentsOfOrder(deps.db.handle, orderId)) {
    if (byId.has(id)) continue
    const payment = await deps.payments.getPayment(id)
    if (payment.ok) byId.set(id, payment.value)
    else if (payment.reason !== 'unknown') return null
  }
  return [...byId.values()]
}

async function isCalendarFree(deps: Deps, order: PaymentOrderRow): Promise<boolean> {
  if (!order.classId) return true
  const bookedClass = await findClass(deps.db.handle, order.classId)
  if (bookedClass?.status !== 'cancelled') return true
  const busy = await busyTime(deps, bookedClass.teacherId, bookedClass.startsAt, bookedClass.endsAt, 'recent')
  return busy.ok && !busy.value.some((interval) => overlaps(interval, bookedClass))
}

/** Carries out the decision about the class. False: paid money found no place, so it has to go back. */
async function moveClass(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  bookedClass: VirtualClassRow | null,
  classStep: ClassStep,
  calendarFree: boolean,
): Promise<boolean> {
  const now = deps.clock.now()
  if (!bookedClass || classStep.step === 'keep') return true
  switch (classStep.step) {
    case 'confirm':
      await confirmPaid(deps, tx, bookedClass.id)
      return true
    case 'revive':
      return calendarFree && (await revive(deps, tx, bookedClass.id))
    case 'release':
      await releaseHold(deps, tx, order, bookedClass.id, classStep.reason)
      return true
    case 'cancel':
      await markCancelled(tx, bookedClass.id, { reason: classStep.reason, byId: null, at: now })
      if (bookedClass.googleEventId) await deps.jobs.enqueue(removeMeetingJob, { classId: bookedClass.id }, { key: bookedClass.id })
      await notify(deps, tx, {
        userId: bookedClass.bookedById,
        classId: bookedClass.id,
        kind: 'class-cancelled',
        dedupeKey: `class-cancelled:${bookedClass.id}`,
      })
      return true
  }
}

/** The money is in: the hold has no end any more, and the event is on its way. */
export async function confirmPaid(deps: Deps, tx: Tx, classId: string): Promise<void> {
  const now = deps.clock.now()
  await updateClass(tx, classId, now, { paidAt: now, holdExpiresAt: null, calendarState: 'queued' })
  await queueMeeting(deps, classId)
}

/** Gives a released class its slot back, unless somebody else has it by now: the constraint decides. */
async function revive(deps: Deps, tx: Tx, classId: string): Promise<boolean> {
  const now = deps.clock.now()
  try {
    await tx.transaction(async (savepoint) => {
      await updateClass(savepoint as unknown as Tx, classId, now, {
        status: 'pending',
        paidAt: now,
        holdExpiresAt: null,
        cancelledAt: null,
        cancelReason: null,
        cancelledById: null,
        calendarState: 'queued',
      })
    })
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return false
    throw error
  }
  await queueMeeting(deps, classId)
  return true
}

async function releaseHold(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  classId: string,
  reason: 'hold_expired' | 'payment_rejected',
): Promise<void> {
  await markCancelled(tx, classId, { reason, byId: null, at: deps.clock.now() })
  if (order.preferenceId) await deps.jobs.enqueue(closePreferenceJob, { orderId: order.id }, { key: order.id })
}

function refundsOfPrimaries(
  settlement: Settlement,
  payments: readonly { id: string; amountCentavos: number | null; refundedCentavos: number }[],
): Settlement['refunds'] {
  const primary = new Set(settlement.roles.filter(({ role }) => role === 'primary').map(({ paymentId }) => paymentId))
  return payments
    .filter((payment) => primary.has(payment.id))
    .map((payment) => ({
      paymentId: payment.id,
      amount: (payment.amountCentavos ?? 0) - payment.refundedCentavos,
      reason: 'no_valid_hold' as const,
    }))
    .filter(({ amount }) => amount > 0)
}

/** The provider did not answer: ask again soon. A hold is released without its word only after 30 minutes of silence (behaviour D7a). */
async function noteSilence(deps: Deps, order: PaymentOrderRow): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const locked = await store.lockOrder(tx, order.id)
    if (!locked) return
    const bookedClass = locked.classId ? await lockClass(tx, locked.classId) : null
    await store.updateOrder(tx, order.id, now, { nextCheckAt: plus(now, SILENT_RETRY_MS) })
    const holdEnd = bookedClass?.status === 'pending' && !bookedClass.paidAt ? bookedClass.holdExpiresAt : null
    if (bookedClass && holdEnd && plus(holdEnd, SILENCE_MAX_MS) <= now) await releaseHold(deps, tx, locked, bookedClass.id, 'hold_expired')
  })
}

/** Closes the preference of a hold that is over. Best effort: money that comes all the same follows its own rule (behaviour D7b). */
async function closePreference(deps: Deps, orderId: string, failures: number): Promise<void> {
  const order = await store.findOrder(deps.db.handle, orderId)
  if (!order?.preferenceId) return
  const closed = await deps.payments.closePreference(order.preferenceId, deps.clock.now())
  if (closed.ok || closed.reason === 'refused' || failures >= 5) return
  const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids))
  await deps.jobs.enqueue(closePreferenceJob, { orderId, failures: failures + 1 }, { key: orderId, startAfter })
}

export const closePreferenceJob = defineJob({
  name: 'payment.close-preference',
  payload: z.object({ orderId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { orderId, failures }) => closePreference(deps, orderId, failures ?? 0),
})

export const reconcileJob = defineJob({
  name: 'payment.reconcile',
  payload: z.object({ orderId: z.uuid() }),
  run: async (deps, { orderId }) => {
    await reconcileOrder(deps, orderId)
  },
})

const CHECKED_AT_ONCE = 50

/** Timed: asks for every order whose next question is due, so that neither a lost notification nor the end of a hold is missed. */
export const checkPaymentsJob = defineJob({
  name: 'payment.check',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    for (const orderId of await store.ordersToCheck(deps.db.handle, deps.clock.now(), CHECKED_AT_ONCE)) await reconcileOrder(deps, orderId)
  },
})
