import type { Deps } from '../../deps.ts'
import { refreshBusy } from './busy.ts'
import { wakeMeetings } from './revive.ts'

/** After a calendar was connected: read its busy time, and carry out what waited for it. */
export async function calendarConnected(deps: Deps, teacherId: string): Promise<void> {
  await refreshBusy(deps, teacherId)
  await wakeMeetings(deps, teacherId)
}
