import { and, eq, gt } from 'drizzle-orm'
import { virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { listTeachers, type Teacher } from '../academy/store.ts'
import { IS_SCHEDULED } from '../virtual-class/store.ts'
import { calendarAccess, findConnection, recordFailure } from './connection.ts'
import type { ListedEvent } from './provider.ts'

export interface PublicEvent {
  startsAt: Date
  endsAt: Date
  status: 'confirmed' | 'tentative'
}

/** Of one calendar in a year; the list says how many it holds, so that nothing is left out unseen below this. */
const EVENTS_MAX = 10_000
const RANGE_MS = 366 * DAY_MS
/** An answer of Google is shown for this long without asking again; also the only one used while Google cannot be read (behaviour 4.4). */
const CACHED_MS = 60 * SECOND_MS
/** A question that failed is not repeated for this long: nobody waits again for a Google that hangs. */
const FAILURE_REMEMBERED_MS = 10 * SECOND_MS
type Reading = Promise<Outcome<ListedEvent[], 'calendar-unreadable'>>

/** What this process knows of one teacher's calendar. */
interface Desk {
  failed: { grantId: string; at: number } | null
  cached: { grantId: string; at: number; events: ListedEvent[] } | null
  /** A question that is under way: whoever asks meanwhile gets its answer, so that a crowd costs one call. */
  underWay: Reading | null
}
const desks = new WeakMap<Deps, Map<string, Desk>>()

function deskOf(deps: Deps, teacherId: string): Desk {
  const all = desks.get(deps) ?? new Map<string, Desk>()
  desks.set(deps, all)
  const desk = all.get(teacherId) ?? { failed: null, cached: null, underWay: null }
  all.set(teacherId, desk)
  return desk
}

/**
 * What anybody may see of the calendars: start, end and status of what has not ended, with our own classes, without duplicates. Of several teachers
 * those are told whose calendar can be read.
 */
export async function listPublicCalendar(deps: Deps): Promise<Outcome<PublicEvent[], 'calendar-unreadable'>> {
  const now = deps.clock.now()
  const teachers = await listTeachers(deps.db.handle)
  const read = await Promise.all(teachers.map((teacher) => eventsOf(deps, teacher, now)))
  const told = read.flatMap((one) => (one.ok ? [one.value] : []))
  if (told.length === 0 && teachers.length > 0) return refuse('calendar-unreadable')
  return succeed(told.flat().sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.endsAt.getTime() - b.endsAt.getTime()))
}

async function eventsOf(deps: Deps, teacher: Teacher, now: Date): Promise<Outcome<PublicEvent[], 'calendar-unreadable'>> {
  const listed = await readEvents(deps, teacher, now)
  if (!listed.ok) return listed
  const own = await deps.db.handle
    .select({ eventId: virtualClass.googleEventId, startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .where(and(eq(virtualClass.teacherId, teacher.id), IS_SCHEDULED, gt(virtualClass.endsAt, now)))
    .limit(EVENTS_MAX)
  // A class that was just moved stands where we say, also while its event has not followed yet.
  const moved = new Map(own.map((c) => [c.eventId, c]))
  const shown = listed.value
    .filter((event) => !event.transparent)
    .map((event) => ({ ...event, ...moved.get(event.eventId) }))
    .filter((event) => event.endsAt > now)
  // A class whose event was made transparent by hand takes place all the same.
  const known = new Set(shown.map((event) => event.eventId))
  return succeed([...shown, ...own.filter((c) => !c.eventId || !known.has(c.eventId)).map((c) => ({ ...c, status: 'confirmed' as const }))])
}

/** The next events of the calendar for the admin (behaviour 4.16). */
export async function nextEvents(deps: Deps, teacher: Teacher, limit: number): Promise<Outcome<ListedEvent[], 'calendar-unreadable'>> {
  const now = deps.clock.now()
  const events = await readEvents(deps, teacher, now)
  return events.ok ? succeed(events.value.filter((event) => event.endsAt > now).slice(0, limit)) : events
}

async function readEvents(deps: Deps, teacher: Teacher, now: Date): Promise<Outcome<ListedEvent[], 'calendar-unreadable'>> {
  const connection = await findConnection(deps, teacher.id)
  if (!connection) return succeed([])
  const desk = deskOf(deps, teacher.id)
  const { cached, failed } = desk
  if (cached?.grantId === connection.id && Math.abs(now.getTime() - cached.at) < CACHED_MS) return succeed(cached.events)
  if (failed?.grantId === connection.id && Math.abs(now.getTime() - failed.at) < FAILURE_REMEMBERED_MS) return refuse('calendar-unreadable')
  desk.underWay ??= askGoogle(deps, teacher, desk, now).finally(() => {
    desk.underWay = null
  })
  return desk.underWay
}

async function askGoogle(deps: Deps, teacher: Teacher, desk: Desk, now: Date): Reading {
  const access = await calendarAccess(deps, teacher.id)
  if (!access) return refuse('calendar-unreadable')
  const answer = await deps.calendar.listEvents(access, now, plus(now, RANGE_MS), EVENTS_MAX)
  if (!answer.ok) {
    desk.failed = { grantId: access.grantId, at: deps.clock.now().getTime() }
    await recordFailure(deps, teacher.id, access.grantId, answer)
    return refuse('calendar-unreadable')
  }
  desk.cached = { grantId: access.grantId, at: now.getTime(), events: answer.value }
  return succeed(answer.value)
}
