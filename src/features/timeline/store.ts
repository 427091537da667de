import { and, asc, eq, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import {
  accessCode,
  appUser,
  auditLog,
  notice,
  type PaymentOrderRow,
  participation,
  paymentOrder,
  providerPayment,
  refund,
  type VirtualClassRow,
  virtualClass,
} from '../../db/tables.ts'
import { NOTICE_KINDS } from '../notice/kinds.ts'
import type { TimelineFacts } from './facts.ts'

/** Of each kind of row, at most so many are told: no class has as many. */
const ROWS_MAX = 500

export interface ClassWithOrder {
  bookedClass: VirtualClassRow
  hostName: string
  order: PaymentOrderRow | null
}

/** A class for somebody who belongs to it, or for the admin; null for everybody else, as if it did not exist. */
export async function findClassFor(
  handle: Handle,
  viewer: { id: string; isAdmin: boolean },
  classId: string,
): Promise<ClassWithOrder | null> {
  const belongs = or(eq(virtualClass.bookedById, viewer.id), isNotNull(participation.id))
  const [row] = await handle
    .select({ bookedClass: virtualClass, hostName: appUser.name, order: paymentOrder })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .leftJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .leftJoin(participation, and(eq(participation.classId, virtualClass.id), eq(participation.userId, viewer.id)))
    .where(and(eq(virtualClass.id, classId), viewer.isAdmin ? undefined : belongs))
  return row ?? null
}

/** Everything that is known of a class. */
export async function factsOf(handle: Handle, { bookedClass, order }: ClassWithOrder): Promise<TimelineFacts> {
  const { id: classId } = bookedClass
  const [people, codes, cancellations, { audit, returnsSeen }, mails, payments, refunds, disputes] = await Promise.all([
    peopleOf(handle, classId, bookedClass.bookedById),
    codesOf(handle, classId),
    cancellationsOf(handle, classId),
    auditOf(handle, classId, order?.id ?? null),
    mailsAbout(handle, classId),
    order ? paymentsOf(handle, order.id) : [],
    order ? refundsOf(handle, order.id) : [],
    order ? disputesOf(handle, order.id) : [],
  ])
  return {
    bookedClass: { ...bookedClass, hostId: bookedClass.bookedById },
    order: order && { ...order, amount: order.amountCentavos },
    payments,
    refunds,
    disputes,
    returnsSeen,
    cancellations,
    codes,
    people,
    departures: await departuresOf(handle, audit),
    audit,
    mails,
  }
}

async function peopleOf(handle: Handle, classId: string, hostId: string): Promise<TimelineFacts['people']> {
  const rows = await handle
    .select({
      userId: participation.userId,
      name: appUser.name,
      joinedAt: participation.createdAt,
      firstEnteredAt: participation.firstEnteredAt,
      enteredAt: participation.enteredAt,
      attended: participation.attended,
      minutes: participation.attendedMinutes,
      source: participation.attendanceSource,
      attendanceAt: participation.attendanceAt,
    })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.seat))
    .limit(ROWS_MAX)
  return rows.map(({ attended, minutes, source, attendanceAt, ...row }) => ({
    ...row,
    isHost: row.userId === hostId,
    attendance: attended !== null && source && attendanceAt ? { attended, minutes, source, at: attendanceAt } : null,
  }))
}

async function codesOf(handle: Handle, classId: string): Promise<TimelineFacts['codes']> {
  return handle
    .select({ issuedAt: accessCode.issuedAt, retireReason: accessCode.retireReason })
    .from(accessCode)
    .where(eq(accessCode.classId, classId))
    .orderBy(asc(accessCode.issuedAt), sql`${accessCode.retiredAt} NULLS LAST`)
    .limit(ROWS_MAX)
}

async function cancellationsOf(handle: Handle, classId: string): Promise<TimelineFacts['cancellations']> {
  const { rows } = await handle.execute<{ reason: string; by_id: string | null; cancelled: string; revived: string | null }>(sql`
    SELECT reason, by_id, extract(epoch FROM cancelled_at) * 1000 AS cancelled, extract(epoch FROM revived_at) * 1000 AS revived
    FROM class_cancellation WHERE class_id = ${classId} ORDER BY ordinal LIMIT ${ROWS_MAX}`)
  return rows.map(({ reason, by_id: byId, cancelled, revived }) => ({
    reason: reason as TimelineFacts['cancellations'][number]['reason'],
    byId,
    cancelledAt: instant(cancelled),
    revivedAt: revived === null ? null : instant(revived),
  }))
}

/** Of the class, and of its order what went back. */
async function auditOf(handle: Handle, classId: string, orderId: string | null): Promise<Pick<TimelineFacts, 'audit' | 'returnsSeen'>> {
  const ofClass = and(eq(auditLog.subject, 'class'), eq(auditLog.subjectId, classId))
  const returned = and(eq(auditLog.subject, 'order'), eq(auditLog.subjectId, orderId ?? ''), eq(auditLog.action, 'payment.returned'))
  const rows = await handle
    .select({ subject: auditLog.subject, at: auditLog.at, action: auditLog.action, actorId: auditLog.actorId, detail: auditLog.detail })
    .from(auditLog)
    .where(orderId ? or(ofClass, returned) : ofClass)
    .orderBy(asc(auditLog.at))
    .limit(ROWS_MAX)
  return {
    audit: rows.filter(({ subject }) => subject === 'class').map(({ subject, ...row }) => row),
    returnsSeen: rows.filter(({ subject }) => subject === 'order').map(({ at }) => at),
  }
}

/** Their rows are gone: who left, and since when they had been in, is known from the audit log. */
async function departuresOf(handle: Handle, audit: TimelineFacts['audit']): Promise<TimelineFacts['departures']> {
  const gone = audit.flatMap(({ at, action, actorId, detail }) => {
    const userId = action === 'class.leave' ? actorId : action === 'class.release-seat' ? detail.userId : null
    const joinedAt = typeof detail.joinedAt === 'string' ? new Date(detail.joinedAt) : null
    return typeof userId === 'string' ? [{ at, userId, joinedAt, actorId }] : []
  })
  if (gone.length === 0) return []
  const ids = [...new Set(gone.map(({ userId }) => userId))]
  const rows = await handle.select({ id: appUser.id, name: appUser.name }).from(appUser).where(inArray(appUser.id, ids))
  const names = new Map(rows.map(({ id, name }) => [id, name]))
  return gone.map((each) => ({ ...each, name: names.get(each.userId) ?? '' }))
}

async function mailsAbout(handle: Handle, classId: string): Promise<TimelineFacts['mails']> {
  const rows = await handle
    .select({ userId: notice.userId, name: appUser.name, kind: notice.kind, sentAt: notice.sentAt })
    .from(notice)
    .innerJoin(appUser, eq(appUser.id, notice.userId))
    .where(and(eq(notice.classId, classId), eq(notice.state, 'sent')))
    .orderBy(asc(notice.createdAt))
    .limit(ROWS_MAX)
  return rows.flatMap(({ sentAt, kind: written, ...row }) => {
    const kind = NOTICE_KINDS.find((known) => known === written)
    return sentAt && kind ? [{ ...row, kind, sentAt }] : []
  })
}

async function paymentsOf(handle: Handle, orderId: string): Promise<TimelineFacts['payments']> {
  return handle
    .select({
      id: providerPayment.id,
      status: providerPayment.status,
      statusDetail: providerPayment.statusDetail,
      amount: providerPayment.amountCentavos,
      refunded: providerPayment.refundedCentavos,
      approvedAt: providerPayment.approvedAt,
      updatedAt: providerPayment.providerUpdatedAt,
      role: providerPayment.role,
    })
    .from(providerPayment)
    .where(eq(providerPayment.orderId, orderId))
    .orderBy(asc(providerPayment.createdAt), asc(providerPayment.id))
    .limit(ROWS_MAX)
}

async function refundsOf(handle: Handle, orderId: string): Promise<TimelineFacts['refunds']> {
  const rows = await handle
    .select({
      paymentId: refund.paymentId,
      amount: refund.amountCentavos,
      reason: refund.reason,
      state: refund.state,
      refundId: refund.providerRefundId,
      createdAt: refund.createdAt,
      updatedAt: refund.updatedAt,
    })
    .from(refund)
    .innerJoin(providerPayment, eq(providerPayment.id, refund.paymentId))
    .where(eq(providerPayment.orderId, orderId))
    .orderBy(asc(refund.createdAt))
    .limit(ROWS_MAX)
  if (rows.length === 0) return []
  const told = await handle
    .select({ paymentId: auditLog.subjectId, at: auditLog.at, action: auditLog.action, detail: auditLog.detail })
    .from(auditLog)
    .where(
      and(
        eq(auditLog.subject, 'payment'),
        inArray(
          auditLog.subjectId,
          rows.map(({ paymentId }) => paymentId),
        ),
        inArray(auditLog.action, [...REQUESTED, 'refund.failed']),
      ),
    )
    .orderBy(asc(auditLog.at))
    .limit(ROWS_MAX)
  return rows.map((row) => {
    const own = told
      .filter(({ paymentId }) => paymentId === row.paymentId)
      .map(({ at, action, detail }) => ({ at, action, amount: Number(detail.amountCentavos) }))
    return {
      ...row,
      requests: own.filter(({ action }) => REQUESTED.includes(action)),
      failures: own.filter(({ action }) => action === 'refund.failed'),
    }
  })
}

const REQUESTED = ['refund.request', 'refund.anew']

async function disputesOf(handle: Handle, orderId: string): Promise<TimelineFacts['disputes']> {
  const { rows } = await handle.execute<{
    payment_id: string
    amount: string
    state: 'open' | 'lost' | 'won'
    opened: string
    decided: string | null
  }>(sql`
    SELECT payment_id, amount_centavos AS amount, state, extract(epoch FROM opened_at) * 1000 AS opened, extract(epoch FROM decided_at) * 1000 AS decided
    FROM charge_back WHERE order_id = ${orderId} ORDER BY opened_at LIMIT ${ROWS_MAX}`)
  return rows.map((row) => ({
    paymentId: row.payment_id,
    amount: Number(row.amount),
    state: row.state,
    openedAt: instant(row.opened),
    decidedAt: row.decided === null ? null : instant(row.decided),
  }))
}

function instant(epochMs: string): Date {
  return new Date(Number(epochMs))
}
