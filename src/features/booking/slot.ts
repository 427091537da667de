import { eq } from 'drizzle-orm'
import { type Tx, violates } from '../../db/client.ts'
import { appUser } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { askTogether } from '../../kernel/together.ts'
import { type Hours, loadHours, scheduleOf } from '../academy/hours.ts'
import { everyTeacher } from '../academy/queries.ts'
import { type Interval, refuseSlot, type SlotRefusal } from '../academy/rules.ts'
import type { Teacher } from '../academy/store.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass } from '../payment/store.ts'
import { classesInTheWay, classesOfTeachers, type InTheWay } from '../virtual-class/in-the-way.ts'
import { hasOwnClass, teacherLoads } from '../virtual-class/load.ts'
import { countUnpaidHolds, lapsedHolds, type NewClass, NO_OVERLAP, OWN_HOUR, ownLapsedHolds } from '../virtual-class/store.ts'
import { nearestFree } from './availability.ts'
import { inTurnAsked, isHourFree, type Leave, wereHoursFree } from './calendars.ts'
import type { BookingOutcome, BookingRefusalDetail } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { inTurn, weekAround } from './turn.ts'

/**
 * Checks 12 to 18 of behaviour 4.2, for the teacher that was asked for or for each who takes bookings (decision 025): who could give a class, as
 * far as opening hours tell, the one first whose turn it is; never nobody.
 */
export async function checkSlot(deps: Deps, slot: Interval, teacherId?: string): Promise<BookingOutcome<readonly Teacher[]>> {
  const all = await everyTeacher(deps)
  const asked = all.filter((teacher) => teacher.active && (teacherId === undefined || teacher.id === teacherId))
  if (asked.length === 0) return refuse(teacherId === undefined ? 'closed' : 'unknown-teacher')
  const hours = await hoursOf(deps, asked, slot)
  const judged = asked.map((teacher) => judge(teacher, hours, slot, deps.clock.now()))
  const open = judged.flatMap((one) => (one.ok ? [one.value] : []))
  if (open.length === 0) return furthest(judged.flatMap((one) => (one.ok ? [] : [one])))
  return succeed(open.length === 1 ? open : inTurn(open, await teacherLoads(deps.db.handle, weekAround(slot.startsAt), slot)))
}

function hoursOf(deps: Deps, teachers: readonly Teacher[], { startsAt, endsAt }: Interval): Promise<ReadonlyMap<string, Hours>> {
  const ids = teachers.map(({ id }) => id)
  return askTogether(deps, `hours ${ids.join(' ')} ${startsAt.getTime()} ${endsAt.getTime()}`, () =>
    loadHours(deps.db.handle, ids, startsAt, endsAt),
  )
}

function judge(
  teacher: Teacher,
  hours: ReadonlyMap<string, Hours>,
  slot: Interval,
  now: Date,
): Outcome<Teacher, SlotRefusal, BookingRefusalDetail> {
  // Limits are those that this person read; only what the key of the reading names comes from whoever asked first.
  const schedule = scheduleOf(teacher, hours)
  const reason = refuseSlot(schedule, slot, now)
  if (!reason) return succeed(teacher)
  const { slotMinutes, minNoticeMinutes, horizonDays } = schedule
  return refuse(reason, { slotMinutes, minNoticeMinutes, horizonDays })
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
 * is taken, also when somebody else takes it at this very moment: that is for the exclusion constraints to say, also whether this person has a class
 * of their own in that hour. Check 23 is before this: `hasTooManyHolds`. `own`: what the person has in that hour, by whoever has just read it.
 */
export async function takeFirstFree<T>(
  deps: Deps,
  userId: string,
  teachers: readonly Teacher[],
  slot: SlotRequest,
  take: (teacher: Teacher) => Promise<BookingOutcome<T>>,
  own?: readonly InTheWay[],
): Promise<BookingOutcome<T>> {
  let unreadable = 0
  const { free, isOwn } = await withoutOthers(deps, userId, teachers, slot, own)
  if (free.length === 0) return slotTaken(deps, userId, slot, isOwn)
  for await (const { teacher, leave } of askedFor(deps, free, slot)) {
    if (!leave.ok) {
      if (leave.reason === 'calendar-unreadable') unreadable++
      continue
    }
    try {
      const taken = await take(teacher)
      if (taken.ok || taken.reason !== 'slot-taken') return taken
      break
    } catch (error) {
      if (violates(error, OWN_HOUR)) break
      if (!violates(error, NO_OVERLAP)) throw error
    }
  }
  return unreadable === teachers.length ? refuse('calendar-unreadable') : slotTaken(deps, userId, slot)
}

/**
 * The teachers whose hour nobody else holds, and whether this person has a class of their own in it; holds that have run out, also the person's own,
 * are settled first. Of a crowd that wants one slot most learn here that it is gone, before any calendar is asked, and without a transaction that
 * waits for the others'.
 */
async function withoutOthers(
  deps: Deps,
  userId: string,
  teachers: readonly Teacher[],
  slot: Interval,
  own?: readonly InTheWay[],
): Promise<{ free: readonly Teacher[]; isOwn: boolean }> {
  const ids = teachers.map(({ id }) => id)
  const look = () => classesInTheWay(deps, ids, userId, slot)
  const others = async () => (await classesOfTeachers(deps, ids, slot)).filter(({ bookedById }) => bookedById !== userId)
  let inTheWay = own ? [...(await others()), ...own] : await look()
  const lapsed = inTheWay.filter(({ hasLapsed }) => hasLapsed)
  if (lapsed.length > 0) {
    await settleLapsed(
      deps,
      lapsed.map(({ classId }) => classId),
    )
    inTheWay = await look()
  }
  const held = new Set(inTheWay.filter(({ bookedById }) => bookedById !== userId).map(({ teacherId }) => teacherId))
  return { free: teachers.filter(({ id }) => !held.has(id)), isOwn: inTheWay.some(({ bookedById }) => bookedById === userId) }
}

/** The one teacher who was asked for is asked, however long that takes; of several, as many as it takes. */
async function* askedFor(deps: Deps, teachers: readonly Teacher[], slot: Interval): AsyncGenerator<{ teacher: Teacher; leave: Leave }> {
  const [only, ...others] = teachers
  if (only && others.length === 0) yield { teacher: only, leave: await isHourFree(deps, only, slot) }
  else {
    const known = (all: readonly Teacher[]) => wereHoursFree(deps, all, slot)
    const now = (teacher: Teacher) => isHourFree(deps, teacher, slot)
    for await (const { candidate: teacher, leave } of inTurnAsked(teachers, { known, now })) yield { teacher, leave }
  }
}

/** Whether the calendar leaves that time free for a class that moves there, asked now; holds that have run out there are settled. */
export async function clearSlot(
  deps: Deps,
  moving: Interval & { teacherId: string; bookedById: string },
  teacher: Teacher,
  slot: Interval,
): Promise<Leave> {
  const leave = await isHourFree(deps, teacher, slot, [moving])
  if (!leave.ok) return leave
  await clearLapsed(deps, moving, slot)
  return leave
}

/** Settles what has run out in an hour of the teacher or of the host and still looks taken. Asks Mercado Pago, so it comes before a transaction. */
export async function clearLapsed(deps: Deps, moving: { teacherId: string; bookedById: string }, slot: Interval): Promise<void> {
  await settleLapsed(deps, await lapsedHolds(deps.db.handle, moving, slot, deps.clock.now()))
}

/** Check 23 of behaviour 4.2; holds that have run out are settled before it says no. `counted`: by whoever knows how many there are. */
export async function hasTooManyHolds(deps: Deps, userId: string, counted?: number): Promise<boolean> {
  const { maxUnpaidHolds } = deps.config
  if ((counted ?? (await countUnpaidHolds(deps.db.handle, userId))) < maxUnpaidHolds) return false
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

/** Locks the person's row, so that parallel requests cannot slip past the limit of holds together (D7e). False: the account has ended. */
export async function lockHost(tx: Tx, userId: string): Promise<boolean> {
  const [person] = await tx.select({ deletedAt: appUser.deletedAt }).from(appUser).where(eq(appUser.id, userId)).for('no key update')
  return person !== undefined && person.deletedAt === null
}

/** Whether a person, whose row is locked, may hold one slot more. `leaving`: how many of those they hold go for it. */
export async function hasRoom(deps: Deps, tx: Tx, userId: string, leaving = 0): Promise<boolean> {
  return (await countUnpaidHolds(tx, userId)) - leaving < deps.config.maxUnpaidHolds
}

/** Why the hour cannot be had: this person has it already, with whomever, or somebody else does. `isOwn`: where that was looked at just now. */
export async function slotTaken(deps: Deps, userId: string, slot: SlotRequest, isOwn?: boolean): Promise<BookingOutcome<never>> {
  const isTheirs = isOwn ?? (await hasOwnClass(deps.db.handle, userId, slot))
  const alternatives = await nearestFree(deps, slot.startsAt, slot.teacherId ?? null)
  return refuse(isTheirs ? 'own-class' : 'slot-taken', {
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
