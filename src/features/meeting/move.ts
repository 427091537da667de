import { z } from 'zod'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { findTeacher } from '../academy/store.ts'
import { noteGone } from '../hand-edit/deleted.ts'
import { isNotedGone, settleEdits } from '../hand-edit/store.ts'
import { DELETED_TEXT } from '../hand-edit/text.es.ts'
import { wantReview } from '../mirror/store.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { forgetVacated } from '../virtual-class/moves.ts'
import { findClass, lockClass, updateClass } from '../virtual-class/store.ts'
import { refreshBusy } from './busy.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { ensureEvent } from './event.ts'
import { queueGuests } from './guests.ts'
import type { CalendarAccess, CalendarFailure, CalendarFailureDetail } from './provider.ts'

export type MoveOutcome = Outcome<null, CalendarFailure | 'not-found', CalendarFailureDetail>

/**
 * Makes the event of a scheduled class stand where the class does by now; its Meet link and its guests stay as they are. Which reschedule
 * asked for it does not matter: the class's current times are sent, and sent again when they have changed meanwhile, so that the last word
 * at Google is the last word here, whatever was repeated or overtaken. A class that is not scheduled (any more) is left alone, so that a late
 * run never brings a removed event back.
 */
export async function moveMeeting(deps: Deps, classId: string): Promise<MoveOutcome> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled' || !virtualClass.googleEventId) return succeed(null)
  const { teacherId, googleEventId, startsAt, endsAt } = virtualClass
  const access = await calendarAccess(deps, teacherId, virtualClass.calendarId)
  if (!access) return refuse('needs-reconnect', { cause: 'Refresh token not found' })
  if (virtualClass.eventWantedAt !== null && !(await isStillUsed(deps, virtualClass))) return succeed(null)
  if (virtualClass.eventCreatedAt === null) return makeLate(deps, access, virtualClass)
  const moved = await deps.calendar.updateEvent(access, googleEventId, { startsAt, endsAt })
  if (moved.ok) {
    await recordSuccess(deps, teacherId)
    await settleMove(deps, virtualClass)
    return succeed(null)
  }
  if (moved.reason === 'not-found') return settleGone(deps, virtualClass)
  await recordFailure(deps, teacherId, access.grantId, { ...moved, reason: moved.reason })
  return moved
}

/**
 * Another event is on its way, and is made where the class is by then. Until it is there, which may be never, people go by the one in the calendar
 * that the teacher had before, unless it is gone.
 */
async function isStillUsed(deps: Deps, { id, teacherId, calendarId }: VirtualClassRow): Promise<boolean> {
  const teacher = await findTeacher(deps.db.handle, teacherId)
  return calendarId !== null && calendarId !== teacher?.calendarId && !(await isNotedGone(deps.db.handle, id))
}

/** A class that was confirmed with a room of the teacher's, before it had an event: now it gets one, with everybody who has joined. */
async function makeLate(deps: Deps, access: CalendarAccess, virtualClass: VirtualClassRow): Promise<MoveOutcome> {
  const { id: classId, teacherId } = virtualClass
  const made = await ensureEvent(deps, access, virtualClass)
  if (!made.ok) {
    if (made.reason === 'cancelled') return succeed(null)
    await recordFailure(deps, teacherId, access.grantId, { ...made, reason: made.reason })
    return refuse(made.reason, made.detail)
  }
  await recordSuccess(deps, teacherId)
  await updateClass(deps.db.handle, classId, deps.clock.now(), { eventCreatedAt: deps.clock.now() })
  // Its id may be another than the one that was meant at first.
  await settleMove(deps, { ...virtualClass, googleEventId: made.value.event.eventId })
  await closeCases(deps, deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_changed' })
  await queueGuests(deps, classId)
  return succeed(null)
}

/** The event has followed, unless the class went on meanwhile: then what was just sent may have overtaken what it should be. */
async function settleMove(deps: Deps, sent: VirtualClassRow): Promise<void> {
  // The busy time that was read before still holds the event where it was.
  await refreshBusy(deps, sent.teacherId)
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, sent.id)
    if (current?.status !== 'scheduled') return
    // Whoever gave it another event has compared the hours of that one.
    if (current.googleEventId !== sent.googleEventId) return
    if (current.moveCount !== sent.moveCount) {
      await updateClass(tx, sent.id, deps.clock.now(), { calendarState: 'queued' })
      await queueMove(deps, sent.id)
      return
    }
    // The calendar is in step when the one that is wanted is there.
    if (current.eventWantedAt !== null) return
    await forgetVacated(tx, sent.id)
    await updateClass(tx, sent.id, deps.clock.now(), { calendarState: 'synced', calendarError: null })
    await wantReview(tx, sent.teacherId)
    await closeCases(deps, tx, { subject: 'class', subjectId: sent.id, reason: 'calendar_failed' })
    // Wherever a hand had put the event: it is where the class is now.
    if ((await settleEdits(tx, sent.id, ['moved', 'deleted'], 'cured', deps.clock.now())) > 0)
      await closeCases(deps, tx, { subject: 'class', subjectId: sent.id, reason: 'calendar_changed' })
  })
}

/** Somebody took the event out of the calendar: trying again cannot help, a person has to look. */
async function settleGone(deps: Deps, sent: VirtualClassRow): Promise<MoveOutcome> {
  return deps.db.transaction(async (tx): Promise<MoveOutcome> => {
    const current = await lockClass(tx, sent.id)
    // Cancelled meanwhile: the event is gone because it had to go.
    if (current?.status !== 'scheduled') return succeed(null)
    // It has another one by now.
    if (current.googleEventId !== sent.googleEventId || current.eventWantedAt !== null) return succeed(null)
    // It was looked for in a calendar that is another's by now.
    if (current.calendarId !== sent.calendarId) {
      await queueMove(deps, sent.id)
      return succeed(null)
    }
    await forgetVacated(tx, sent.id)
    await closeCases(deps, tx, { subject: 'class', subjectId: sent.id, reason: 'calendar_failed' })
    await noteGone(deps, tx, current)
    return refuse('not-found', { cause: DELETED_TEXT })
  })
}

/** Queues the patch of the event, in the transaction that changed the times. */
export async function queueMove(deps: Deps, classId: string): Promise<void> {
  await deps.jobs.enqueue(moveMeetingJob, { classId }, { key: classId })
}

async function runMove(deps: Deps, classId: string, failures: number): Promise<void> {
  const outcome = await moveMeeting(deps, classId)
  if (outcome.ok || outcome.reason === 'not-found') return
  const attempts = failures + 1
  const alarmed = attempts >= FAILURES_UNTIL_ALARM
  const cause = outcome.detail?.cause ?? outcome.reason
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled') return
    await updateClass(tx, classId, now, { calendarError: cause, calendarState: alarmed ? 'failed' : 'queued' })
    if (alarmed) {
      const detail = `El evento sigue en el horario anterior: ${cause}`
      const about = { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail } as const
      await openCase(deps, tx, about, { once: attempts > FAILURES_UNTIL_ALARM })
    }
    const startAfter = plus(now, backoffMs(attempts, deps.ids, outcome.detail?.retryAfterMs))
    // Once the class is over, where its event stands does no harm.
    if (startAfter < current.endsAt) await deps.jobs.enqueue(moveMeetingJob, { classId, failures: attempts }, { key: classId, startAfter })
  })
}

export const moveMeetingJob = defineJob({
  name: 'meeting.move',
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { classId, failures }) => runMove(deps, classId, failures ?? 0),
})
