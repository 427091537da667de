import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { LeftEventRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { findClass } from '../virtual-class/store.ts'
import { calendarAccess, recordFailure } from './connection.ts'
import { findLeft, forgetLeft, noteLeft } from './left.ts'
import { REMOVED_WITHIN_MS } from './remove.ts'

/** Takes the event that a class had in another calendar out of there, once the new one has its link: until then it is the one that works. */
async function leave(deps: Deps, { classId, eventId, failures = 0 }: Leaving): Promise<void> {
  const { handle } = deps.db
  const c = await findClass(handle, classId)
  const left = c && (await findLeft(handle, c.teacherId, eventId))
  if (!left) return
  // It has come back to that very event.
  if (c.googleEventId === eventId) return forgetLeft(handle, left)
  const later = async (afterMs: number, attempts: number) => {
    const startAfter = plus(deps.clock.now(), afterMs)
    if (startAfter >= plus(c.endsAt, REMOVED_WITHIN_MS)) return forgetLeft(handle, left)
    await deps.jobs.enqueue(leaveCalendarJob, { classId, eventId, failures: attempts }, { key: eventId, startAfter })
  }
  if (c.status === 'scheduled' && c.eventWantedAt !== null) return later(MINUTE_MS, failures)
  const access = await calendarAccess(deps, c.teacherId, left.calendarId)
  const removed = access ? await deps.calendar.deleteEvent(access, eventId) : null
  if (removed?.ok) return forgetLeft(handle, left)
  // A calendar that is not theirs to write in any more keeps what stands in it.
  if (removed?.reason === 'refused') {
    deps.log.warn({ classId, eventId }, 'the former event of a class stays in its calendar')
    return forgetLeft(handle, left)
  }
  if (access && removed) await recordFailure(deps, c.teacherId, access.grantId, removed)
  return later(backoffMs(failures + 1, deps.ids, removed?.detail?.retryAfterMs), failures + 1)
}

/**
 * Writes down which event a class has left, and queues that it is taken out, in the transaction that gave the class its new one. The job names no
 * calendar: its id may be an address, and another one as soon as somebody else is connected.
 */
export async function queueLeave(deps: Deps, tx: Tx, left: Omit<LeftEventRow, 'leftAt'>): Promise<void> {
  const { classId, eventId } = left
  await noteLeft(tx, { ...left, leftAt: deps.clock.now() })
  await deps.jobs.enqueue(leaveCalendarJob, { classId, eventId }, { key: eventId })
}

const Leaving = z.object({
  classId: z.uuid(),
  eventId: z.string().min(1),
  failures: z.number().int().min(0).optional(),
})
type Leaving = z.infer<typeof Leaving>

export const leaveCalendarJob = defineJob({
  name: 'meeting.leave-calendar',
  payload: Leaving,
  run: leave,
})
