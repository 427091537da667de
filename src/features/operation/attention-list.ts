import { count, isNull, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import {
  type AttentionReason,
  type AttentionSubject,
  attentionCase,
  type ClassStatus,
  type PaymentStatus,
  type ProviderPaymentRow,
} from '../../db/tables.ts'
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
  bookedClass: { id: string; teacherId: string; status: ClassStatus; startsAt: Date; endsAt: Date; paid: boolean } | null
  /** `left`: what a refund of the order would give back; null when nothing can be, also while any of it is in dispute or on its way. */
  order: { id: string; status: PaymentStatus; amount: Centavos; left: Centavos | null } | null
  /** The payment that the case, or the refund it is about, is about. `left`: what could still be given back of it. */
  payment: { id: string; role: ProviderPaymentRow['role']; status: string; amount: Centavos | null; left: Centavos | null } | null
  refundId: string | null
  /** What its refund waits for, as it was answered last; null for other cases. */
  refundError: string | null
  /** The charge-back that the case is about was decided for the buyer. */
  isLost: boolean
  /** Mercado Pago has accepted a refund of what the case is about, and works on it. */
  isReturning: boolean
  /** The event of the class stands elsewhere because of a hand, and that waits for an answer. `to`: where. */
  move: { editId: string; to: { startsAt: Date; endsAt: Date } } | null
}

/** What the refund of a case gives back. `order`: its whole payment, with the class. `payment`: that one payment and nothing else. */
export interface RefundOffer {
  of: 'order' | 'payment'
  /** The order's id, or the payment's number at the provider. */
  id: string
  amount: Centavos
}

/**
 * The refund that can be offered for a case, and null for what cannot work. A payment that pays its order goes back with the order; any
 * other goes back alone, whatever order it once pointed at. Money in dispute is answered at the provider (behaviour 4.3 W23).
 */
export function refundOffer(listed: Pick<ListedCase, 'subject' | 'reason' | 'bookedClass' | 'order' | 'payment'>): RefundOffer | null {
  switch (listed.subject) {
    case 'payment':
    case 'refund':
      if (!listed.payment?.left) return null
      return listed.payment.role === 'primary'
        ? offerOrder(listed.order)
        : { of: 'payment', id: listed.payment.id, amount: listed.payment.left }
    case 'order':
      return offerOrder(listed.order)
    case 'class':
      return awaitsEvent(listed) || hasLostEvent(listed) ? offerOrder(listed.order) : null
    default:
      return null
  }
}

/** The calendar does not show the class as it is by now: trying again may cure it. */
export function isCalendarBehind(listed: Pick<ListedCase, 'reason' | 'bookedClass'>): boolean {
  const status = listed.bookedClass?.status
  return awaitsEvent(listed) || (listed.reason === 'calendar_failed' && (status === 'scheduled' || status === 'cancelled'))
}

/** The class is paid and still waits for its event. */
function awaitsEvent({ bookedClass }: Pick<ListedCase, 'bookedClass'>): boolean {
  return bookedClass?.status === 'pending' && bookedClass.paid
}

/** The event was changed by hand: the teacher chooses between mending it and giving the money back (behaviour 4.18). */
function hasLostEvent({ reason, bookedClass }: Pick<ListedCase, 'reason' | 'bookedClass'>): boolean {
  return reason === 'calendar_changed' && bookedClass?.status === 'scheduled'
}

/** The event of a class to come is gone or unlike: making it again is offered, unless it only stands elsewhere. */
export function canRestore(listed: Pick<ListedCase, 'subject' | 'reason' | 'bookedClass' | 'move'>): boolean {
  return listed.subject === 'class' && hasLostEvent(listed) && listed.move === null
}

function offerOrder(order: ListedCase['order']): RefundOffer | null {
  return order?.left ? { of: 'order', id: order.id, amount: order.left } : null
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
  class_teacher_id: string
  class_status: ClassStatus
  class_paid: boolean
  starts_ms: string
  ends_ms: string
  order_id: string | null
  order_status: PaymentStatus
  order_amount: string
  order_left: string | null
  payment_id: string | null
  payment_role: ProviderPaymentRow['role']
  payment_status: string
  payment_amount: string | null
  payment_left: string | null
  refund_id: string | null
  refund_error: string | null
  returning: boolean | null
  lost: boolean | null
  edit_id: string | null
  edit_from_ms: string
  edit_to_ms: string
}

/**
 * Open cases, the newest first. A case names one subject; everything around it is found from there. What the subject is called is made an id, not
 * the ids of all rows a text: no index finds those.
 */
export async function listCases(handle: Handle, page: { limit: number; offset: number }): Promise<ListedCase[]> {
  const { rows } = await handle.execute<Row>(sql`
    SELECT c.id, c.subject, c.subject_id, c.reason, c.detail, extract(epoch FROM c.opened_at) * 1000 AS opened_ms, u.name AS host_name,
      v.id AS class_id, v.teacher_id AS class_teacher_id, v.status AS class_status, v.paid_at IS NOT NULL AS class_paid, extract(epoch FROM v.starts_at) * 1000 AS starts_ms,
      extract(epoch FROM v.ends_at) * 1000 AS ends_ms,
      o.id AS order_id, o.status AS order_status, o.amount_centavos AS order_amount,
      CASE WHEN o.status = 'approved' AND NOT pays.disputed AND NOT pays.returning THEN pays.left_centavos END AS order_left,
      p.id AS payment_id, p.role AS payment_role, p.status AS payment_status, p.amount_centavos AS payment_amount,
      CASE WHEN p.status = 'approved' AND NOT coalesce(${isReturning('back')}, false) THEN p.amount_centavos - p.refunded_centavos END AS payment_left,
      r.id AS refund_id, r.last_error AS refund_error, CASE WHEN p.id IS NULL THEN pays.returning ELSE ${isReturning('back')} END AS returning,
      CASE WHEN c.reason = 'charged_back' THEN CASE c.subject
        WHEN 'order' THEN (SELECT bool_or(cb.state = 'lost') AND NOT bool_or(cb.state = 'open') FROM charge_back cb WHERE cb.order_id = o.id)
        ELSE (SELECT cb.state = 'lost' FROM charge_back cb WHERE cb.payment_id = p.id) END END AS lost,
      e.id AS edit_id, extract(epoch FROM e.starts_at) * 1000 AS edit_from_ms, extract(epoch FROM e.ends_at) * 1000 AS edit_to_ms
    FROM attention_case c
    LEFT JOIN refund r ON r.id = CASE c.subject WHEN 'refund' THEN c.subject_id::uuid END
    LEFT JOIN provider_payment p ON p.id = CASE c.subject WHEN 'payment' THEN c.subject_id WHEN 'refund' THEN r.payment_id END
    LEFT JOIN refund back ON back.payment_id = p.id
    LEFT JOIN virtual_class cv ON cv.id = CASE c.subject WHEN 'class' THEN c.subject_id::uuid END
    LEFT JOIN payment_order co ON co.class_id = cv.id
    LEFT JOIN payment_order o ON o.id = CASE c.subject
      WHEN 'order' THEN c.subject_id::uuid
      WHEN 'class' THEN co.id
      ELSE coalesce(p.order_id, r.order_id) END
    LEFT JOIN LATERAL (
      SELECT coalesce(bool_or(pp.status IN ('in_mediation', 'charged_back')), false) AS disputed,
        coalesce(bool_or(${isReturning('pr')}), false) AS returning,
        sum(pp.amount_centavos - pp.refunded_centavos) FILTER (WHERE pp.status = 'approved') AS left_centavos
      FROM provider_payment pp LEFT JOIN refund pr ON pr.payment_id = pp.id WHERE pp.order_id = o.id AND pp.role = 'primary') pays ON true
    LEFT JOIN notice n ON n.id = CASE c.subject WHEN 'notice' THEN c.subject_id::uuid END
    LEFT JOIN virtual_class v ON v.id = coalesce(cv.id, o.class_id, n.class_id)
    LEFT JOIN LATERAL (
      SELECT id, starts_at, ends_at FROM calendar_edit
      WHERE class_id = cv.id AND kind = 'moved' AND settled_at IS NULL AND c.reason = 'calendar_changed' ORDER BY found_at LIMIT 1) e ON true
    LEFT JOIN app_user u ON u.id = coalesce(n.user_id, v.booked_by_id, o.user_id)
    WHERE c.resolved_at IS NULL
    ORDER BY c.opened_at DESC, c.id
    LIMIT ${page.limit} OFFSET ${page.offset}`)
  return rows.map(listedOf)
}

/** The provider has taken that refund, or works on one by another hand that it waits for. */
function isReturning(refund: 'back' | 'pr'): SQL {
  const of = sql.raw(refund)
  return sql`${of}.state IN ('requested', 'sent') AND (${of}.provider_refund_id IS NOT NULL OR ${of}.last_error = 'in-process')`
}

function listedOf(row: Row): ListedCase {
  const { id, subject, reason, detail } = row
  return {
    id,
    subject,
    subjectId: row.subject_id,
    reason,
    detail,
    openedAt: new Date(Number(row.opened_ms)),
    hostName: row.host_name,
    bookedClass: row.class_id
      ? {
          id: row.class_id,
          teacherId: row.class_teacher_id,
          status: row.class_status,
          startsAt: new Date(Number(row.starts_ms)),
          endsAt: new Date(Number(row.ends_ms)),
          paid: row.class_paid,
        }
      : null,
    order: row.order_id
      ? { id: row.order_id, status: row.order_status, amount: Number(row.order_amount), left: centavos(row.order_left) }
      : null,
    payment: row.payment_id
      ? {
          id: row.payment_id,
          role: row.payment_role,
          status: row.payment_status,
          amount: centavos(row.payment_amount),
          left: centavos(row.payment_left),
        }
      : null,
    refundId: row.refund_id,
    refundError: row.refund_error,
    isLost: row.lost ?? false,
    isReturning: row.returning ?? false,
    move: row.edit_id
      ? { editId: row.edit_id, to: { startsAt: new Date(Number(row.edit_from_ms)), endsAt: new Date(Number(row.edit_to_ms)) } }
      : null,
  }
}

function centavos(text: string | null): Centavos | null {
  return text === null ? null : Number(text)
}

export async function countCases(handle: Handle): Promise<number> {
  const [row] = await handle.select({ cases: count() }).from(attentionCase).where(isNull(attentionCase.resolvedAt))
  return row?.cases ?? 0
}
