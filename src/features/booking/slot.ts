import { eq } from 'drizzle-orm'
import { type Tx, violates } from '../../db/client.ts'
import { appUser } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { type Interval, overlaps, refuseSlot, type SlotRefusal } from '../academy/rules.ts'
import { listTeachers, loadSchedule, type Teacher } from '../academy/store.ts'
import { busyTime } from '../meeting/busy.ts'
import { subtract } from '../meeting/intervals.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass } from '../payment/store.ts'
import { ownLiveClasses, teacherLoads } from '../virtual-class/load.ts'
import { countUnpaidHolds, isHeldByAnother, lapsedHolds, type NewClass, NO_OVERLAP, ownLapsedHolds } from '../virtual-class/store.ts'
import { nearestFree } from './availability.ts'
import type { BookingOutcome, BookingRefusalDetail } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { inTurn, weekAround } from './turn.ts'

/** Who could give a class, as far as opening hours tell, the one first whose turn it is; never nobody. */
export interface Candidates {
  teachers: readonly Teacher[]
  /** The academy has more teachers than one, so that a person's own class in that hour may be with somebody else. */
  isShared: boolean
}

/** Checks 12 to 18 of behaviour 4.2, for the teacher that was asked for or for each who takes bookings (decision 025). */
export async function checkSlot(deps: Deps, slot: Interval, teacherId?: string): Promise<BookingOutcome<Candidates>> {
  const all = await listTeachers(deps.db.handle)
  const asked = all.filter((teacher) => teacher.active && (teacherId === undefined || teacher.id === teacherId))
  if (asked.length === 0) return refuse(teacherId === undefined ? 'closed' : 'unknown-teacher')
  const judged = await Promise.all(asked.map((teacher) => judge(deps, teacher, slot)))
  const open = judged.flatMap((one) => (one.ok ? [one.value] : []))
  if (open.length === 0) return furthest(judged.flatMap((one) => (one.ok ? [] : [one])))
  const teachers = open.length === 1 ? open : inTurn(open, await teacherLoads(deps.db.handle, weekAround(slot.startsAt), slot))
  return succeed({ teachers, isShared: all.length > 1 })
}

async function judge(deps: Deps, teacher: Teacher, slot: Interval): Promise<Outcome<Teacher, SlotRefusal, BookingRefusalDetail>> {
  const schedule = await loadSchedule(deps.db.handle, teacher, slot.startsAt, slot.endsAt)
  const reason = refuseSlot(schedule, slot, deps.clock.now())
  if (!reason) return succeed(teacher)
  return refuse(reason, {
    slotMinutes: schedule.slotMinutes,
    minNoticeMinutes: schedule.minNoticeMinutes,
    horizonDays: schedule.horizonDays,
  })
}

type Refused = Extract<BookingOutcome<never>, { ok: false }>

/** Of several refusals the one that came nearest to a yes: the last in the order of the checks. */
function furthest(refusals: readonly Refused[]): Refused {
  const [best] = refusals.toSorted((a, b) => SLOT_CHECKS.indexOf(b.reason as SlotRefusal) - SLOT_CHECKS.indexOf(a.reason as SlotRefusal))
  return best ?? refuse('closed')
}

const SLOT_CHECKS: readonly SlotRefusal[] = ['reversed', 'wrong-length', 'past', 'short-notice', 'beyond-horizon', 'closed', 'misaligned']

/**
 * Checks 23 to 24b of behaviour 4.2, and `take`: what writes the class down. As far as the checks need other systems they come before its
 * transaction: busy time is read again, and lapsed holds are asked about (D7a). Of several candidates the next one is asked when the hour of one
 * is taken, also when somebody else takes it at this very moment: that is for the exclusion constraint to say.
 * `counted`: whether the class would be one more unpaid hold of this person.
 */
export async function takeFirstFree<T>(
  deps: Deps,
  userId: string,
  { teachers, isShared }: Candidates,
  slot: SlotRequest,
  counted: boolean,
  take: (teacher: Teacher) => Promise<BookingOutcome<T>>,
): Promise<BookingOutcome<T>> {
  if (counted && (await hasTooManyHolds(deps, userId))) return refuse('too-many-holds')
  if (isShared) await settleLapsed(deps, await ownLapsedHolds(deps.db.handle, userId, deps.clock.now()))
  let unreadable = 0
  for (const teacher of teachers) {
    const cleared = await clearSlot(deps, teacher.id, slot)
    // Of a crowd that wants one slot most learn here that it is gone, without a transaction that waits for the others'.
    if (cleared.ok && !(await isHeldByAnother(deps.db.handle, teacher.id, userId, slot))) {
      try {
        const taken = await take(teacher)
        if (taken.ok || taken.reason !== 'slot-taken') return taken
        break
      } catch (error) {
        if (!violates(error, NO_OVERLAP)) throw error
      }
    } else if (!cleared.ok && cleared.reason === 'calendar-unreadable') unreadable++
  }
  return unreadable === teachers.length ? refuse('calendar-unreadable') : slotTaken(deps, slot)
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

/**
 * Whether this person has a class of their own in that hour already, with whomever; asked with their row locked, so that one person who asks twice
 * at the same moment is not given two teachers. Where there is one teacher the constraint says so.
 */
export async function isOwnHour(tx: Tx, userId: string, { isShared }: Candidates, slot: Interval): Promise<boolean> {
  return isShared && (await ownLiveClasses(tx, userId, slot)) > 0
}

/** Counted with the person's row locked, so that parallel requests cannot slip past the limit together (D7e), nor past the end of the account. */
export async function countHoldsLocked(deps: Deps, tx: Tx, userId: string): Promise<'room' | 'too-many' | 'no-account'> {
  const [person] = await tx.select({ deletedAt: appUser.deletedAt }).from(appUser).where(eq(appUser.id, userId)).for('no key update')
  if (!person || person.deletedAt) return 'no-account'
  return (await countUnpaidHolds(tx, userId)) >= deps.config.maxUnpaidHolds ? 'too-many' : 'room'
}

export async function slotTaken(deps: Deps, slot: SlotRequest): Promise<BookingOutcome<never>> {
  const alternatives = await nearestFree(deps, slot.startsAt, slot.teacherId ?? null)
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
