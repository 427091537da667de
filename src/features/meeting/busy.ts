import type { Deps } from '../../deps.ts'
import { DAY_MS, MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { askTogether } from '../../kernel/together.ts'
import type { Interval } from '../academy/rules.ts'
import type { Teacher } from '../academy/store.ts'
import { mirroredBusy } from '../mirror/store.ts'
import { vacatedIntervals } from '../virtual-class/moves.ts'
import { leavingClasses } from '../virtual-class/taken.ts'
import { hasJustFailed, readBusy, readBusyAround, rememberFailure } from './busy-reading.ts'
import { type Snapshot, storedBusy } from './busy-snapshot.ts'
import { earlier, later, subtract } from './intervals.ts'
import { type KnownCalendar, knownCalendars, type Reading } from './last-reading.ts'

/** Last known busy time is believed for this long while the calendar cannot be read; then slots close (behaviour 4.9). */
const BELIEVED_MS = 30 * MINUTE_MS
/** A page that has nothing to believe waits this long for a reading, and no longer. */
const PAGE_WAITS_MS = 2 * SECOND_MS

/** As much of a teacher as their calendar is judged by. */
export type CalendarOwner = Pick<Teacher, 'id' | 'horizonDays'>

/** Busy time, or why it is not known. */
export type Busy = Outcome<Interval[], 'calendar-unreadable'>

/**
 * Busy time of these teachers' calendars that touches [from, to), by teacher, without what our own leaving events still occupy. `recent`: what the
 * mirrors of the calendars hold, for pages; only those are asked of whom there is nothing to believe, and waited for a moment. `known`: the same, and
 * nobody is asked. With no calendar connected there is no busy time; with one that could not be read for 30 minutes the answer is a refusal, and
 * nobody else's. Days that no reading has reached count as busy. As many statements for all of them as for one.
 */
export async function busyTimes(
  deps: Deps,
  teachers: readonly CalendarOwner[],
  from: Date,
  to: Date,
  read: 'recent' | 'known',
): Promise<ReadonlyMap<string, Busy>> {
  const ids = teachers.map(({ id }) => id)
  let calendars = await calendarsTogether(deps, ids)
  const now = deps.clock.now()
  const unknown =
    read === 'known' ? [] : teachers.filter((teacher) => isWorthAsking(deps, teacher, calendars.get(teacher.id), from, to, now))
  if (unknown.length > 0) {
    await Promise.all(unknown.map(({ id }) => waitForReading(deps, id)))
    calendars = await knownCalendars(deps, ids)
  }
  const stored = await storedTimes(deps, ids, calendars, from, to)
  return new Map(
    teachers.map((teacher) => [teacher.id, judge(teacher, calendars.get(teacher.id), stored.get(teacher.id) ?? [], from, to, now)]),
  )
}

/** The same of one teacher, with the calendar asked about that time: right before something is promised, which is decided on that answer. */
export async function busyNow(deps: Deps, teacher: CalendarOwner, from: Date, to: Date): Promise<Busy> {
  const { id } = teacher
  const calendar = (await calendarsTogether(deps, [id])).get(id)
  if (!calendar) return succeed([])
  const answer = calendar.mayAsk ? await readBusyAround(deps, id, { startsAt: from, endsAt: to }) : null
  if (!answer) return busyKnown(deps, teacher, from, to)
  const justLeft = (await leftTimes(deps, [id], from, to))(id, answer.readAt)
  return succeed(subtract(touching(answer.busy, from, to), justLeft))
}

async function busyKnown(deps: Deps, teacher: CalendarOwner, from: Date, to: Date): Promise<Busy> {
  return (await busyTimes(deps, [teacher], from, to, 'known')).get(teacher.id) ?? succeed([])
}

function calendarsTogether(deps: Deps, ids: readonly string[]): Promise<ReadonlyMap<string, KnownCalendar>> {
  return askTogether(deps, `calendars ${ids.toSorted().join(' ')}`, () => knownCalendars(deps, ids))
}

/** Nothing is offered in the past or after the horizon, whose last day ends by then. */
function offeredIn({ horizonDays }: CalendarOwner, from: Date, to: Date, now: Date): { first: Date; last: Date } {
  return { first: later(from, now), last: earlier(to, plus(now, (horizonDays + 1) * DAY_MS)) }
}

function isWorthAsking(deps: Deps, teacher: CalendarOwner, calendar: KnownCalendar | undefined, from: Date, to: Date, now: Date): boolean {
  const { first, last } = offeredIn(teacher, from, to, now)
  return calendar?.mayAsk === true && first < last && !reaches(calendar.reading, last, now) && !hasJustFailed(deps, teacher.id)
}

function judge(teacher: CalendarOwner, calendar: KnownCalendar | undefined, stored: Interval[], from: Date, to: Date, now: Date): Busy {
  if (!calendar) return succeed([])
  const { first, last } = offeredIn(teacher, from, to, now)
  const { reading } = calendar
  if (first >= last) return succeed(stored)
  if (!reading || !isBelieved(reading, now) || reading.coversTo <= first) return refuse('calendar-unreadable')
  return succeed(reading.coversTo < last ? [...stored, { startsAt: reading.coversTo, endsAt: last }] : stored)
}

/** The mirror knows whose events they are; free/busy has to be told which of them are on their way out. */
async function storedTimes(
  deps: Deps,
  ids: readonly string[],
  calendars: ReadonlyMap<string, KnownCalendar>,
  from: Date,
  to: Date,
): Promise<ReadonlyMap<string, Interval[]>> {
  const readBy = (of: Reading['of']) => ids.filter((id) => calendars.get(id)?.reading?.of === of)
  const [mirrored, asked] = [readBy('mirror'), readBy('free-busy')]
  const [events, answers] = await Promise.all([
    mirrored.length > 0 ? mirroredBusy(deps.db.handle, mirrored, from, to) : [],
    asked.length > 0 ? storedBusy(deps, asked, from, to) : [],
  ])
  const stored = new Map<string, Interval[]>(Map.groupBy(events, ({ teacherId }) => teacherId))
  if (answers.length === 0) return stored
  const left = await leftTimes(deps, asked, from, to)
  for (const [id, busy] of Map.groupBy(answers, ({ teacherId }) => teacherId)) {
    const readAt = calendars.get(id)?.reading?.readAt
    if (readAt) stored.set(id, subtract(busy, left(id, readAt)))
  }
  return stored
}

/**
 * The calendar has just said that a slot is taken. Where that is news, everything is read, so that what people are offered instead, and pages
 * from now on, know of it; whoever finds the same out at that moment waits for the same reading.
 */
export async function catchUp(deps: Deps, teacher: CalendarOwner, slot: Interval): Promise<void> {
  const known = await busyKnown(deps, teacher, slot.startsAt, slot.endsAt)
  if (known.ok && known.value.length === 0) await readBusy(deps, teacher.id, 'any')
}

/** Reads free/busy and replaces the snapshot. False when the calendar could not be read. */
export async function refreshBusy(deps: Deps, teacherId: string): Promise<boolean> {
  return (await readBusy(deps, teacherId, 'fresh')) !== null
}

function isBelieved(snapshot: Snapshot, now: Date): boolean {
  return Math.abs(now.getTime() - snapshot.readAt.getTime()) <= BELIEVED_MS
}

function reaches(snapshot: Snapshot | null, last: Date, now: Date): boolean {
  return snapshot !== null && isBelieved(snapshot, now) && snapshot.coversTo >= last
}

/** Gives a reading a moment. It goes on afterwards, and later pages find what it brings. */
async function waitForReading(deps: Deps, teacherId: string): Promise<void> {
  const { promise: patience, resolve } = Promise.withResolvers<'too-long'>()
  const timer = setTimeout(() => resolve('too-long'), PAGE_WAITS_MS)
  // A failure inside is remembered and logged where it happens.
  const reading = readBusy(deps, teacherId, 'any').catch(() => null)
  if ((await Promise.race([reading, patience])) === 'too-long') rememberFailure(deps, teacherId)
  clearTimeout(timer)
}

/**
 * Time that is none of a teacher's in a reading that was begun then: a class that was cancelled afterwards stands in it with its event, and one that
 * was moved where it was before.
 */
async function leftTimes(
  deps: Deps,
  ids: readonly string[],
  from: Date,
  to: Date,
): Promise<(teacherId: string, readAt: Date) => readonly Interval[]> {
  const [leaving, vacated] = await askTogether(deps, `left ${ids.toSorted().join(' ')} ${from.getTime()} ${to.getTime()}`, () =>
    Promise.all([leavingClasses(deps.db.handle, ids, from, to), vacatedIntervals(deps.db.handle, ids, from, to)]),
  )
  return (teacherId, readAt) => {
    const left = leaving.filter(({ googleEventId, cancelledAt }) => googleEventId !== null && cancelledAt >= readAt)
    return [...left, ...vacated].filter((time) => time.teacherId === teacherId)
  }
}

function touching(intervals: readonly Interval[], from: Date, to: Date): Interval[] {
  return intervals.filter(({ startsAt, endsAt }) => startsAt < to && endsAt > from)
}
