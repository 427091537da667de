import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { HOUR_MS, plus } from '../../kernel/clock.ts'
import type { Centavos } from '../../kernel/money.ts'
import { notify } from '../notice/commands.ts'
import { SETTLING_MS } from '../notice/rules.ts'
import { audit, closeCases, openCase } from '../operation/attention.ts'
import { type Asked, askForRefund, noteRequest } from './ask-refund.ts'
import * as store from './store.ts'

/**
 * The durable intention to give back what is left of a payment, committed with whatever caused it; the job carries it out. At most one per
 * payment. `actorId`: who asked; null when a rule did.
 */
export async function requestRefund(
  deps: Deps,
  tx: Tx,
  request: { paymentId: string; orderId: string | null; amount: Centavos; reason: string },
  actorId: string | null = null,
): Promise<void> {
  const now = deps.clock.now()
  const { paymentId, reason } = request
  const refundId = await store.insertRefund(tx, {
    id: deps.ids.uuid(),
    paymentId,
    orderId: request.orderId,
    amountCentavos: request.amount,
    reason,
    createdAt: now,
    updatedAt: now,
  })
  if (!refundId) return
  await deps.jobs.enqueue(refundJob, { refundId }, { key: refundId })
  const order = request.orderId ? await store.findOrder(tx, request.orderId) : null
  if (order) {
    const about = { userId: order.userId, classId: order.classId, kind: 'refund-on-its-way' as const }
    const data = { refundId, reason, amountCentavos: request.amount }
    await notify(deps, tx, { ...about, dedupeKey: `refund-on-its-way:${refundId}`, data }, plus(now, SETTLING_MS))
  }
  await audit(deps, tx, {
    actorId,
    action: 'refund.request',
    subject: 'payment',
    subjectId: paymentId,
    detail: { refundId, reason, amountCentavos: request.amount },
  })
}

/** Gives back whatever of an order is still with us. The order must be locked. Returns false when there is nothing to give back. */
export async function refundOrder(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  reason: string,
  actorId: string | null = null,
): Promise<boolean> {
  if (order.status !== 'approved') return false
  let asked = false
  for (const payment of await store.paymentsOfOrder(tx, order.id)) {
    const amount = (payment.amountCentavos ?? 0) - payment.refundedCentavos
    if (payment.role !== 'primary' || payment.status !== 'approved' || amount <= 0) continue
    await requestRefund(deps, tx, { paymentId: payment.id, orderId: order.id, amount, reason }, actorId)
    asked = true
  }
  return asked
}

/** `in-process`: the provider has accepted it and works on it. */
export type RefundResult = 'done' | 'in-process' | 'later' | 'failed'

/**
 * Carries out one refund. Its id is in the key towards the provider, so repeating is harmless. One that the provider has refused for good is only
 * asked for again `byHand`.
 */
export async function sendRefund(deps: Deps, refundId: string, byHand = false): Promise<RefundResult> {
  const known = await store.findRefund(deps.db.handle, refundId)
  if (known?.state === 'failed' && !byHand) return 'failed'
  if (known?.state === 'requested' && known.retryAt && known.retryAt > deps.clock.now() && !byHand) {
    // Its job was queued before somebody tried by hand: the pause that followed holds for it, too.
    await deps.jobs.enqueue(refundJob, { refundId }, { key: refundId, startAfter: known.retryAt })
    return 'later'
  }
  const isNext = known?.state === 'failed'
  const refund = isNext ? await beginNext(deps, refundId) : await store.markRefundSent(deps.db.handle, refundId, byHand, deps.clock.now())
  if (!refund) return 'done'
  const asked = await askForRefund(deps, refund)
  if (asked.is !== 'made') return planNextAttempt(deps, asked)
  await deps.db.transaction(async (tx) => {
    // Its payment may have found its order since it was asked for.
    const payment = await store.findPayment(tx, refund.paymentId)
    const order = payment?.orderId ? await store.lockOrder(tx, payment.orderId) : null
    await recordRefund(deps, tx, asked.refund, order)
  })
  return 'done'
}

/** The next request of a refund that was refused for good is written down as one, whoever of several who press begins it. */
async function beginNext(deps: Deps, refundId: string): Promise<store.RefundRow | null> {
  return deps.db.transaction(async (tx) => {
    const before = await store.lockRefund(tx, refundId)
    const sent = await store.markRefundSent(tx, refundId, true, deps.clock.now())
    if (before && sent && sent.generation > before.generation) await noteRequest(deps, tx, sent)
    return sent
  })
}

/**
 * `refused` is the provider's last word (too old, charged back, not carried out): a person has to decide. Everything else is tried again, hourly in
 * the end; an empty account is told at once, because only a person can fill it.
 */
async function planNextAttempt(deps: Deps, asked: Exclude<Asked, { is: 'made' }>): Promise<RefundResult> {
  const { refund } = asked
  const attempts = refund.attempts + 1
  const final = asked.is === 'refused'
  const reason = final ? 'refused' : asked.reason
  const result = await deps.db.transaction(async (tx): Promise<RefundResult> => {
    const now = deps.clock.now()
    const current = await store.lockRefund(tx, refund.id)
    if (!current || current.state === 'approved') return 'done'
    // Somebody else asks for it anew, and plans what follows.
    if (current.generation !== refund.generation) return 'later'
    const startAfter = plus(now, backoffMs(attempts, deps.ids, final ? 0 : asked.retryAfterMs))
    await store.updateRefund(tx, refund.id, now, {
      state: final ? 'failed' : 'requested',
      attempts,
      lastError: reason,
      retryAt: final ? null : startAfter,
      providerRefundId: refund.providerRefundId,
    })
    if (final) {
      await audit(deps, tx, {
        actorId: null,
        action: 'refund.failed',
        subject: 'payment',
        subjectId: refund.paymentId,
        detail: { refundId: refund.id, amountCentavos: refund.amountCentavos },
      })
    }
    if (final || attempts >= FAILURES_UNTIL_ALARM || reason === 'no-balance') {
      await openCase(
        deps,
        tx,
        {
          subject: 'refund',
          subjectId: refund.id,
          reason: 'refund_failed',
          detail: `Reembolso del pago ${refund.paymentId}: ${reason}`,
        },
        { renew: true },
      )
    }
    if (!final) await deps.jobs.enqueue(refundJob, { refundId: refund.id }, { key: refund.id, startAfter })
    if (final) return 'failed'
    return reason === 'in-process' && refund.providerRefundId !== null ? 'in-process' : 'later'
  })
  if (result !== 'done') deps.log.warn({ refundId: refund.id, reason, attempts }, 'refund not carried out')
  return result
}

/**
 * The money is back with the buyer: refund, payment and order say so, and what was open about it is closed. `order` must be locked. The
 * payment is read once more soon, so that the provider's own view has the last word (behaviour 7).
 */
export async function recordRefund(deps: Deps, tx: Tx, refund: store.RefundRow, order: PaymentOrderRow | null): Promise<void> {
  const now = deps.clock.now()
  const current = await store.lockRefund(tx, refund.id)
  if (!current || current.state === 'approved') return
  await store.updateRefund(tx, refund.id, now, {
    state: 'approved',
    providerRefundId: refund.providerRefundId ?? current.providerRefundId,
    lastError: null,
  })
  await store.markReturned(tx, refund.paymentId, now)
  await closeCases(deps, tx, { subject: 'refund', subjectId: refund.id })
  await closeCases(deps, tx, { subject: 'payment', subjectId: refund.paymentId })
  await audit(deps, tx, {
    actorId: null,
    action: 'refund.made',
    subject: 'payment',
    subjectId: refund.paymentId,
    detail: { refundId: refund.id, reason: refund.reason, amountCentavos: refund.amountCentavos },
  })
  if (!order) return
  const primaries = (await store.paymentsOfOrder(tx, order.id)).filter((payment) => payment.role === 'primary')
  if (primaries.some((payment) => payment.id === refund.paymentId)) {
    const refundedCentavos = primaries.reduce((sum, payment) => sum + payment.refundedCentavos, 0)
    const whole = refundedCentavos >= order.amountCentavos
    await store.updateOrder(tx, order.id, now, {
      refundedCentavos,
      refundedAt: now,
      refundReason: refund.reason,
      nextCheckAt: now,
      ...(whole ? { status: 'refunded' as const } : {}),
    })
  }
  await notify(deps, tx, {
    userId: order.userId,
    classId: order.classId,
    kind: 'refund-made',
    dedupeKey: `refund-made:${refund.id}`,
    data: { amountCentavos: refund.amountCentavos, reason: refund.reason },
  })
}

export const refundJob = defineJob({
  name: 'payment.refund',
  payload: z.object({ refundId: z.uuid() }),
  run: async (deps, { refundId }) => {
    await sendRefund(deps, refundId)
  },
})

/** Longer than any pause between two attempts. */
const FORGOTTEN_AFTER_MS = 2 * HOUR_MS
const REVIVED_AT_ONCE = 100

/** Timed: money that is owed never waits for a job that is gone (dead-lettered, or lost with an old queue). */
export const reviveRefundsJob = defineJob({
  name: 'payment.revive-refunds',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    for (const refundId of await store.forgottenRefunds(deps.db.handle, forgottenBefore(deps), REVIVED_AT_ONCE)) {
      await deps.jobs.enqueue(refundJob, { refundId }, { key: refundId })
    }
  },
})

/** Whether that job would find any. */
export const hasRefundsToRevive = (deps: Deps): SQL => store.anyForgottenRefund(forgottenBefore(deps))

const forgottenBefore = (deps: Deps) => plus(deps.clock.now(), -FORGOTTEN_AFTER_MS)
