import { and, asc, eq, getTableColumns, inArray, isNotNull, isNull, lte, ne, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { type PaymentOrderRow, type ProviderPaymentRow, paymentOrder, providerPayment, refund, type webhookInbox } from '../../db/tables.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { ProviderPayment } from './provider.ts'
import { FAILED_FOR_GOOD } from './rules.ts'

export async function insertOrder(tx: Handle, row: typeof paymentOrder.$inferInsert): Promise<void> {
  await tx.insert(paymentOrder).values(row)
}

export async function findOrder(handle: Handle, orderId: string): Promise<PaymentOrderRow | null> {
  const [row] = await readOrder(handle, { orderId })
  return row ?? null
}

const readOrder = hotRead((handle, later: (name: 'orderId') => Later) =>
  handle
    .select()
    .from(paymentOrder)
    .where(eq(paymentOrder.id, later('orderId'))),
)

export async function findOrderByPreference(handle: Handle, preferenceId: string): Promise<PaymentOrderRow | null> {
  const [row] = await handle.select().from(paymentOrder).where(eq(paymentOrder.preferenceId, preferenceId))
  return row ?? null
}

export async function findOrderOfClass(handle: Handle, classId: string): Promise<PaymentOrderRow | null> {
  const [row] = await handle.select().from(paymentOrder).where(eq(paymentOrder.classId, classId))
  return row ?? null
}

export async function lockOrder(tx: Tx, orderId: string): Promise<PaymentOrderRow | null> {
  const [row] = await readOrderLocked(tx, { orderId })
  return row ?? null
}

const readOrderLocked = hotRead((handle, later: (name: 'orderId') => Later) =>
  handle
    .select()
    .from(paymentOrder)
    .where(eq(paymentOrder.id, later('orderId')))
    .for('update'),
)

export async function updateOrder(
  handle: Handle,
  orderId: string,
  now: Date,
  change: Partial<typeof paymentOrder.$inferInsert>,
): Promise<void> {
  await handle
    .update(paymentOrder)
    .set({ ...change, updatedAt: now })
    .where(eq(paymentOrder.id, orderId))
}

/** Stores the preference unless another attempt stored one first; returns what is stored. */
export async function storePreference(
  handle: Handle,
  orderId: string,
  preference: { preferenceId: string; initPoint: string },
  now: Date,
): Promise<PaymentOrderRow | null> {
  await handle.execute(sql`
    UPDATE payment_order SET preference_id = ${preference.preferenceId}, init_point = ${preference.initPoint}, preference_at = ${now}, updated_at = ${now}
    WHERE id = ${orderId} AND preference_id IS NULL`)
  return findOrder(handle, orderId)
}

/** Whether the next question about some order is due. */
export const anyOrderToCheck = (now: Date): SQL => sql`EXISTS (SELECT FROM payment_order WHERE next_check_at <= ${now})`

/**
 * Takes the orders whose next question to the provider is due; nobody else takes them before `again`. As a list, because a plan for any `limit` takes
 * it for a tenth of all orders and would read all of them to join so many.
 */
export async function claimOrdersToCheck(tx: Tx, now: Date, again: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    UPDATE payment_order SET next_check_at = ${again}
    WHERE id = ANY (ARRAY(
      SELECT id FROM payment_order WHERE next_check_at <= ${now} ORDER BY next_check_at LIMIT ${limit} FOR UPDATE SKIP LOCKED))
    RETURNING id`)
  return rows.map((row) => row.id)
}

/** True for the one caller who may ask the provider about this order now: at most one in `everyMs`. */
export async function claimAsking(handle: Handle, orderId: string, now: Date, before: Date): Promise<boolean> {
  const { rows } = await handle.execute<{ id: string }>(sql`
    UPDATE payment_order SET last_asked_at = ${now}
    WHERE id = ${orderId} AND status IN ('pending', 'rejected') AND (last_asked_at IS NULL OR last_asked_at <= ${before} OR last_asked_at > ${now})
    RETURNING id`)
  return rows.length > 0
}

/**
 * At most so many payments of one order, and of more those that are money: attempts that failed are as many as somebody with other people's cards
 * likes, and must not hide the one that did not.
 */
const PAYMENTS_MAX = 100

/** In the order in which they became known. */
export async function paymentsOfOrder(handle: Handle, orderId: string): Promise<ProviderPaymentRow[]> {
  const payments = await readPayments(handle, { orderId })
  return payments.sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
}

const readPayments = hotRead((handle, later: (name: 'orderId') => Later) =>
  handle
    .select()
    .from(providerPayment)
    .where(eq(providerPayment.orderId, later('orderId')))
    .orderBy(asc(inArray(providerPayment.status, [...FAILED_FOR_GOOD])), asc(providerPayment.createdAt))
    .limit(PAYMENTS_MAX),
)

/**
 * Writes down what the provider says of one payment. An older view never replaces a newer one, and money once seen is never
 * un-seen: the refunded amount only grows (behaviour W21).
 */
export async function recordPayment(tx: Tx, orderId: string | null, payment: ProviderPayment, now: Date): Promise<void> {
  await tx.execute(sql`
    INSERT INTO provider_payment (id, order_id, status, status_detail, amount_centavos, refunded_centavos, currency, collector_id,
      external_reference, merchant_order_id, operation_type, approved_at, provider_updated_at, created_at, updated_at)
    VALUES (${payment.id}, ${orderId}, ${payment.status}, ${payment.statusDetail}, ${payment.amount}, ${payment.refundedAmount}, ${payment.currency},
      ${payment.collectorId}, ${payment.externalReference}, ${payment.merchantOrderId}, ${payment.operationType}, ${payment.approvedAt},
      ${payment.lastUpdatedAt}, ${now}, ${now})
    ON CONFLICT (id) DO UPDATE SET
      order_id = coalesce(provider_payment.order_id, excluded.order_id),
      status = excluded.status, status_detail = excluded.status_detail,
      amount_centavos = coalesce(excluded.amount_centavos, provider_payment.amount_centavos),
      refunded_centavos = greatest(provider_payment.refunded_centavos, excluded.refunded_centavos),
      currency = excluded.currency, collector_id = excluded.collector_id, external_reference = excluded.external_reference,
      merchant_order_id = coalesce(excluded.merchant_order_id, provider_payment.merchant_order_id),
      approved_at = coalesce(provider_payment.approved_at, excluded.approved_at),
      provider_updated_at = excluded.provider_updated_at, updated_at = excluded.updated_at
    WHERE provider_payment.provider_updated_at <= excluded.provider_updated_at`)
}

/**
 * The charge-back of a payment as a row of its own, from what was recorded of the payment: opened when the provider first speaks of it, lost or
 * won when it decides, won also when the money is simply back. A decision that was taken is not taken back (`charge_back_step`).
 */
export async function recordChargeBack(tx: Tx, paymentId: string, now: Date): Promise<void> {
  await tx.execute(sql`
    WITH seen AS (
      SELECT id, order_id, amount_centavos, CASE
        WHEN status <> 'charged_back' THEN CASE WHEN status = 'approved' THEN 'won' END
        WHEN status_detail = 'settled' THEN 'lost' WHEN status_detail = 'reimbursed' THEN 'won' ELSE 'open' END AS state,
        status = 'charged_back' AS disputed
      FROM provider_payment WHERE id = ${paymentId} AND amount_centavos > 0
    ), decided AS (
      UPDATE charge_back c SET state = seen.state, decided_at = ${now}, updated_at = ${now}
      FROM seen WHERE c.payment_id = seen.id AND (c.state, seen.state) IN (('open', 'lost'), ('open', 'won'), ('lost', 'won'))
    )
    INSERT INTO charge_back (payment_id, order_id, amount_centavos, state, opened_at, decided_at, updated_at)
    SELECT id, order_id, amount_centavos, state, ${now}::timestamptz, CASE WHEN state <> 'open' THEN ${now}::timestamptz END, ${now}::timestamptz
    FROM seen WHERE disputed
    ON CONFLICT (payment_id) DO NOTHING`)
}

export async function setRole(tx: Tx, paymentId: string, role: 'primary' | 'surplus', now: Date): Promise<void> {
  await tx.update(providerPayment).set({ role, updatedAt: now }).where(eq(providerPayment.id, paymentId))
}

/** Says of a payment that belongs to no order that it is an orphan. False when its order is known: what it pays is decided there. */
export async function markOrphan(tx: Tx, paymentId: string, now: Date): Promise<boolean> {
  const rows = await tx
    .update(providerPayment)
    .set({ role: 'orphan', updatedAt: now })
    .where(and(eq(providerPayment.id, paymentId), isNull(providerPayment.orderId)))
    .returning({ id: providerPayment.id })
  return rows.length > 0
}

/** The order that one of these payments was written down for. */
export async function orderOfPayments(handle: Handle, paymentIds: readonly string[]): Promise<string | null> {
  const [row] = await handle
    .select({ orderId: providerPayment.orderId })
    .from(providerPayment)
    .where(and(inArray(providerPayment.id, [...paymentIds]), isNotNull(providerPayment.orderId)))
    .orderBy(asc(providerPayment.id))
    .limit(1)
  return row?.orderId ?? null
}

export async function findPayment(handle: Handle, paymentId: string): Promise<ProviderPaymentRow | null> {
  const [row] = await handle.select().from(providerPayment).where(eq(providerPayment.id, paymentId))
  return row ?? null
}

export type RefundRow = typeof refund.$inferSelect

/** Asks for a refund of a payment; null when one was asked for before. */
export async function insertRefund(tx: Tx, row: typeof refund.$inferInsert): Promise<string | null> {
  const [inserted] = await tx.insert(refund).values(row).onConflictDoNothing({ target: refund.paymentId }).returning({ id: refund.id })
  return inserted?.id ?? null
}

export async function findRefund(handle: Handle, refundId: string): Promise<RefundRow | null> {
  const [row] = await handle.select().from(refund).where(eq(refund.id, refundId))
  return row ?? null
}

export async function lockRefund(tx: Tx, refundId: string): Promise<RefundRow | null> {
  const [row] = await tx.select().from(refund).where(eq(refund.id, refundId)).for('update')
  return row ?? null
}

export async function findRefundOfPayment(handle: Handle, paymentId: string): Promise<RefundRow | null> {
  const [row] = await handle.select().from(refund).where(eq(refund.paymentId, paymentId))
  return row ?? null
}

/** Whether the money that pays this order is on its way back: it buys nothing any more. */
export async function isBeingReturned(handle: Handle, orderId: string): Promise<boolean> {
  const rows = await handle
    .select({ id: refund.id })
    .from(refund)
    .innerJoin(providerPayment, eq(providerPayment.id, refund.paymentId))
    .where(and(eq(providerPayment.orderId, orderId), eq(providerPayment.role, 'primary')))
    .limit(1)
  return rows.length > 0
}

/**
 * Notes that the provider is being asked, and returns what for. One that was refused for good is only asked for `byHand`, and as the next request:
 * whoever presses at the same moment sends the same one. Null when the refund is done already.
 */
export async function markRefundSent(handle: Handle, refundId: string, byHand: boolean, now: Date): Promise<RefundRow | null> {
  const isRefused = sql`${refund.state} = 'failed'`
  const [row] = await handle
    .update(refund)
    .set({
      state: 'sent',
      generation: sql`${refund.generation} + CASE WHEN ${isRefused} THEN 1 ELSE 0 END`,
      providerRefundId: sql`CASE WHEN ${isRefused} THEN NULL ELSE ${refund.providerRefundId} END`,
      updatedAt: now,
    })
    .where(and(eq(refund.id, refundId), byHand ? ne(refund.state, 'approved') : inArray(refund.state, ['requested', 'sent'])))
    .returning()
  return row ?? null
}

/** The next request of a refund, for `amount`. Null when it is done, or somebody else began that request. */
export async function askAnew(handle: Handle, { id, generation }: RefundRow, amount: Centavos, now: Date): Promise<RefundRow | null> {
  const [row] = await handle
    .update(refund)
    .set({ generation: generation + 1, amountCentavos: amount, providerRefundId: null, state: 'sent', updatedAt: now })
    .where(and(eq(refund.id, id), eq(refund.generation, generation), ne(refund.state, 'approved')))
    .returning()
  return row ?? null
}

export async function updateRefund(
  handle: Handle,
  refundId: string,
  now: Date,
  change: Partial<typeof refund.$inferInsert>,
): Promise<void> {
  await handle
    .update(refund)
    .set({ ...change, updatedAt: now })
    .where(eq(refund.id, refundId))
}

/** Refunds under way that nobody has touched since: their job is lost. */
export async function forgottenRefunds(handle: Handle, before: Date, limit: number): Promise<string[]> {
  const rows = await handle.select({ id: refund.id }).from(refund).where(isForgotten(before)).orderBy(asc(refund.updatedAt)).limit(limit)
  return rows.map((row) => row.id)
}

/** Whether some refund is one of those. */
export const anyForgottenRefund = (before: Date): SQL => sql`EXISTS (SELECT FROM ${refund} WHERE ${isForgotten(before)})`

/** The states are part of the text: an index of refunds under way serves no plan that has to do for every state. */
const isForgotten = (before: Date) => and(sql`${refund.state} IN ('requested', 'sent')`, lte(refund.updatedAt, before))

/** By the payments of the order: a refund may have been asked for before anybody knew which order its payment is for. */
export async function refundsOfOrder(handle: Handle, orderId: string): Promise<RefundRow[]> {
  return readRefunds(handle, { orderId })
}

const readRefunds = hotRead((handle, later: (name: 'orderId') => Later) =>
  handle
    .select(getTableColumns(refund))
    .from(refund)
    .innerJoin(providerPayment, eq(providerPayment.id, refund.paymentId))
    .where(eq(providerPayment.orderId, later('orderId')))
    .limit(100),
)

/**
 * Writes a notification down, along with its job. The job rests when another about the same number came after `since` and has not been looked at
 * either.
 */
export function notificationRow(row: typeof webhookInbox.$inferInsert, since: Date): SQL {
  return sql`
    INSERT INTO webhook_inbox (id, provider, topic, external_id, request_id, signed, received_at)
    VALUES (${row.id}, ${row.provider}, ${row.topic}, ${row.externalId}, ${row.requestId}, ${row.signed}, ${row.receivedAt})
    RETURNING EXISTS (SELECT FROM webhook_inbox AS earlier
      WHERE earlier.provider = ${row.provider} AND earlier.topic = ${row.topic} AND earlier.external_id = ${row.externalId}
        AND earlier.processed_at IS NULL AND earlier.received_at > ${since}) AS rests`
}

export async function settleNotifications(handle: Handle, topic: string, externalId: string, outcome: string, now: Date): Promise<void> {
  await handle.execute(sql`
    UPDATE webhook_inbox SET processed_at = ${now}, outcome = ${outcome}
    WHERE provider = 'mercado-pago' AND topic = ${topic} AND external_id = ${externalId} AND processed_at IS NULL`)
}

export async function primaryPaymentId(handle: Handle, orderId: string): Promise<string | null> {
  const [row] = await handle
    .select({ id: providerPayment.id })
    .from(providerPayment)
    .where(and(eq(providerPayment.orderId, orderId), inArray(providerPayment.role, ['primary'])))
    .orderBy(asc(providerPayment.createdAt))
    .limit(1)
  return row?.id ?? null
}

/** A payment of which nothing is left with us. */
export async function markReturned(tx: Tx, paymentId: string, now: Date): Promise<void> {
  await tx.execute(sql`
    UPDATE provider_payment SET refunded_centavos = coalesce(amount_centavos, refunded_centavos), status = 'refunded', updated_at = ${now}
    WHERE id = ${paymentId}`)
}
