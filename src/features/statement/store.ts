import { and, asc, desc, eq, isNotNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { type CancelReason, type ClassStatus, type DailyStatementRow, dailyStatement, type PaymentStatus } from '../../db/tables.ts'
import type { WallDate } from '../../kernel/zoned-time.ts'
import type { StatedPayment } from './rules.ts'

export async function findStatement(handle: Handle, day: WallDate): Promise<DailyStatementRow | null> {
  const [row] = await handle.select().from(dailyStatement).where(eq(dailyStatement.day, day))
  return row ?? null
}

/** The last day that was looked at; null before the first. */
export async function lastDay(handle: Handle): Promise<WallDate | null> {
  const [row] = await handle.select({ day: dailyStatement.day }).from(dailyStatement).orderBy(desc(dailyStatement.day)).limit(1)
  return row?.day ?? null
}

export async function lastStatements(handle: Handle, limit: number): Promise<DailyStatementRow[]> {
  return handle.select().from(dailyStatement).orderBy(desc(dailyStatement.day)).limit(limit)
}

/** Days to look at again, the oldest first. */
export async function daysToLookAt(handle: Handle, now: Date, limit: number): Promise<WallDate[]> {
  const rows = await handle
    .select({ day: dailyStatement.day })
    .from(dailyStatement)
    .where(and(isNotNull(dailyStatement.nextLookAt), lte(dailyStatement.nextLookAt, now)))
    .orderBy(asc(dailyStatement.day))
    .limit(limit)
  return rows.map(({ day }) => day)
}

/** Whether a day is to be looked at again, or none up to this one was stated. */
export const anyDayToState = (now: Date, newest: WallDate): SQL =>
  sql`EXISTS (SELECT FROM daily_statement WHERE next_look_at <= ${now}) OR NOT EXISTS (SELECT FROM daily_statement WHERE day >= ${newest})`

/** Days that nobody could read yet, and that are tried again; with how often that failed, and how the last time. */
export async function unreadDays(handle: Handle, limit: number): Promise<Pick<DailyStatementRow, 'failures' | 'lastError'>[]> {
  return handle
    .select({ failures: dailyStatement.failures, lastError: dailyStatement.lastError })
    .from(dailyStatement)
    .where(and(eq(dailyStatement.state, 'unread'), isNotNull(dailyStatement.nextLookAt)))
    .limit(limit)
}

/** When our first order was made; null when there is none. */
export async function firstOrderAt(handle: Handle): Promise<Date | null> {
  const { rows } = await handle.execute<{ at: string | null }>(
    sql`SELECT extract(epoch FROM min(created_at)) * 1000 AS at FROM payment_order`,
  )
  return rows[0]?.at ? new Date(Number(rows[0].at)) : null
}

export async function saveStatement(tx: Tx, row: typeof dailyStatement.$inferInsert): Promise<void> {
  const { day, ...rest } = row
  await tx.insert(dailyStatement).values(row).onConflictDoUpdate({ target: dailyStatement.day, set: rest })
}

interface Row extends Record<string, unknown> {
  id: string
  order_id: string | null
  status: string
  amount: string | null
  refunded: string
  currency: string
  collector_id: string
  approved_ms: string | null
  role: StatedPayment['role']
  refund_state: StatedPayment['refundState']
  has_case: boolean
  order_status: PaymentStatus | null
  order_ends_ms: string | null
  class_status: ClassStatus | null
  class_paid: boolean
  cancel_reason: CancelReason | null
}

/**
 * Our payments that were approved within [from, to), those that we gave back within it, and those of `also`: three small sets, each found by an
 * index of its own; joined by OR they would cost a look at every payment ever made.
 */
export async function statedPayments(
  handle: Handle,
  range: { from: Date; to: Date },
  also: readonly string[],
  limit: number,
): Promise<StatedPayment[]> {
  const { rows } = await handle.execute<Row>(sql`
    SELECT p.id, p.order_id, p.status, p.amount_centavos AS amount, p.refunded_centavos AS refunded, p.currency, p.collector_id,
      extract(epoch FROM p.approved_at) * 1000 AS approved_ms, p.role, r.state AS refund_state,
      EXISTS (
        SELECT FROM attention_case a
        WHERE (a.resolved_at IS NULL OR a.resolved_by_id IS NOT NULL) AND a.subject_id IN (p.id, o.id::text, r.id::text)
      ) AS has_case,
      o.status AS order_status, extract(epoch FROM o.expires_at) * 1000 AS order_ends_ms,
      c.status AS class_status, c.paid_at IS NOT NULL AS class_paid, c.cancel_reason
    FROM provider_payment p
    LEFT JOIN refund r ON r.payment_id = p.id
    LEFT JOIN payment_order o ON o.id = p.order_id
    LEFT JOIN virtual_class c ON c.id = o.class_id
    WHERE p.id IN (
      SELECT id FROM provider_payment WHERE approved_at >= ${range.from} AND approved_at < ${range.to}
      UNION SELECT payment_id FROM refund WHERE state = 'approved' AND updated_at >= ${range.from} AND updated_at < ${range.to}
      UNION SELECT jsonb_array_elements_text(${JSON.stringify(also)}::jsonb))
    ORDER BY p.id
    LIMIT ${limit}`)
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    status: row.status,
    amount: Number(row.amount ?? 0),
    refunded: Number(row.refunded),
    currency: row.currency,
    collectorId: row.collector_id,
    approvedAt: row.approved_ms === null ? null : new Date(Number(row.approved_ms)),
    role: row.role,
    refundState: row.refund_state,
    hasCase: row.has_case,
    orderStatus: row.order_status,
    orderEndsAt: row.order_ends_ms === null ? null : new Date(Number(row.order_ends_ms)),
    classStatus: row.class_status,
    classPaid: row.class_paid,
    cancelReason: row.cancel_reason,
  }))
}
