import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { isSameHour } from '../hand-edit/rules.ts'
import { settleEdits } from '../hand-edit/store.ts'
import { tellStory } from '../hand-edit/unchanged.ts'
import { wantReview } from '../mirror/store.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { forgetVacated } from '../virtual-class/moves.ts'
import { findClass, lockClass, updateClass, updateClassWithEvent } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'
import { conferenceRequestId, ensureEvent } from './event.ts'
import { queueGuests } from './guests.ts'
import { queueMove } from './move.ts'
import type { CalendarAccess, CalendarEvent } from './provider.ts'
import { replaceLink } from './room/commands.ts'
import { classesElsewhere } from './whereabouts.ts'

const LINK_POLL_MS = 10 * SECOND_MS

/** The teacher wants the deleted event of a class again: it is made under a new id, with a room of its own, and everybody is on it. */
export async function restoreEvent(deps: Deps, classId: string, actorId: string): Promise<Outcome<null, 'not-scheduled'>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, 'not-scheduled'>> => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled' || deps.clock.now() >= current.endsAt) return refuse('not-scheduled')
    await wantEvent(deps, tx, current)
    await tellStory(deps, tx, classId, 'restored', { actorId })
    return succeed(null)
  })
}

/** So many classes go over to another calendar at once; more take another click. */
const BROUGHT_AT_ONCE = 200

/**
 * The events of classes to come that stand where the teacher's calendar was before are made again in the one that is connected now, and taken
 * out there once the new ones have their link. Each class gets another link, and its people are told. Returns how many classes that is.
 */
export async function bringEventsHere(deps: Deps, teacherId: string, actorId: string): Promise<number> {
  let brought = 0
  for (const classId of await classesElsewhere(deps.db.handle, teacherId, deps.clock.now(), BROUGHT_AT_ONCE)) {
    await deps.db.transaction(async (tx) => {
      const current = await lockClass(tx, classId)
      if (current?.status !== 'scheduled' || current.eventWantedAt !== null) return
      // The one that stands keeps its own: the new generation is made wherever new events are.
      await wantEvent(deps, tx, current, { eventGeneration: current.eventGeneration + 1 })
      await tellStory(deps, tx, classId, 'brought', { actorId })
      brought += 1
    })
  }
  return brought
}

async function wantEvent(deps: Deps, tx: Tx, { id }: VirtualClassRow, change: Partial<VirtualClassRow> = {}): Promise<void> {
  const now = deps.clock.now()
  await updateClass(tx, id, now, { ...change, eventWantedAt: now, calendarState: 'queued', calendarError: null })
  await queueRestore(deps, id)
}

/** Queues the making of the event that is wanted. */
export async function queueRestore(deps: Deps, classId: string): Promise<void> {
  await deps.jobs.enqueue(restoreEventJob, { classId }, { key: classId })
}

async function runRestore(deps: Deps, classId: string, failures: number): Promise<void> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled' || virtualClass.eventWantedAt === null || deps.clock.now() >= virtualClass.endsAt) return
  const access = await calendarAccess(deps, virtualClass.teacherId)
  if (!access) return again(deps, classId, failures + 1, 'Refresh token not found')
  const made = await ensureEvent(deps, access, virtualClass)
  if (made.ok) {
    await recordSuccess(deps, virtualClass.teacherId)
    const event = await withRoom(deps, made.value.access, virtualClass, made.value.event)
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
  const known = { id: classId, googleEventId: event.eventId }
  if (!(await updateClassWithEvent(deps.db.handle, known, deps.clock.now(), { conferenceAttempt: attempt }))) return null
  const asked = await deps.calendar.requestConference(access, event.eventId, conferenceRequestId(event.eventId, attempt))
  return asked.ok ? asked.value : null
}

async function settle(deps: Deps, classId: string, event: CalendarEvent, meetUrl: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled' || current.googleEventId !== event.eventId) return
    const now = deps.clock.now()
    const change = { calendarPageUrl: event.pageUrl, eventWantedAt: null, conferenceAskedAt: null, calendarError: null }
    // Moved while its event was being made.
    const isThere = isSameHour(current, event)
    await updateClass(tx, classId, now, { ...change, calendarState: isThere ? 'synced' : 'queued' })
    if (isThere) {
      await forgetVacated(tx, classId)
      await wantReview(tx, current.teacherId)
    } else await queueMove(deps, classId)
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
    // Another run may have made it meanwhile.
    if (current?.status !== 'scheduled' || current.eventWantedAt === null) return
    const now = deps.clock.now()
    const alarmed = failures >= FAILURES_UNTIL_ALARM
    await updateClass(tx, classId, now, { calendarError: cause, calendarState: alarmed ? 'failed' : 'queued' })
    if (alarmed) {
      const detail = `El evento no se pudo volver a crear: ${cause}`
      const about = { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail } as const
      await openCase(deps, tx, about, { once: failures > FAILURES_UNTIL_ALARM })
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
