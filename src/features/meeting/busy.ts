import type { Deps } from '../../deps.ts'
import { DAY_MS, MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { askTogether } from '../../kernel/together.ts'
import type { Interval } from '../academy/rules.ts'
import { findTeacher } from '../academy/store.ts'
import { mirroredBusy } from '../mirror/store.ts'
import { vacatedIntervals } from '../virtual-class/moves.ts'
import { leavingClasses } from '../virtual-class/store.ts'
import { hasJustFailed, readBusy, readBusyAround, rememberFailure } from './busy-reading.ts'
import { type Snapshot, storedBusy } from './busy-snapshot.ts'
import { findConnection } from './connection.ts'
import { earlier, later, subtract } from './intervals.ts'
import { lastReading, type Reading } from './last-reading.ts'

/** Last known busy time is believed for this long while the calendar cannot be read; then slots close (behaviour 4.9). */
const BELIEVED_MS = 30 * MINUTE_MS
/** A page that has nothing to believe waits this long for a reading, and no longer. */
const PAGE_WAITS_MS = 2 * SECOND_MS

/**
 * Busy time of the teacher's calendar that touches [from, to), without what our own leaving events still occupy. `now`: asks the calendar
 * and decides on that answer (right before something is promised). `recent`: what the mirror of the calendar holds, for pages; only when
 * there is nothing to believe they ask, and wait a moment. `known`: the same, and nobody is asked. With no calendar connected there is no busy
 * time; with one that could not be read for 30 minutes the answer is a refusal. Days that no reading has reached count as busy.
 */
export async function busyTime(
  deps: Deps,
  teacherId: string,
  from: Date,
  to: Date,
  read: 'now' | 'recent' | 'known',
): Promise<Outcome<Interval[], 'calendar-unreadable'>> {
  const [connection, teacher] = await askTogether(deps, `calendar ${teacherId}`, () =>
    Promise.all([findConnection(deps, teacherId), findTeacher(deps.db.handle, teacherId)]),
  )
  if (!connection || !teacher) return succeed([])
  // Nothing is offered in the past or after the horizon, whose last day ends by then.
  const now = deps.clock.now()
  const first = later(from, now)
  const last = earlier(to, plus(now, (teacher.horizonDays + 1) * DAY_MS))
  const mayAsk = connection.status !== 'disconnected'

  if (read === 'now' && mayAsk) {
    const answer = await readBusyAround(deps, teacherId, { startsAt: from, endsAt: to })
    if (answer) return succeed(await withoutJustLeft(deps, teacherId, touching(answer.busy, from, to), from, to, answer.readAt))
  }
  let snapshot = await lastReading(deps, teacherId)
  if (read === 'recent' && mayAsk && first < last && !reaches(snapshot, last, now) && !hasJustFailed(deps, teacherId)) {
    await waitForReading(deps, teacherId)
    snapshot = await lastReading(deps, teacherId)
  }
  const stored = snapshot ? await busyIn(deps, snapshot, teacherId, from, to) : []
  if (first >= last) return succeed(stored)
  if (!snapshot || !isBelieved(snapshot, now) || snapshot.coversTo <= first) return refuse('calendar-unreadable')
  return succeed(snapshot.coversTo < last ? [...stored, { startsAt: snapshot.coversTo, endsAt: last }] : stored)
}

/** The mirror knows whose events they are; free/busy has to be told which of them are on their way out. */
async function busyIn(deps: Deps, reading: Reading, teacherId: string, from: Date, to: Date): Promise<Interval[]> {
  if (reading.of === 'mirror') return mirroredBusy(deps.db.handle, teacherId, from, to)
  return withoutJustLeft(deps, teacherId, await storedBusy(deps, teacherId, from, to), from, to, reading.readAt)
}

/**
 * The calendar has just said that a slot is taken. Where that is news, everything is read, so that what people are offered instead, and pages
 * from now on, know of it; whoever finds the same out at that moment waits for the same reading.
 */
export async function catchUp(deps: Deps, teacherId: string, slot: Interval): Promise<void> {
  const known = await busyTime(deps, teacherId, slot.startsAt, slot.endsAt, 'known')
  if (known.ok && known.value.length === 0) await readBusy(deps, teacherId, 'any')
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

/** A class that was cancelled after the reading was begun stands in it with its event, and one that was moved where it was before. */
async function withoutJustLeft(
  deps: Deps,
  teacherId: string,
  busy: readonly Interval[],
  from: Date,
  to: Date,
  readAt: Date,
): Promise<Interval[]> {
  const [leaving, vacated] = await askTogether(deps, `left ${teacherId} ${from.getTime()} ${to.getTime()}`, () =>
    Promise.all([leavingClasses(deps.db.handle, teacherId, from, to), vacatedIntervals(deps.db.handle, teacherId, from, to)]),
  )
  const left = leaving.filter(({ googleEventId, cancelledAt }) => googleEventId !== null && cancelledAt >= readAt)
  return subtract(busy, [...left, ...vacated])
}

function touching(intervals: readonly Interval[], from: Date, to: Date): Interval[] {
  return intervals.filter(({ startsAt, endsAt }) => startsAt < to && endsAt > from)
}
