import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { appUser, participation } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import { noteGone } from '../hand-edit/deleted.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { findClass, lockClass, updateClass } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure } from './connection.ts'

/**
 * Makes the event's attendees equal to the people of the class, so that nobody has to knock (behaviour R12). One patch carries
 * everybody who has joined by then, however many joins asked for it.
 */
async function syncGuests(deps: Deps, classId: string, failures: number): Promise<void> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled' || !virtualClass.googleEventId) return
  // Confirmed in a room of the teacher's: whoever makes the event later adds everybody.
  if (virtualClass.eventCreatedAt === null && virtualClass.calendarState !== 'synced') return
  const access = await calendarAccess(deps, virtualClass.teacherId, virtualClass.calendarId)
  const attendees = await addressesOf(deps, classId)
  const updated = access ? await deps.calendar.updateEvent(access, virtualClass.googleEventId, { attendees }) : null
  if (updated?.ok) {
    // Somebody joined meanwhile, and a run that knew them may have been quicker than this one: what was just sent would be the last word.
    if (String(await addressesOf(deps, classId)) !== String(attendees)) await queueGuests(deps, classId)
    // The case, and the error, may also be about times that the event has not followed yet.
    if (virtualClass.calendarState !== 'synced') return
    if (virtualClass.calendarError !== null) await updateClass(deps.db.handle, classId, deps.clock.now(), { calendarError: null })
    // A job that took the place of a lost one does not know how often that one had failed.
    await closeCases(deps, deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_failed' })
    return
  }
  if (updated?.reason === 'not-found') {
    await deps.db.transaction(async (tx) => {
      const current = await lockClass(tx, classId)
      const isSame = current?.googleEventId === virtualClass.googleEventId && current.eventWantedAt === null
      if (current?.status !== 'scheduled' || !isSame) return
      // It was looked for in a calendar that is another's by now.
      if (current.calendarId !== virtualClass.calendarId) await queueGuests(deps, classId)
      else await noteGone(deps, tx, current)
    })
    return
  }
  if (access && updated) await recordFailure(deps, virtualClass.teacherId, access.grantId, { ...updated, reason: updated.reason })
  const attempts = failures + 1
  await deps.db.transaction(async (tx) => {
    const calendarError = updated?.detail?.cause ?? updated?.reason ?? 'Refresh token not found'
    await updateClass(tx, classId, deps.clock.now(), { calendarError })
    if (attempts >= FAILURES_UNTIL_ALARM) {
      const detail = 'No se pudieron agregar los invitados al evento'
      const about = { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail } as const
      await openCase(deps, tx, about, { once: attempts > FAILURES_UNTIL_ALARM })
    }
    const startAfter = plus(deps.clock.now(), backoffMs(attempts, deps.ids, updated?.detail?.retryAfterMs))
    if (startAfter < virtualClass.endsAt)
      await deps.jobs.enqueue(syncGuestsJob, { classId, failures: attempts }, { key: classId, startAfter })
  })
}

/** Queues the patch of the attendees, in the transaction that took a seat. */
export async function queueGuests(deps: Deps, classId: string): Promise<void> {
  await deps.jobs.enqueue(syncGuestsJob, { classId }, { key: classId })
}

async function addressesOf(deps: Deps, classId: string): Promise<string[]> {
  const people = await deps.db.handle
    .select({ email: appUser.email })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.createdAt), asc(participation.seat))
  return people.map(({ email }) => email)
}

export const syncGuestsJob = defineJob({
  name: 'meeting.sync-guests',
  // Doors are open for two hours: whoever looks after lost jobs must hear of this one while it still matters.
  retriesMax: 8,
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { classId, failures }) => syncGuests(deps, classId, failures ?? 0),
})
