import type { Deps } from '../../deps.ts'
import { refreshBusy } from './busy.ts'
import { classesWaitingForEvent, classesWaitingForMove } from './connection.ts'
import { createMeetingJob } from './create.ts'
import { queueMove } from './move.ts'

/** After a calendar was connected: read its busy time, and bring it up to date with the classes that waited for it. */
export async function calendarConnected(deps: Deps, teacherId: string): Promise<void> {
  await refreshBusy(deps, teacherId)
  const connectedAt = deps.clock.now().getTime()
  for (const classId of await classesWaitingForEvent(deps, teacherId)) {
    // A key of its own: the waiting retry may lie hours ahead. Making an event twice at once is harmless.
    await deps.jobs.enqueue(createMeetingJob, { classId, polls: 0 }, { key: `${classId}:${connectedAt}` })
  }
  for (const classId of await classesWaitingForMove(deps, teacherId)) await queueMove(deps, classId)
}
