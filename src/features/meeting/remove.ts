import { z } from 'zod'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { succeed } from '../../kernel/outcome.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { forgetVacated } from '../virtual-class/moves.ts'
import { calendarEventId } from '../virtual-class/rules.ts'
import { findClass, updateClass } from '../virtual-class/store.ts'
import { refreshBusy } from './busy.ts'
import { calendarAccess, recordFailure } from './connection.ts'
import type { CalendarAccess, CalendarOutcome } from './provider.ts'

/** So long after a class would be over its event is still tried to be taken out; what stays then does no harm. */
export const REMOVED_WITHIN_MS = DAY_MS

/** Takes the event of a cancelled class out of the calendar. An event that is already gone counts as removed. */
async function removeMeeting(deps: Deps, classId: string, failures: number): Promise<void> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'cancelled' || !virtualClass.paidAt) return
  const access = await calendarAccess(deps, virtualClass.teacherId)
  const removed = access ? await deleteEvents(deps, access, virtualClass) : null
  if (removed?.ok) {
    // The busy time that was read before still holds the event.
    await refreshBusy(deps, virtualClass.teacherId)
    await forgetVacated(deps.db.handle, classId)
    await updateClass(deps.db.handle, classId, deps.clock.now(), { calendarState: 'none', calendarError: null })
    // A job that took the place of a lost one does not know how often that one had failed.
    await closeCases(deps, deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_failed' })
    return
  }
  if (access && removed) await recordFailure(deps, virtualClass.teacherId, access.grantId, removed)
  const attempts = failures + 1
  await deps.db.transaction(async (tx) => {
    const calendarError = removed?.detail?.cause ?? removed?.reason ?? 'Refresh token not found'
    await updateClass(tx, classId, deps.clock.now(), { calendarError })
    if (attempts >= FAILURES_UNTIL_ALARM) {
      const detail = 'El evento de una clase cancelada sigue en el calendario'
      const about = { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail } as const
      await openCase(deps, tx, about, { once: attempts > FAILURES_UNTIL_ALARM })
    }
    const startAfter = plus(deps.clock.now(), backoffMs(attempts, deps.ids, removed?.detail?.retryAfterMs))
    if (startAfter < plus(virtualClass.endsAt, REMOVED_WITHIN_MS))
      await deps.jobs.enqueue(removeMeetingJob, { classId, failures: attempts }, { key: classId, startAfter })
  })
}

/**
 * The event we know of, and the one that Google may have made while its answer was lost: its id follows from the class. People go by the first, so
 * it is taken out also when the calendar of the other will not have us.
 */
async function deleteEvents(
  deps: Deps,
  access: CalendarAccess,
  { id, eventGeneration, googleEventId, calendarId }: VirtualClassRow,
): Promise<CalendarOutcome<null>> {
  const derived = calendarEventId(id, eventGeneration)
  const there = { ...access, calendarId: calendarId ?? access.calendarId }
  if (googleEventId === derived) return deps.calendar.deleteEvent(there, derived)
  const known: CalendarOutcome<null> = googleEventId ? await deps.calendar.deleteEvent(there, googleEventId) : succeed(null)
  const lost = await deps.calendar.deleteEvent(access, derived)
  return known.ok ? lost : known
}

/** Queues the removal of a cancelled class's event, in the transaction that found it cancelled; `afterMs` from now. */
export async function queueRemoval(deps: Deps, classId: string, afterMs = 0): Promise<void> {
  await deps.jobs.enqueue(removeMeetingJob, { classId }, { key: classId, startAfter: plus(deps.clock.now(), afterMs) })
}

export const removeMeetingJob = defineJob({
  name: 'meeting.remove',
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { classId, failures }) => removeMeeting(deps, classId, failures ?? 0),
})
