import { and, eq, gt } from 'drizzle-orm'
import { virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { defaultTeacher, type Teacher } from '../academy/store.ts'
import { calendarAccess, findConnection, recordFailure } from './connection.ts'
import type { ListedEvent } from './provider.ts'

export interface PublicEvent {
  startsAt: Date
  endsAt: Date
  status: 'confirmed' | 'tentative'
}

const EVENTS_MAX = 1_000
const RANGE_MS = 366 * DAY_MS
/** An answer of Google is shown for this long without asking again; also the only one used while Google cannot be read (behaviour 4.4). */
const CACHED_MS = 60 * SECOND_MS
/** A question that failed is not repeated for this long: nobody waits again for a Google that hangs. */
const FAILURE_REMEMBERED_MS = 10 * SECOND_MS
type Reading = Promise<Outcome<ListedEvent[], 'calendar-unreadable'>>

/** What one process remembers of a teacher's calendar. */
interface Desk {
  answer: { grantId: string; at: number; events: ListedEvent[] } | null
  failure: { grantId: string; at: number } | null
  /** A question that is under way: whoever asks meanwhile gets its answer, so that a crowd costs one call. */
  underWay: Reading | null
}
const desks = new WeakMap<Deps, Map<string, Desk>>()

/** What anybody may see of the calendar: start, end and status of what has not ended, with our own classes, without duplicates. */
export async function listPublicCalendar(deps: Deps): Promise<Outcome<PublicEvent[], 'calendar-unreadable'>> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) return succeed([])
  const now = deps.clock.now()
  const listed = await readEvents(deps, teacher, now)
  if (!listed.ok) return listed
  const own = await deps.db.handle
    .select({ eventId: virtualClass.googleEventId, startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .where(and(eq(virtualClass.teacherId, teacher.id), eq(virtualClass.status, 'scheduled'), gt(virtualClass.endsAt, now)))
    .limit(EVENTS_MAX)
  // A class that was just moved stands where we say, also while its event has not followed yet.
  const moved = new Map(own.map((c) => [c.eventId, c]))
  const shown = listed.value
    .filter((event) => !event.transparent)
    .map((event) => ({ ...event, ...moved.get(event.eventId) }))
    .filter((event) => event.endsAt > now)
  // A class whose event was made transparent by hand takes place all the same.
  const known = new Set(shown.map((event) => event.eventId))
  const events: PublicEvent[] = [
    ...shown,
    ...own.filter((c) => !c.eventId || !known.has(c.eventId)).map((c) => ({ ...c, status: 'confirmed' as const })),
  ]
  return succeed(events.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.endsAt.getTime() - b.endsAt.getTime()))
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
  const { answer, failure } = desk
  const isRecent = (at: number, withinMs: number) => Math.abs(now.getTime() - at) < withinMs
  if (answer?.grantId === connection.id && isRecent(answer.at, CACHED_MS)) return succeed(answer.events)
  if (failure?.grantId === connection.id && isRecent(failure.at, FAILURE_REMEMBERED_MS)) return refuse('calendar-unreadable')
  desk.underWay ??= askGoogle(deps, teacher, desk, now).finally(() => {
    desk.underWay = null
  })
  return desk.underWay
}

function deskOf(deps: Deps, teacherId: string): Desk {
  const all = desks.get(deps) ?? new Map<string, Desk>()
  desks.set(deps, all)
  const desk = all.get(teacherId) ?? { answer: null, failure: null, underWay: null }
  all.set(teacherId, desk)
  return desk
}

async function askGoogle(deps: Deps, teacher: Teacher, desk: Desk, now: Date): Reading {
  const access = await calendarAccess(deps, teacher.id)
  if (!access) return refuse('calendar-unreadable')
  const answer = await deps.calendar.listEvents(access, now, plus(now, RANGE_MS), EVENTS_MAX)
  if (!answer.ok) {
    desk.failure = { grantId: access.grantId, at: deps.clock.now().getTime() }
    await recordFailure(deps, teacher.id, access.grantId, answer)
    return refuse('calendar-unreadable')
  }
  desk.answer = { grantId: access.grantId, at: now.getTime(), events: answer.value }
  return succeed(answer.value)
}
