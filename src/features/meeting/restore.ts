import { z } from 'zod'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { settleEdits } from '../hand-edit/store.ts'
import { tellStory } from '../hand-edit/unchanged.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { findClass, lockClass, updateClass } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { conferenceRequestId, ensureEvent } from './event.ts'
import { queueGuests } from './guests.ts'
import type { CalendarAccess, CalendarEvent } from './provider.ts'
import { replaceLink } from './room/commands.ts'

const LINK_POLL_MS = 10 * SECOND_MS

/** The teacher wants the deleted event of a class again: it is made under a new id, with a room of its own, and everybody is on it. */
export async function restoreEvent(deps: Deps, classId: string, actorId: string): Promise<Outcome<null, 'not-scheduled'>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, 'not-scheduled'>> => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled' || deps.clock.now() >= current.endsAt) return refuse('not-scheduled')
    await updateClass(tx, classId, deps.clock.now(), { calendarState: 'queued', calendarError: null })
    await deps.jobs.enqueue(restoreEventJob, { classId }, { key: classId })
    await tellStory(deps, tx, classId, 'restored', { actorId })
    return succeed(null)
  })
}

async function runRestore(deps: Deps, classId: string, failures: number): Promise<void> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled' || deps.clock.now() >= virtualClass.endsAt) return
  const access = await calendarAccess(deps, virtualClass.teacherId)
  if (!access) return again(deps, classId, failures + 1, 'Refresh token not found')
  const made = await ensureEvent(deps, access, virtualClass)
  if (made.ok) {
    await recordSuccess(deps, virtualClass.teacherId)
    const event = await withRoom(deps, access, virtualClass, made.value)
    if (event?.meetUrl) return settle(deps, classId, event, event.meetUrl)
    return again(deps, classId, failures + 1, 'El enlace de Meet todavía no está', LINK_POLL_MS)
  }
  if (made.reason === 'cancelled') return
  await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...made, reason: made.reason })
  return again(deps, classId, failures + 1, made.detail?.cause ?? made.reason, made.detail?.retryAfterMs)
}

/** A room that Google could not make is asked for again. */
async function withRoom(
  deps: Deps,
  access: CalendarAccess,
  { id: classId, conferenceAttempt }: VirtualClassRow,
  event: CalendarEvent,
): Promise<CalendarEvent | null> {
  if (event.conference !== 'failed' && event.conference !== 'none') return event
  const attempt = conferenceAttempt + 1
  await updateClass(deps.db.handle, classId, deps.clock.now(), { conferenceAttempt: attempt })
  const asked = await deps.calendar.requestConference(access, event.eventId, conferenceRequestId(event.eventId, attempt))
  return asked.ok ? asked.value : null
}

async function settle(deps: Deps, classId: string, event: CalendarEvent, meetUrl: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled' || current.googleEventId !== event.eventId) return
    const now = deps.clock.now()
    await updateClass(tx, classId, now, { calendarPageUrl: event.pageUrl, calendarState: 'synced', calendarError: null })
    // Whoever has a room of the teacher's own keeps it.
    if (current.roomUrl === null) await replaceLink(deps, tx, current, meetUrl)
    await settleEdits(tx, classId, ['deleted', 'moved'], 'restored', now)
    await closeCases(deps, tx, [
      { subject: 'class', subjectId: classId, reason: 'calendar_changed' },
      { subject: 'class', subjectId: classId, reason: 'calendar_failed' },
    ])
    // The event was made for the host alone.
    await queueGuests(deps, classId)
  })
}

async function again(deps: Deps, classId: string, failures: number, cause: string, waitMs?: number): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled') return
    const now = deps.clock.now()
    const alarmed = failures >= FAILURES_UNTIL_ALARM
    await updateClass(tx, classId, now, { calendarError: cause, calendarState: alarmed ? 'failed' : 'queued' })
    if (alarmed) {
      const detail = `El evento no se pudo volver a crear: ${cause}`
      await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail })
    }
    const startAfter = plus(now, backoffMs(failures, deps.ids, waitMs))
    if (startAfter < current.endsAt) await deps.jobs.enqueue(restoreEventJob, { classId, failures }, { key: classId, startAfter })
  })
}

export const restoreEventJob = defineJob({
  name: 'meeting.restore',
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { classId, failures }) => runRestore(deps, classId, failures ?? 0),
})
