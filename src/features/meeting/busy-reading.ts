import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import type { Interval } from '../academy/rules.ts'
import { findTeacher } from '../academy/store.ts'
import { calendarEventId } from '../virtual-class/rules.ts'
import { leavingClasses } from '../virtual-class/store.ts'
import { replaceSnapshot } from './busy-snapshot.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { intersect, subtract } from './intervals.ts'
import type { CalendarAccess } from './provider.ts'

/** What free/busy said: complete from `coversFrom` to `coversTo`, as of `readAt`, when the question was asked. */
export interface BusyReading {
  readAt: Date
  coversFrom: Date
  coversTo: Date
  busy: Interval[]
}

/** Google answers free/busy for about three months at once; a longer horizon takes several questions. */
const RANGE_MS = 60 * DAY_MS
const EVENTS_MAX = 500
/** How long pages go on without asking again after a question that failed; the timed reading finds out earlier when Google is back. */
const FAILURE_REMEMBERED_MS = 90_000

interface Desk {
  running: Promise<BusyReading | null> | null
  next: Promise<BusyReading | null> | null
  failedAt: Date | null
}

/** One desk per teacher and process, so that a crowd costs one question at a time. */
const desks = new WeakMap<Deps, Map<string, Desk>>()

/**
 * Reads free/busy and replaces the snapshot; null when the calendar could not be read. Of callers at the same time only one asks. `fresh`:
 * a question that was asked before does not do, but its failure does.
 */
export async function readBusy(deps: Deps, teacherId: string, since: 'any' | 'fresh'): Promise<BusyReading | null> {
  const desk = deskOf(deps, teacherId)
  if (!desk.running) return begin(deps, teacherId, desk)
  if (since === 'any') return desk.running
  desk.next ??= afterwards(deps, teacherId, desk, desk.running)
  return desk.next
}

/** Whether the last question failed a moment ago, so that asking again would only make somebody wait. */
export function hasJustFailed(deps: Deps, teacherId: string): boolean {
  const { failedAt } = deskOf(deps, teacherId)
  return failedAt !== null && Math.abs(deps.clock.now().getTime() - failedAt.getTime()) < FAILURE_REMEMBERED_MS
}

/** The question takes longer than a page may wait: the next pages need not find that out again. */
export function rememberFailure(deps: Deps, teacherId: string): void {
  deskOf(deps, teacherId).failedAt = deps.clock.now()
}

function deskOf(deps: Deps, teacherId: string): Desk {
  const all = desks.get(deps) ?? new Map<string, Desk>()
  desks.set(deps, all)
  const desk = all.get(teacherId) ?? { running: null, next: null, failedAt: null }
  all.set(teacherId, desk)
  return desk
}

function begin(deps: Deps, teacherId: string, desk: Desk): Promise<BusyReading | null> {
  const run = async () => {
    try {
      const reading = await ask(deps, teacherId)
      desk.failedAt = reading ? null : deps.clock.now()
      return reading
    } finally {
      desk.running = null
    }
  }
  desk.running = run()
  return desk.running
}

async function afterwards(deps: Deps, teacherId: string, desk: Desk, running: Promise<BusyReading | null>): Promise<BusyReading | null> {
  const before = await running.catch(() => null)
  desk.next = null
  return before ? readBusy(deps, teacherId, 'any') : null
}

async function ask(deps: Deps, teacherId: string): Promise<BusyReading | null> {
  const access = await calendarAccess(deps, teacherId)
  const teacher = await findTeacher(deps.db.handle, teacherId)
  if (!access || !teacher) return null
  const readAt = deps.clock.now()
  const coversFrom = plus(readAt, -DAY_MS)
  const coversTo = plus(readAt, (teacher.horizonDays + 2) * DAY_MS)
  const said: Interval[] = []
  for (let start = coversFrom; start < coversTo; start = plus(start, RANGE_MS)) {
    const end = Math.min(start.getTime() + RANGE_MS, coversTo.getTime())
    const answer = await deps.calendar.freeBusy(access, start, new Date(end))
    if (!answer.ok) {
      await recordFailure(deps, teacherId, access.grantId, answer)
      return null
    }
    said.push(...answer.value)
  }
  const busy = await withoutLeaving(deps, access, teacherId, coversFrom, coversTo, said)
  const reading = { readAt, coversFrom, coversTo, busy: busy.filter(({ startsAt, endsAt }) => endsAt > startsAt) }
  await replaceSnapshot(deps, teacherId, reading)
  await recordSuccess(deps, teacherId)
  return reading
}

/**
 * Busy time without the events of cancelled classes that could not be removed yet. Free/busy does not tell whose time it is, and the
 * teacher may have something else in the same hour, so the events are looked at. When that fails the hour stays busy.
 */
async function withoutLeaving(
  deps: Deps,
  access: CalendarAccess,
  teacherId: string,
  from: Date,
  to: Date,
  said: Interval[],
): Promise<Interval[]> {
  const leaving = await leavingClasses(deps.db.handle, teacherId, from, to)
  const [first] = leaving
  if (!first) return said
  const until = new Date(Math.max(...leaving.map(({ endsAt }) => endsAt.getTime())))
  const listed = await deps.calendar.listEvents(access, first.startsAt, until, EVENTS_MAX)
  if (!listed.ok || listed.value.length >= EVENTS_MAX) return said
  const ids = new Set(leaving.flatMap((c) => [calendarEventId(c.id, c.eventGeneration), c.googleEventId]))
  const ours = listed.value.filter(({ eventId }) => ids.has(eventId))
  const others = listed.value.filter(({ eventId, transparent }) => !ids.has(eventId) && !transparent)
  return [...subtract(said, ours), ...intersect(others, ours)]
}
