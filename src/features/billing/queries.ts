import { and, asc, count, desc, eq, inArray, isNotNull, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { appUser, type ClassStatus, paymentOrder, providerPayment, refund, teacher, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { UNNAMED_TEACHER } from '../academy/store.ts'
import type { Viewer } from '../identity/store.ts'
import { openMoney } from '../payment/standing.ts'
import { type Bill, type Charge, hasReceipt } from './rules.ts'

/** An order of a person that reached a checkout, with the class it is for. */
export interface OwnPayment extends Bill {
  orderId: string
  /** Counts a person's own orders from 1, the oldest first. */
  number: number
  preferenceId: string
  currency: string
  classType: 'individual' | 'grupal'
  maxParticipants: number
  createdAt: Date
  approvedAt: Date | null
  bookedClass: { id: string; status: ClassStatus; startsAt: Date; endsAt: Date } | null
}

/** A person's own payments, the newest first. */
export async function ownPayments(handle: Handle, userId: string, page: { limit: number; offset: number }): Promise<OwnPayment[]> {
  return payments(handle, userId, undefined, page)
}

export async function countOwnPayments(handle: Handle, userId: string): Promise<number> {
  const [row] = await handle.select({ payments: count() }).from(paymentOrder).where(ofUser(userId))
  return row?.payments ?? 0
}

export interface Receipt {
  payment: OwnPayment
  studentName: string
  teacherName: string | null
}

/**
 * The receipt of a payment, by its own number or by its order: for the one who paid, by order also for the admin. Null when it is unknown,
 * somebody else's, or when no money came in.
 */
export async function receiptOf(deps: Deps, viewer: Viewer, by: { number: number } | { orderId: string }): Promise<Receipt | null> {
  const { handle } = deps.db
  const orderId = 'orderId' in by ? by.orderId : await orderOfNumber(handle, viewer.id, by.number)
  if (orderId === null) return null
  const [order] = await handle
    .select({ userId: paymentOrder.userId, studentName: appUser.name, teacherName: teacher.displayName })
    .from(paymentOrder)
    .innerJoin(appUser, eq(appUser.id, paymentOrder.userId))
    .leftJoin(virtualClass, eq(virtualClass.id, paymentOrder.classId))
    .leftJoin(teacher, eq(teacher.id, virtualClass.teacherId))
    .where(eq(paymentOrder.id, orderId))
  if (!order || (order.userId !== viewer.id && viewer.role !== 'ADMIN')) return null
  const [payment] = await payments(handle, order.userId, sql`numbered.id = ${orderId}`, { limit: 1, offset: 0 })
  if (!payment || !hasReceipt(payment.charges)) return null
  return { payment, studentName: order.studentName, teacherName: order.teacherName && nameOf(deps, order.teacherName) }
}

/** A teacher without a name of their own goes by the one that the academy gives, or by the academy's. */
function nameOf({ config }: Deps, displayName: string): string {
  return displayName === UNNAMED_TEACHER ? (config.academy.teacher.name ?? config.academy.name) : displayName
}

async function orderOfNumber(handle: Handle, userId: string, number: number): Promise<string | null> {
  const [row] = await handle
    .select({ id: paymentOrder.id })
    .from(paymentOrder)
    .where(ofUser(userId))
    .orderBy(asc(paymentOrder.createdAt), asc(paymentOrder.id))
    .limit(1)
    .offset(number - 1)
  return row?.id ?? null
}

function ofUser(userId: string): SQL | undefined {
  return and(eq(paymentOrder.userId, userId), isNotNull(paymentOrder.preferenceId))
}

/** Numbered over everything that is the person's before one page is taken. */
async function payments(
  handle: Handle,
  userId: string,
  only: SQL | undefined,
  page: { limit: number; offset: number },
): Promise<OwnPayment[]> {
  const numbered = handle
    .select({
      id: paymentOrder.id,
      number: sql<number>`(row_number() OVER (ORDER BY ${paymentOrder.createdAt}, ${paymentOrder.id}))::int`.as('number'),
    })
    .from(paymentOrder)
    .where(ofUser(userId))
    .as('numbered')
  const rows = await handle
    .select({
      order: paymentOrder,
      number: numbered.number,
      money: openMoney(),
      bookedClass: {
        id: virtualClass.id,
        status: virtualClass.status,
        startsAt: virtualClass.startsAt,
        endsAt: virtualClass.endsAt,
      },
      cancelReason: virtualClass.cancelReason,
      refundOwed: virtualClass.refundOwed,
    })
    .from(numbered)
    .innerJoin(paymentOrder, eq(paymentOrder.id, numbered.id))
    .leftJoin(virtualClass, eq(virtualClass.id, paymentOrder.classId))
    .where(only)
    .orderBy(desc(numbered.number))
    .limit(page.limit)
    .offset(page.offset)
  const charges = await chargesOf(
    handle,
    rows.map(({ order }) => order.id),
  )
  return rows.map(({ order, number, money, bookedClass, cancelReason, refundOwed }) => ({
    orderId: order.id,
    number,
    preferenceId: order.preferenceId ?? '',
    status: order.status,
    amount: order.amountCentavos,
    currency: order.currency,
    refunded: order.refundedCentavos,
    refundedAt: order.refundedAt,
    expiresAt: order.expiresAt,
    classType: order.classType,
    maxParticipants: order.maxParticipants,
    createdAt: order.createdAt,
    approvedAt: order.approvedAt,
    money,
    cancelReason,
    refundOwed: refundOwed ?? false,
    bookedClass,
    charges: charges.filter((charge) => charge.orderId === order.id),
  }))
}

async function chargesOf(handle: Handle, orderIds: string[]): Promise<(Charge & { orderId: string | null })[]> {
  if (orderIds.length === 0) return []
  const rows = await handle
    .select({
      orderId: providerPayment.orderId,
      paymentId: providerPayment.id,
      status: providerPayment.status,
      amount: providerPayment.amountCentavos,
      refunded: providerPayment.refundedCentavos,
      approvedAt: providerPayment.approvedAt,
      role: providerPayment.role,
      chargeBack: sql<{ state: 'open' | 'lost' | 'won'; amount: number; decided: number | null } | null>`(
        SELECT json_build_object('state', c.state, 'amount', c.amount_centavos, 'decided', extract(epoch FROM c.decided_at) * 1000)
        FROM charge_back c WHERE c.payment_id = ${providerPayment.id})`,
      // The first column tells whether there is a refund at all: it must be one that is never null.
      refund: {
        amount: refund.amountCentavos,
        state: refund.state,
        askedAt: refund.createdAt,
        settledAt: refund.updatedAt,
        refundId: refund.providerRefundId,
      },
    })
    .from(providerPayment)
    .leftJoin(refund, eq(refund.paymentId, providerPayment.id))
    .where(inArray(providerPayment.orderId, orderIds))
    .orderBy(asc(providerPayment.createdAt), asc(providerPayment.id))
    .limit(orderIds.length * CHARGES_PER_ORDER_MAX)
  return rows.map(({ chargeBack, ...row }) => ({
    ...row,
    amount: row.amount ?? 0,
    chargeBack: chargeBack && { ...chargeBack, decidedAt: chargeBack.decided === null ? null : new Date(chargeBack.decided) },
  }))
}

const CHARGES_PER_ORDER_MAX = 20
