import type { Deps } from '../../deps.ts'
import { refreshBusy } from './busy.ts'
import { queueTrial } from './check.ts'
import { wakeMeetings } from './revive.ts'

/** After a calendar was connected: read its busy time, carry out what waited for it, and try it. */
export async function calendarConnected(deps: Deps, teacherId: string): Promise<void> {
  await refreshBusy(deps, teacherId)
  await wakeMeetings(deps, teacherId)
  await queueTrial(deps, teacherId)
}
