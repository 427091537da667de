import { eq } from 'drizzle-orm'
import { appUser, type VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { openCase } from '../operation/attention.ts'
import { calendarEventId, eventWords } from '../virtual-class/rules.ts'
import { lockClass, updateClass } from '../virtual-class/store.ts'
import { calendarAccess } from './connection.ts'
import { queueLeave } from './leave.ts'
import type { CalendarAccess, CalendarEvent, CalendarFailure, CalendarFailureDetail } from './provider.ts'
import { queueRemoval } from './remove.ts'
import { nameNow } from './whereabouts.ts'

const GENERATIONS_PER_RUN_MAX = 3

type EventOutcome<More extends string = never> = Outcome<CalendarEvent, CalendarFailure | More, CalendarFailureDetail>
/** `access`: to the calendar where the event stands. */
type EnsuredOutcome = Outcome<{ event: CalendarEvent; access: CalendarAccess }, CalendarFailure | 'cancelled', CalendarFailureDetail>

/**
 * The event of this class, at its hour: made, or found when an earlier attempt already made it. A deleted one is replaced under a new
 * generation. `here`: the calendar in which new ones are made; the one that the class has may stand in another, and stays there.
 */
export async function ensureEvent(deps: Deps, here: CalendarAccess, virtualClass: VirtualClassRow): Promise<EnsuredOutcome> {
  const there = { ...here, calendarId: virtualClass.calendarId ?? here.calendarId }
  let generation = virtualClass.eventGeneration
  for (let tries = 0; tries < GENERATIONS_PER_RUN_MAX; tries++) {
    const eventId = calendarEventId(virtualClass.id, generation)
    if (tries > 0 && !(await beginGeneration(deps, virtualClass.id, generation))) return refuse('cancelled')
    const isKnown = virtualClass.googleEventId === eventId
    const access = isKnown ? there : here
    const found = isKnown ? await deps.calendar.getEvent(access, eventId) : await insert(deps, access, virtualClass, eventId)
    if (found.ok && !found.value.cancelled && found.value.classId === virtualClass.id) {
      if (!(await keepEvent(deps, access, virtualClass, generation, found.value))) return refuse('cancelled')
      const put = await putAtItsHour(deps, access, virtualClass, found.value)
      return put.ok ? succeed({ event: put.value, access }) : put
    }
    if (!found.ok && found.reason !== 'not-found') {
      // A former calendar that is not theirs to read any more keeps what stands in it; the class gets an event where it can.
      if (found.reason !== 'refused' || access.calendarId === here.calendarId) return refuse(found.reason, found.detail)
    }
    if (found.ok && found.value.classId !== virtualClass.id) {
      deps.log.error({ classId: virtualClass.id, eventId }, 'an event with the id of this class belongs to something else')
    }
    generation += 1
  }
  return refuse('refused', { cause: 'No usable event id' })
}

/**
 * Written down before it is tried: whoever has to remove the event later must know under which id it may stand. False: the class was
 * cancelled meanwhile, so the event that is gone was removed by us and needs no successor.
 */
async function beginGeneration(deps: Deps, classId: string, generation: number): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status === 'cancelled') return false
    await updateClass(tx, classId, deps.clock.now(), { eventGeneration: generation })
    return true
  })
}

/**
 * Google, or a hand in the calendar, may have put the event at another hour: nobody is invited to a class at the wrong time. One that cannot
 * be put back is a case for the admin.
 */
async function putAtItsHour(
  deps: Deps,
  access: CalendarAccess,
  { id: classId, startsAt, endsAt }: VirtualClassRow,
  event: CalendarEvent,
): Promise<EventOutcome> {
  if (sameSecond(event.startsAt, startsAt) && sameSecond(event.endsAt, endsAt)) return succeed(event)
  deps.log.warn({ classId, eventId: event.eventId }, 'the event of a class stood at another hour')
  const put = await deps.calendar.updateEvent(access, event.eventId, { startsAt, endsAt })
  if (put.ok) return put
  if (put.reason === 'not-found') return refuse('unavailable', { cause: 'Event not found' })
  if (put.reason === 'refused') {
    const detail = 'El evento está a otra hora que la clase y no se pudo corregir'
    await openCase(deps, deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_changed', detail })
  }
  return refuse(put.reason, put.detail)
}

/** The event that was made before, when it has its link by now and stands at the class's hour. Makes nothing. */
export async function findReadyEvent(deps: Deps, virtualClass: VirtualClassRow): Promise<CalendarEvent | null> {
  const access = await calendarAccess(deps, virtualClass.teacherId, virtualClass.calendarId)
  if (!access || !virtualClass.googleEventId) return null
  const found = await deps.calendar.getEvent(access, virtualClass.googleEventId)
  if (!found.ok || found.value.cancelled || found.value.classId !== virtualClass.id || found.value.conference !== 'ready') return null
  const put = await putAtItsHour(deps, access, virtualClass, found.value)
  return put.ok && put.value.conference === 'ready' ? put.value : null
}

/** Google keeps no milliseconds. */
function sameSecond(a: Date, b: Date): boolean {
  return Math.floor(a.getTime() / SECOND_MS) === Math.floor(b.getTime() / SECOND_MS)
}

/**
 * Writes down which event is ours, and where; what failed before it existed is forgotten, so that its link is looked for quickly. False: the class was
 * cancelled while the event was being made, so the event has to go.
 */
async function keepEvent(
  deps: Deps,
  access: CalendarAccess,
  { id: classId, teacherId }: VirtualClassRow,
  generation: number,
  event: CalendarEvent,
): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const calendarId = await nameNow(tx, teacherId, access)
    const current = await lockClass(tx, classId)
    const cancelled = current?.status === 'cancelled'
    const isNew = current?.googleEventId !== event.eventId
    const now = deps.clock.now()
    await updateClass(tx, classId, now, {
      googleEventId: event.eventId,
      calendarId,
      eventGeneration: generation,
      calendarPageUrl: event.pageUrl,
      ...(cancelled || isNew ? { calendarState: 'queued' as const } : {}),
      ...(isNew ? { eventCreatedAt: now, calendarAttempts: 0, calendarError: null } : {}),
    })
    const left = current?.calendarId !== calendarId ? current : null
    if (left?.calendarId && left.googleEventId)
      await queueLeave(deps, tx, { classId, teacherId: left.teacherId, calendarId: left.calendarId, eventId: left.googleEventId })
    if (cancelled) await queueRemoval(deps, classId)
    return !cancelled
  })
}

async function insert(
  deps: Deps,
  access: CalendarAccess,
  virtualClass: VirtualClassRow,
  eventId: string,
): Promise<EventOutcome<'not-found'>> {
  const [host] = await deps.db.handle.select({ email: appUser.email }).from(appUser).where(eq(appUser.id, virtualClass.bookedById))
  const inserted = await deps.calendar.insertEvent(access, {
    eventId,
    classId: virtualClass.id,
    ...eventWords(virtualClass),
    startsAt: virtualClass.startsAt,
    endsAt: virtualClass.endsAt,
    attendees: host ? [host.email] : [],
    conferenceRequestId: conferenceRequestId(eventId, virtualClass.conferenceAttempt),
  })
  if (inserted.ok || inserted.reason !== 'duplicate') return inserted as EventOutcome
  return deps.calendar.getEvent(access, eventId)
}

/** Stable for every retry of one attempt, new for the next attempt (google.md 2.1). */
export function conferenceRequestId(eventId: string, attempt: number): string {
  return `${eventId}-${attempt}`
}
