import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { findClass } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure } from './connection.ts'
import { REMOVED_WITHIN_MS } from './remove.ts'

/** Takes the event that a class had in another calendar out of there, once the new one has its link: until then it is the one that works. */
async function leave(deps: Deps, { classId, calendarId, eventId, failures = 0 }: Left): Promise<void> {
  const c = await findClass(deps.db.handle, classId)
  // It has come back to that very event.
  if (!c || c.googleEventId === eventId) return
  const later = async (afterMs: number, attempts: number) => {
    const startAfter = plus(deps.clock.now(), afterMs)
    if (startAfter >= plus(c.endsAt, REMOVED_WITHIN_MS)) return
    await deps.jobs.enqueue(leaveCalendarJob, { classId, calendarId, eventId, failures: attempts }, { key: eventId, startAfter })
  }
  if (c.status === 'scheduled' && c.eventWantedAt !== null) return later(MINUTE_MS, failures)
  const access = await calendarAccess(deps, c.teacherId, calendarId)
  const removed = access ? await deps.calendar.deleteEvent(access, eventId) : null
  if (removed?.ok) return
  // A calendar that is not theirs to write in any more keeps what stands in it.
  if (removed?.reason === 'refused') return deps.log.warn({ classId, eventId }, 'the former event of a class stays in its calendar')
  if (access && removed) await recordFailure(deps, c.teacherId, access.grantId, removed)
  return later(backoffMs(failures + 1, deps.ids, removed?.detail?.retryAfterMs), failures + 1)
}

/** Queues it, in the transaction that gave the class its new event. */
export async function queueLeave(deps: Deps, classId: string, calendarId: string, eventId: string): Promise<void> {
  await deps.jobs.enqueue(leaveCalendarJob, { classId, calendarId, eventId }, { key: eventId })
}

const Left = z.object({
  classId: z.uuid(),
  calendarId: z.string().min(1),
  eventId: z.string().min(1),
  failures: z.number().int().min(0).optional(),
})
type Left = z.infer<typeof Left>

export const leaveCalendarJob = defineJob({
  name: 'meeting.leave-calendar',
  payload: Left,
  run: leave,
})
