import { z } from 'zod'
import { participation, type VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { wantReview } from '../mirror/store.ts'
import { notify } from '../notice/commands.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { calendarEventId, eventText } from '../virtual-class/rules.ts'
import { findClass, issueCode, lockClass, updateClass, updateClassWithEvent } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { conferenceRequestId, ensureEvent, findReadyEvent } from './event.ts'
import { giveUp } from './give-up.ts'
import { queueMove } from './move.ts'
import type { CalendarAccess, CalendarEvent, CalendarFailure, CalendarFailureDetail } from './provider.ts'
import { queueRemoval } from './remove.ts'

export type CreateRefusal = CalendarFailure | 'link-pending' | 'unknown-class' | 'cancelled' | 'not-paid' | 'too-late'
export type CreateOutcome = Outcome<{ classId: string }, CreateRefusal, CalendarFailureDetail>

/** Pauses between looks at a conference that Google is still making; then the ordinary back-off takes over (google.md 6). */
const LINK_POLLS_SECONDS = [1, 3, 10, 30]
/** A link is still worth having this long after the start; whoever looks later gives the class up. */
const LAST_LOOK_WITHIN_MS = 5 * MINUTE_MS

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
  if (deps.clock.now() >= virtualClass.startsAt) return lookOrGiveUp(deps, virtualClass)

  const access = await calendarAccess(deps, virtualClass.teacherId)
  if (!access) return inItsRoom(deps, virtualClass) ?? refuse('needs-reconnect', { cause: 'Refresh token not found' })
  const ensured = await ensureEvent(deps, access, virtualClass)
  if (!ensured.ok) {
    if (ensured.reason === 'cancelled') return refuse('cancelled')
    await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...ensured, reason: ensured.reason })
    return inItsRoom(deps, virtualClass) ?? refuse(ensured.reason, ensured.detail)
  }
  await recordSuccess(deps, virtualClass.teacherId)
  const { event } = ensured.value
  const link = virtualClass.roomUrl ?? (event.conference === 'ready' ? event.meetUrl : null)
  if (link) return confirm(deps, classId, event, link)
  if (event.conference === 'failed') return askForConferenceAgain(deps, ensured.value.access, virtualClass, event)
  return refuse('link-pending', {
    cause: event.conference === 'none' ? 'The event has no conference' : 'Meet link not generated yet',
  })
}

/** With a room of the teacher's the class takes place whatever Google says; its event follows when it can. Null: it has none. */
function inItsRoom(
  deps: Deps,
  { id, eventGeneration, googleEventId, calendarPageUrl, roomUrl }: VirtualClassRow,
): Promise<CreateOutcome> | null {
  const event = { eventId: googleEventId ?? calendarEventId(id, eventGeneration), pageUrl: calendarPageUrl, isMade: false }
  return roomUrl ? confirm(deps, id, event, roomUrl) : null
}

async function askForConferenceAgain(
  deps: Deps,
  access: CalendarAccess,
  virtualClass: VirtualClassRow,
  event: CalendarEvent,
): Promise<CreateOutcome> {
  const attempt = virtualClass.conferenceAttempt + 1
  const known = { id: virtualClass.id, googleEventId: event.eventId }
  if (!(await updateClassWithEvent(deps.db.handle, known, deps.clock.now(), { conferenceAttempt: attempt })))
    return refuse('unavailable', { cause: 'The class has another event' })
  const asked = await deps.calendar.requestConference(access, event.eventId, conferenceRequestId(event.eventId, attempt))
  if (!asked.ok) {
    if (asked.reason === 'not-found') return refuse('unavailable', { cause: 'Event not found' })
    await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...asked, reason: asked.reason })
    return refuse(asked.reason, asked.detail)
  }
  if (asked.value.conference === 'ready' && asked.value.meetUrl) return confirm(deps, virtualClass.id, asked.value, asked.value.meetUrl)
  return refuse(asked.value.conference === 'pending' ? 'link-pending' : 'unavailable', { cause: 'Meet link not generated' })
}

/** The start has come: an event that has got its link meanwhile still makes the class real, anything else ends it. */
async function lookOrGiveUp(deps: Deps, virtualClass: VirtualClassRow): Promise<CreateOutcome> {
  const inTime = deps.clock.now() <= plus(virtualClass.startsAt, LAST_LOOK_WITHIN_MS)
  const event = inTime ? await findReadyEvent(deps, virtualClass) : null
  if (event?.meetUrl) return confirm(deps, virtualClass.id, event, event.meetUrl)
  const confirmed = inItsRoom(deps, virtualClass)
  if (confirmed) return confirmed
  await giveUp(deps, virtualClass)
  return refuse('too-late')
}

/** Everything that makes a class real, at once: link, code, status, host, notice. `isMade` false: its event is still to be made. */
async function confirm(
  deps: Deps,
  classId: string,
  event: Pick<CalendarEvent, 'eventId' | 'pageUrl'> & { isMade?: boolean },
  meetUrl: string,
): Promise<CreateOutcome> {
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
      fixedAt: now,
      googleEventId: event.eventId,
      meetUrl,
      linkReadyAt: now,
      linkCheckedAt: now,
      calendarPageUrl: event.pageUrl,
      summary: `${text.summary}. ${text.description}`,
      description: text.description,
      ...(event.isMade === false ? { calendarState: 'queued' as const } : { calendarState: 'synced' as const, calendarError: null }),
    })
    if (event.isMade === false) await queueMove(deps, classId)
    else await wantReview(tx, virtualClass.teacherId)
    await closeCases(deps, tx, { subject: 'class', subjectId: classId })
    await notify(deps, tx, { userId: virtualClass.bookedById, classId, kind: 'class-confirmed', dedupeKey: `class-confirmed:${classId}` })
    return succeed({ classId })
  })
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
      const about = { subject: 'class', subjectId: classId, reason: 'calendar_failed' } as const
      if (alarmed) await openCase(deps, tx, { ...about, detail: detail?.cause ?? reason }, { once: failures > FAILURES_UNTIL_ALARM })
    }
    // Never later than the start: that is when the money has to go back.
    const startAfter = new Date(Math.min(plus(now, waitMs).getTime(), virtualClass.startsAt.getTime()))
    // Only looks for the link count: an outage must not use up the quick ones.
    const looks = reason === 'link-pending' ? polls + 1 : polls
    await deps.jobs.enqueue(createMeetingJob, { classId, polls: looks }, { key: classId, startAfter })
  })
}

export const createMeetingJob = defineJob({
  name: 'meeting.create',
  payload: z.object({ classId: z.uuid(), polls: z.number().int().min(0).default(0) }),
  run: (deps, { classId, polls }) => runCreate(deps, classId, polls),
})
