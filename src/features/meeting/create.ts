import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { appUser, participation, type VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { announceCancellation } from '../notice/cancellation.ts'
import { notify } from '../notice/commands.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { refundOrder } from '../payment/refund.ts'
import { findOrderOfClass, lockOrder } from '../payment/store.ts'
import { calendarEventId, eventText } from '../virtual-class/rules.ts'
import { findClass, issueCode, lockClass, markCancelled, updateClass } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import type { CalendarAccess, CalendarEvent, CalendarFailure, CalendarFailureDetail } from './provider.ts'
import { queueRemoval } from './remove.ts'

export type CreateRefusal = CalendarFailure | 'link-pending' | 'unknown-class' | 'cancelled' | 'not-paid' | 'too-late'
export type CreateOutcome = Outcome<{ classId: string }, CreateRefusal, CalendarFailureDetail>

/** Pauses between looks at a conference that Google is still making; then the ordinary back-off takes over (google.md 6). */
const LINK_POLLS_SECONDS = [1, 3, 10, 30]
const GENERATIONS_PER_RUN_MAX = 3

/**
 * Makes the calendar event of a paid class, once whatever is repeated: the event's id follows from the class, an event that exists
 * already is adopted. Waits for the Meet link (`link-pending`), then schedules the class, enrols the host and issues the code in one
 * transaction. Running it again on a scheduled class changes nothing.
 */
export async function createMeeting(deps: Deps, classId: string): Promise<CreateOutcome> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (!virtualClass) return refuse('unknown-class')
  if (virtualClass.status === 'scheduled' || virtualClass.status === 'completed') return succeed({ classId })
  if (virtualClass.status === 'cancelled') return refuse('cancelled')
  if (!virtualClass.paidAt) return refuse('not-paid')
  if (deps.clock.now() >= virtualClass.startsAt) return giveUp(deps, virtualClass)

  const access = await calendarAccess(deps, virtualClass.teacherId)
  if (!access) return refuse('needs-reconnect', { cause: 'Refresh token not found' })
  const event = await ensureEvent(deps, access, virtualClass)
  if (!event.ok) {
    if (event.reason === 'cancelled') return refuse('cancelled')
    await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...event, reason: event.reason })
    return event
  }
  await recordSuccess(deps, virtualClass.teacherId)
  if (event.value.conference === 'ready' && event.value.meetUrl) return confirm(deps, classId, event.value, event.value.meetUrl)
  if (event.value.conference === 'failed') return askForConferenceAgain(deps, access, virtualClass, event.value)
  return refuse('link-pending', {
    cause: event.value.conference === 'none' ? 'The event has no conference' : 'Meet link not generated yet',
  })
}

type EventOutcome<More extends string = never> = Outcome<CalendarEvent, CalendarFailure | More, CalendarFailureDetail>

/** The event of this class: made, or found when an earlier attempt already made it. A deleted one is replaced under a new generation. */
async function ensureEvent(deps: Deps, access: CalendarAccess, virtualClass: VirtualClassRow): Promise<EventOutcome<'cancelled'>> {
  let generation = virtualClass.eventGeneration
  for (let tries = 0; tries < GENERATIONS_PER_RUN_MAX; tries++) {
    const eventId = calendarEventId(virtualClass.id, generation)
    if (tries > 0 && !(await beginGeneration(deps, virtualClass.id, generation))) return refuse('cancelled')
    const found =
      virtualClass.googleEventId === eventId
        ? await deps.calendar.getEvent(access, eventId)
        : await insert(deps, access, virtualClass, eventId)
    if (found.ok && !found.value.cancelled && found.value.classId === virtualClass.id) {
      return (await keepEvent(deps, virtualClass.id, generation, found.value)) ? found : refuse('cancelled')
    }
    if (!found.ok && found.reason !== 'not-found') return refuse(found.reason, found.detail)
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

/** Writes down which event is ours. False: the class was cancelled while the event was being made, so the event has to go. */
async function keepEvent(deps: Deps, classId: string, generation: number, event: CalendarEvent): Promise<boolean> {
  return deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    const cancelled = current?.status === 'cancelled'
    await updateClass(tx, classId, deps.clock.now(), {
      googleEventId: event.eventId,
      eventGeneration: generation,
      calendarPageUrl: event.pageUrl,
      ...(cancelled ? { calendarState: 'queued' as const } : {}),
    })
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
    ...eventText(virtualClass),
    startsAt: virtualClass.startsAt,
    endsAt: virtualClass.endsAt,
    attendees: host ? [host.email] : [],
    conferenceRequestId: conferenceRequestId(eventId, virtualClass.conferenceAttempt),
  })
  if (inserted.ok || inserted.reason !== 'duplicate') return inserted as EventOutcome
  return deps.calendar.getEvent(access, eventId)
}

/** Stable for every retry of one attempt, new for the next attempt (google.md 2.1). */
function conferenceRequestId(eventId: string, attempt: number): string {
  return `${eventId}-${attempt}`
}

async function askForConferenceAgain(
  deps: Deps,
  access: CalendarAccess,
  virtualClass: VirtualClassRow,
  event: CalendarEvent,
): Promise<CreateOutcome> {
  const attempt = virtualClass.conferenceAttempt + 1
  await updateClass(deps.db.handle, virtualClass.id, deps.clock.now(), { conferenceAttempt: attempt })
  const asked = await deps.calendar.requestConference(access, event.eventId, conferenceRequestId(event.eventId, attempt))
  if (!asked.ok) {
    if (asked.reason === 'not-found') return refuse('unavailable', { cause: 'Event not found' })
    await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...asked, reason: asked.reason })
    return refuse(asked.reason, asked.detail)
  }
  if (asked.value.conference === 'ready' && asked.value.meetUrl) return confirm(deps, virtualClass.id, asked.value, asked.value.meetUrl)
  return refuse(asked.value.conference === 'pending' ? 'link-pending' : 'unavailable', { cause: 'Meet link not generated' })
}

/** Everything that makes a class real, at once: link, code, status, host, notice. */
async function confirm(deps: Deps, classId: string, event: CalendarEvent, meetUrl: string): Promise<CreateOutcome> {
  return deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const virtualClass = await lockClass(tx, classId)
    if (!virtualClass) return refuse('unknown-class')
    if (virtualClass.status === 'cancelled') {
      // Cancelled while the event was being made: the event must go.
      await queueRemoval(deps, classId)
      return refuse('cancelled')
    }
    if (virtualClass.status !== 'pending') return succeed({ classId })
    const text = eventText(virtualClass)
    await issueCode(deps, tx, classId, now)
    await tx.insert(participation).values({
      id: deps.ids.uuid(),
      userId: virtualClass.bookedById,
      classId,
      rol: 'anfitrion',
      seat: 1,
      seats: virtualClass.maxParticipants,
      createdAt: now,
      updatedAt: now,
    })
    await updateClass(tx, classId, now, {
      status: 'scheduled',
      googleEventId: event.eventId,
      meetUrl,
      calendarPageUrl: event.pageUrl,
      summary: `${text.summary}. ${text.description}`,
      description: text.description,
      calendarState: 'synced',
      calendarError: null,
    })
    await closeCases(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_failed' })
    await notify(deps, tx, { userId: virtualClass.bookedById, classId, kind: 'class-confirmed', dedupeKey: `class-confirmed:${classId}` })
    return succeed({ classId })
  })
}

/** Paid but still without an event when it should begin: the class is cancelled and the money goes back in full (behaviour 7). */
async function giveUp(deps: Deps, virtualClass: VirtualClassRow): Promise<CreateOutcome> {
  const order = await findOrderOfClass(deps.db.handle, virtualClass.id)
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const locked = order ? await lockOrder(tx, order.id) : null
    const current = await lockClass(tx, virtualClass.id)
    if (current?.status !== 'pending') return
    await markCancelled(tx, current.id, { reason: 'event_failed', byId: null, at: now })
    if (locked) await refundOrder(deps, tx, locked, 'event_failed')
    await queueRemoval(deps, current.id)
    await announceCancellation(deps, tx, current, 'full')
  })
  return refuse('too-late')
}

/** Queues the making of the event, in the transaction that confirmed the money. */
export async function queueMeeting(deps: Deps, classId: string): Promise<void> {
  await deps.jobs.enqueue(createMeetingJob, { classId, polls: 0 }, { key: classId })
}

async function runCreate(deps: Deps, classId: string, polls: number): Promise<void> {
  const outcome = await createMeeting(deps, classId)
  if (outcome.ok) return
  switch (outcome.reason) {
    case 'unknown-class':
    case 'not-paid':
    case 'too-late':
      return
    case 'cancelled':
      // An earlier attempt may have made the event all the same, its answer lost.
      return queueRemoval(deps, classId)
    default:
      await planNextAttempt(deps, classId, polls, outcome.reason, outcome.detail)
  }
}

async function planNextAttempt(
  deps: Deps,
  classId: string,
  polls: number,
  reason: CalendarFailure | 'link-pending',
  detail?: CalendarFailureDetail,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const virtualClass = await lockClass(tx, classId)
    // Cancelled while we asked in vain: Google may still be at work on the event, so it is looked for a little later.
    if (virtualClass?.status === 'cancelled') return queueRemoval(deps, classId, MINUTE_MS)
    if (virtualClass?.status !== 'pending') return
    const pollSeconds = reason === 'link-pending' ? LINK_POLLS_SECONDS[polls] : undefined
    const failures = virtualClass.calendarAttempts + (pollSeconds === undefined ? 1 : 0)
    const waitMs = pollSeconds === undefined ? backoffMs(failures, deps.ids, detail?.retryAfterMs) : pollSeconds * SECOND_MS
    if (pollSeconds === undefined) {
      const alarmed = failures >= FAILURES_UNTIL_ALARM
      await updateClass(tx, classId, now, {
        calendarAttempts: failures,
        calendarError: detail?.cause ?? reason,
        calendarState: alarmed ? 'failed' : 'queued',
      })
      if (alarmed)
        await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail: detail?.cause ?? reason })
    }
    // Never later than the start: that is when the money has to go back.
    const startAfter = new Date(Math.min(plus(now, waitMs).getTime(), virtualClass.startsAt.getTime()))
    await deps.jobs.enqueue(createMeetingJob, { classId, polls: polls + 1 }, { key: classId, startAfter })
  })
}

export const createMeetingJob = defineJob({
  name: 'meeting.create',
  payload: z.object({ classId: z.uuid(), polls: z.number().int().min(0).default(0) }),
  run: (deps, { classId, polls }) => runCreate(deps, classId, polls),
})
