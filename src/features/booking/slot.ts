import { eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { appUser } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { type Interval, overlaps, refuseSlot } from '../academy/rules.ts'
import { defaultTeacher, loadSchedule, type Teacher } from '../academy/store.ts'
import { busyTime } from '../meeting/busy.ts'
import { subtract } from '../meeting/intervals.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass } from '../payment/store.ts'
import { countUnpaidHolds, lapsedHolds, type NewClass, ownLapsedHolds } from '../virtual-class/store.ts'
import { nearestFree } from './availability.ts'
import type { BookingOutcome } from './rules.ts'
import type { SlotRequest } from './schema.ts'

/** Checks 12 to 18 of behaviour 4.2. */
export async function checkSlot(deps: Deps, slot: Interval): Promise<BookingOutcome<Teacher>> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) return refuse('closed')
  const schedule = await loadSchedule(deps.db.handle, teacher, slot.startsAt, slot.endsAt)
  const reason = refuseSlot(schedule, slot, deps.clock.now())
  if (!reason) return succeed(teacher)
  return refuse(reason, {
    slotMinutes: schedule.slotMinutes,
    minNoticeMinutes: schedule.minNoticeMinutes,
    horizonDays: schedule.horizonDays,
  })
}

/**
 * Checks 23 to 24b of behaviour 4.2 as far as they need other systems, which may only be called before the transaction: busy time is read
 * again, and lapsed holds are asked about (D7a). What is found here is found again inside the transaction.
 * `counted`: whether the class would be one more unpaid hold of this person.
 */
export async function makeRoom(
  deps: Deps,
  userId: string,
  teacher: Teacher,
  slot: SlotRequest,
  counted: boolean,
): Promise<BookingOutcome<null>> {
  if (counted && (await hasTooManyHolds(deps, userId))) return refuse('too-many-holds')
  const cleared = await clearSlot(deps, teacher.id, slot)
  if (cleared.ok) return cleared
  return cleared.reason === 'slot-taken' ? slotTaken(deps, slot) : refuse(cleared.reason)
}

/** Whether the calendar leaves that time free, asked now; holds that have run out there are settled. `own`: time that whoever asks leaves. */
export async function clearSlot(
  deps: Deps,
  teacherId: string,
  slot: Interval,
  own: readonly Interval[] = [],
): Promise<Outcome<null, 'calendar-unreadable' | 'slot-taken'>> {
  const busy = await busyTime(deps, teacherId, slot.startsAt, slot.endsAt, 'now')
  if (!busy.ok) return refuse('calendar-unreadable')
  if (subtract(busy.value, own).some((interval) => overlaps(interval, slot))) return refuse('slot-taken')
  await settleLapsed(deps, await lapsedHolds(deps.db.handle, teacherId, slot, deps.clock.now()))
  return succeed(null)
}

async function hasTooManyHolds(deps: Deps, userId: string): Promise<boolean> {
  const { maxUnpaidHolds } = deps.config
  if ((await countUnpaidHolds(deps.db.handle, userId)) < maxUnpaidHolds) return false
  await settleLapsed(deps, await ownLapsedHolds(deps.db.handle, userId, deps.clock.now()))
  return (await countUnpaidHolds(deps.db.handle, userId)) >= maxUnpaidHolds
}

/** Asks what became of holds that have run out; a provider that is silent once is not asked again for the next one. */
async function settleLapsed(deps: Deps, classIds: readonly string[]): Promise<void> {
  for (const classId of classIds) {
    const order = await findOrderOfClass(deps.db.handle, classId)
    if (order && (await reconcileOrder(deps, order.id)) === 'provider-silent') return
  }
}

/** Counted with the person's row locked, so that parallel requests cannot slip past the limit together (D7e), nor past the end of the account. */
export async function countHoldsLocked(deps: Deps, tx: Tx, userId: string): Promise<'room' | 'too-many' | 'no-account'> {
  const [person] = await tx.select({ deletedAt: appUser.deletedAt }).from(appUser).where(eq(appUser.id, userId)).for('no key update')
  if (!person || person.deletedAt) return 'no-account'
  return (await countUnpaidHolds(tx, userId)) >= deps.config.maxUnpaidHolds ? 'too-many' : 'room'
}

export async function slotTaken(deps: Deps, slot: SlotRequest): Promise<BookingOutcome<never>> {
  const alternatives = await nearestFree(deps, slot.startsAt)
  return refuse('slot-taken', {
    alternatives: alternatives.map((free) => ({ start: free.startsAt.toISOString(), end: free.endsAt.toISOString() })),
  })
}

export function classRow(
  id: string,
  userId: string,
  teacher: Teacher,
  request: SlotRequest,
  price: Centavos,
): Omit<NewClass, 'holdExpiresAt' | 'paidAt'> {
  return {
    id,
    teacherId: teacher.id,
    bookedById: userId,
    startsAt: request.startsAt,
    endsAt: request.endsAt,
    classType: request.classType,
    maxParticipants: request.count,
    priceCentavos: price,
    learningFocus: request.focus,
  }
}

/** Runs a command whose every failure of the store has a documented answer. The transaction has rolled back: nothing was done. */
export async function orNotStored<T>(
  deps: Deps,
  reason: 'not-stored' | 'order-not-stored',
  work: () => Promise<BookingOutcome<T>>,
): Promise<BookingOutcome<T>> {
  try {
    return await work()
  } catch (error) {
    deps.log.error({ reason, ...describeFailure(error) }, 'a booking could not be stored')
    return refuse(reason)
  }
}
