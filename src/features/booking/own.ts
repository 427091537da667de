import { and, asc, desc, eq, gt, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { participation, paymentOrder, virtualClass } from '../../db/tables.ts'
import { teacherNameOf } from '../academy/names.ts'
import { type OpenMoney, openMoney } from '../payment/standing.ts'
import { touching } from '../virtual-class/touching.ts'

/**
 * Where a booking stands that is not a class yet. `unpaid`: held, and nothing was paid. `in-process`, `in-review`: money is on its way or
 * stands before a person, so nobody is asked to pay again. `preparing`: paid, and the link is being made (behaviour D19a).
 */
export type Standing = 'unpaid' | 'in-process' | 'in-review' | 'preparing'

export interface OpenBooking {
  classId: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  maxParticipants: number
  learningFocus: string | null
  teacherId: string
  /** Null while the academy has one teacher only. */
  teacherName: string | null
  /** Set while the slot is held for a payment. */
  holdExpiresAt: Date | null
  /** Where it is paid; null while the payment has no address yet. */
  initPoint: string | null
  standing: Standing
  /** The provider's reason for the newest attempt that it rejected; null while there is none. */
  rejection: string | null
  /** `held`: the slot is theirs. `lapsed`: a late payment takes it again if it is free. `given-up`: a late payment goes back. */
  slot: 'held' | 'lapsed' | 'given-up'
}

const OPEN_MAX = 100

/** Bookings of a person that still wait for something, the soonest class first; ones whose hour is over are left out. */
export async function openBookings(handle: Handle, userId: string, now: Date): Promise<OpenBooking[]> {
  const rows = await readOpen(handle, { userId, now })
  return rows.flatMap(({ status, cancelReason, paidAt, money, ...row }) => {
    const standing = standingOf({ status, paidAt, money, holdExpiresAt: row.holdExpiresAt }, now)
    if (!standing) return []
    return [{ ...row, standing, slot: status === 'pending' ? 'held' : cancelReason === 'host_cancelled' ? 'given-up' : 'lapsed' }]
  })
}

const readOpen = hotRead((handle, later: (name: 'userId' | 'now') => Later) =>
  handle
    .select({
      classId: virtualClass.id,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      classType: virtualClass.classType,
      maxParticipants: virtualClass.maxParticipants,
      learningFocus: virtualClass.learningFocus,
      teacherId: virtualClass.teacherId,
      teacherName: teacherNameOf(),
      holdExpiresAt: virtualClass.holdExpiresAt,
      initPoint: paymentOrder.initPoint,
      status: virtualClass.status,
      cancelReason: virtualClass.cancelReason,
      paidAt: virtualClass.paidAt,
      money: openMoney(),
      rejection: newestRejection(),
    })
    .from(virtualClass)
    .innerJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .where(
      and(
        eq(virtualClass.bookedById, later('userId')),
        gt(virtualClass.endsAt, later('now')),
        or(eq(virtualClass.status, 'pending'), and(eq(virtualClass.status, 'cancelled'), isNull(virtualClass.paidAt))),
      ),
    )
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(OPEN_MAX),
)

function newestRejection(): SQL<string | null> {
  return sql<string | null>`(
    SELECT tried.status_detail FROM provider_payment AS tried
    WHERE tried.order_id = payment_order.id AND tried.status = 'rejected'
    ORDER BY tried.provider_updated_at DESC LIMIT 1)`
}

function standingOf(
  booking: { status: string; paidAt: Date | null; money: OpenMoney | null; holdExpiresAt: Date | null },
  now: Date,
): Standing | null {
  if (booking.paidAt) return 'preparing'
  if (booking.money === 'in-process' || booking.money === 'in-review') return booking.money
  return booking.status === 'pending' && booking.holdExpiresAt !== null && booking.holdExpiresAt > now ? 'unpaid' : null
}

/** When a person's own confirmed classes are, as host or guest, as far as they touch [from, to). */
export async function ownClassTimes(handle: Handle, userId: string, from: Date, to: Date): Promise<{ startsAt: Date; endsAt: Date }[]> {
  return readOwnTimes(handle, { userId, from, to })
}

const readOwnTimes = hotRead((handle, later: (name: 'userId' | 'from' | 'to') => Later) =>
  handle
    .select({ startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .innerJoin(participation, eq(participation.classId, virtualClass.id))
    .where(
      and(
        eq(participation.userId, later('userId')),
        inArray(virtualClass.status, ['scheduled', 'completed']),
        touching(later('from'), later('to')),
      ),
    )
    .limit(OPEN_MAX),
)

/**
 * Whether a person's newest booking of exactly this slot was a hold that ran out unpaid. `settling`: nobody has asked Mercado Pago about it
 * yet, so its slot still looks taken; whoever books it makes that happen (behaviour D7a).
 */
export async function endedHold(handle: Handle, userId: string, startsAt: Date, now: Date): Promise<'settling' | 'over' | null> {
  const [newest] = await handle
    .select({
      status: virtualClass.status,
      cancelReason: virtualClass.cancelReason,
      paidAt: virtualClass.paidAt,
      holdExpiresAt: virtualClass.holdExpiresAt,
    })
    .from(virtualClass)
    .where(and(eq(virtualClass.bookedById, userId), eq(virtualClass.startsAt, startsAt)))
    .orderBy(desc(virtualClass.createdAt))
    .limit(1)
  if (!newest || newest.paidAt) return null
  if (newest.status === 'pending') return newest.holdExpiresAt !== null && newest.holdExpiresAt <= now ? 'settling' : null
  return newest.cancelReason === 'hold_expired' || newest.cancelReason === 'payment_rejected' ? 'over' : null
}
