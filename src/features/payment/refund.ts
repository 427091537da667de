import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import type { Centavos } from '../../kernel/money.ts'
import { notify } from '../notice/commands.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import * as store from './store.ts'

/** The durable intention to give money back, committed with whatever caused it; the job carries it out. At most one per payment. */
export async function requestRefund(
  deps: Deps,
  tx: Tx,
  request: { paymentId: string; orderId: string | null; amount: Centavos; reason: string },
): Promise<void> {
  const now = deps.clock.now()
  const refundId = await store.insertRefund(tx, {
    id: deps.ids.uuid(),
    paymentId: request.paymentId,
    orderId: request.orderId,
    amountCentavos: request.amount,
    reason: request.reason,
    createdAt: now,
    updatedAt: now,
  })
  if (refundId) await deps.jobs.enqueue(refundJob, { refundId }, { key: refundId })
}

/** Gives back whatever of an order is still with us. The order must be locked. Returns false when there is nothing to give back. */
export async function refundOrder(deps: Deps, tx: Tx, order: PaymentOrderRow, reason: string): Promise<boolean> {
  if (order.status !== 'approved') return false
  let asked = false
  for (const payment of await store.paymentsOfOrder(tx, order.id)) {
    const amount = (payment.amountCentavos ?? 0) - payment.refundedCentavos
    if (payment.role !== 'primary' || payment.status !== 'approved' || amount <= 0) continue
    await requestRefund(deps, tx, { paymentId: payment.id, orderId: order.id, amount, reason })
    asked = true
  }
  return asked
}

export type RefundResult = 'done' | 'later' | 'failed'

/** Carries out one refund. The refund's id is the key towards the provider, so repeating is harmless. */
export async function sendRefund(deps: Deps, refundId: string): Promise<RefundResult> {
  const refund = await store.findRefund(deps.db.handle, refundId)
  if (!refund || refund.state === 'approved') return 'done'
  await store.updateRefund(deps.db.handle, refundId, deps.clock.now(), { state: 'sent' })
  const answer = await deps.payments.refund({ paymentId: refund.paymentId, amount: refund.amountCentavos, key: `refund:${refund.id}` })
  const made = answer.ok ? answer.value.state === 'approved' : answer.reason === 'already-refunded'
  if (made) {
    await recordRefund(deps, refund, answer.ok ? answer.value.refundId : null)
    return 'done'
  }
  const attempts = refund.attempts + 1
  // Accepted but not carried out yet: the same key asks again. `refused` is the provider's last word (too old, not refundable): a person
  // has to decide. Everything else is tried again, hourly in the end.
  const reason = answer.ok ? 'in-process' : answer.reason
  const final = reason === 'refused'
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    await store.updateRefund(tx, refundId, now, { state: final ? 'failed' : 'requested', attempts, lastError: reason })
    if (final || attempts >= FAILURES_UNTIL_ALARM || reason === 'no-balance') {
      await openCase(deps, tx, {
        subject: 'refund',
        subjectId: refundId,
        reason: 'refund_failed',
        detail: `Reembolso del pago ${refund.paymentId}: ${reason}`,
      })
    }
    if (!final) await deps.jobs.enqueue(refundJob, { refundId }, { key: refundId, startAfter: plus(now, backoffMs(attempts, deps.ids)) })
  })
  deps.log.warn({ refundId, reason, attempts }, 'refund not carried out')
  return final ? 'failed' : 'later'
}

async function recordRefund(deps: Deps, refund: store.RefundRow, providerRefundId: string | null): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const order = refund.orderId ? await store.lockOrder(tx, refund.orderId) : null
    await store.updateRefund(tx, refund.id, now, { state: 'approved', providerRefundId, lastError: null })
    await store.addRefunded(tx, refund.paymentId, refund.amountCentavos, now)
    await closeCases(deps, tx, { subject: 'refund', subjectId: refund.id })
    await closeCases(deps, tx, { subject: 'payment', subjectId: refund.paymentId })
    if (!order) return
    const primaries = (await store.paymentsOfOrder(tx, order.id)).filter((payment) => payment.role === 'primary')
    const refundedCentavos = primaries.reduce((sum, payment) => sum + payment.refundedCentavos, 0)
    const whole = refundedCentavos >= order.amountCentavos
    await store.updateOrder(tx, order.id, now, {
      refundedCentavos,
      refundedAt: now,
      refundReason: refund.reason,
      ...(whole ? { status: 'refunded' as const, nextCheckAt: null } : {}),
    })
    await notify(deps, tx, {
      userId: order.userId,
      classId: order.classId,
      kind: 'refund-made',
      dedupeKey: `refund-made:${refund.id}`,
      data: { amountCentavos: refund.amountCentavos, reason: refund.reason },
    })
  })
}

export const refundJob = defineJob({
  name: 'payment.refund',
  payload: z.object({ refundId: z.uuid() }),
  run: async (deps, { refundId }) => {
    await sendRefund(deps, refundId)
  },
})
