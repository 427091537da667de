import { sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import type { AttentionReason, AttentionSubject } from '../../db/tables.ts'
import type { Centavos } from '../../kernel/money.ts'

/** An open case with what a person needs to judge it: whose class, which money. */
export interface ListedCase {
  id: string
  subject: AttentionSubject
  subjectId: string
  reason: AttentionReason
  detail: string
  openedAt: Date
  hostName: string | null
  classId: string | null
  classStartsAt: Date | null
  /** The class is paid and still waits for its event. */
  awaitsEvent: boolean
  orderId: string | null
  orderAmount: Centavos | null
  orderStatus: string | null
  paymentId: string | null
  /** What could still be given back of that payment. */
  paymentLeft: Centavos | null
}

interface Row extends Record<string, unknown> {
  id: string
  subject: AttentionSubject
  subject_id: string
  reason: AttentionReason
  detail: string
  opened_ms: string
  host_name: string | null
  class_id: string | null
  starts_ms: string | null
  awaits_event: boolean
  order_id: string | null
  order_amount: string | null
  order_status: string | null
  payment_id: string | null
  payment_left: string | null
}

/** Open cases, the newest first. A case names one subject; everything around it is found from there. */
export async function listCases(handle: Handle, limit = 100): Promise<ListedCase[]> {
  const { rows } = await handle.execute<Row>(sql`
    SELECT c.id, c.subject, c.subject_id, c.reason, c.detail, extract(epoch FROM c.opened_at) * 1000 AS opened_ms,
      u.name AS host_name, v.id AS class_id, extract(epoch FROM v.starts_at) * 1000 AS starts_ms,
      coalesce(v.status = 'pending' AND v.paid_at IS NOT NULL, false) AS awaits_event,
      o.id AS order_id, o.amount_centavos - o.refunded_centavos AS order_amount, o.status AS order_status,
      p.id AS payment_id, CASE WHEN p.status = 'approved' THEN p.amount_centavos - p.refunded_centavos END AS payment_left
    FROM attention_case c
    LEFT JOIN refund r ON c.subject = 'refund' AND r.id::text = c.subject_id
    LEFT JOIN provider_payment p ON p.id = CASE c.subject WHEN 'payment' THEN c.subject_id WHEN 'refund' THEN r.payment_id END
    LEFT JOIN virtual_class cv ON c.subject = 'class' AND cv.id::text = c.subject_id
    LEFT JOIN payment_order o ON CASE c.subject
      WHEN 'order' THEN o.id::text = c.subject_id
      WHEN 'class' THEN o.class_id = cv.id
      ELSE o.id = coalesce(p.order_id, r.order_id) END
    LEFT JOIN notice n ON c.subject = 'notice' AND n.id::text = c.subject_id
    LEFT JOIN virtual_class v ON v.id = coalesce(cv.id, o.class_id, n.class_id)
    LEFT JOIN app_user u ON u.id = coalesce(n.user_id, v.booked_by_id, o.user_id)
    WHERE c.resolved_at IS NULL
    ORDER BY c.opened_at DESC, c.id
    LIMIT ${limit}`)
  return rows.map((row) => ({
    id: row.id,
    subject: row.subject,
    subjectId: row.subject_id,
    reason: row.reason,
    detail: row.detail,
    openedAt: new Date(Number(row.opened_ms)),
    hostName: row.host_name,
    classId: row.class_id,
    classStartsAt: row.starts_ms === null ? null : new Date(Number(row.starts_ms)),
    awaitsEvent: row.awaits_event,
    orderId: row.order_id,
    orderAmount: row.order_amount === null ? null : Number(row.order_amount),
    orderStatus: row.order_status,
    paymentId: row.payment_id,
    paymentLeft: row.payment_left === null ? null : Number(row.payment_left),
  }))
}
