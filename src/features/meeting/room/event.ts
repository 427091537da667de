import { z } from 'zod'
import type { Deps } from '../../../deps.ts'
import { defineJob } from '../../../jobs/define.ts'
import { backoffMs } from '../../../kernel/backoff.ts'
import { plus } from '../../../kernel/clock.ts'
import { eventWords } from '../../virtual-class/rules.ts'
import { findClass } from '../../virtual-class/store.ts'
import { calendarAccess, recordFailure } from '../connection.ts'

/** The event says in which room the class takes place: its teacher may be no admin, and have no other page to read it on. */
async function tellEvent(deps: Deps, classId: string, failures: number): Promise<void> {
  const c = await findClass(deps.db.handle, classId)
  // One that is still to be made is made with its room.
  if (!c?.googleEventId || c.eventCreatedAt === null || (c.status !== 'scheduled' && c.status !== 'pending')) return
  const access = await calendarAccess(deps, c.teacherId, c.calendarId)
  const text = { ...eventWords(c), location: c.roomUrl ?? '' }
  const told = access ? await deps.calendar.updateEvent(access, c.googleEventId, { text }) : null
  // An event that is gone was noticed, or will be.
  if (told?.ok || told?.reason === 'not-found') return
  if (access && told) await recordFailure(deps, c.teacherId, access.grantId, { ...told, reason: told.reason })
  const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids, told?.detail?.retryAfterMs))
  if (startAfter < c.endsAt) await deps.jobs.enqueue(tellEventJob, { classId, failures: failures + 1 }, { key: classId, startAfter })
}

/** Queues it, in the transaction that changed the room. */
export async function queueRoomInEvent(deps: Deps, classId: string): Promise<void> {
  await deps.jobs.enqueue(tellEventJob, { classId }, { key: classId })
}

export const tellEventJob = defineJob({
  name: 'meeting.tell-event',
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { classId, failures }) => tellEvent(deps, classId, failures ?? 0),
})
