import type { Deps } from '../../deps.ts'
import { tendChannels } from '../mirror/channels.ts'
import { queueSync } from '../mirror/sync.ts'
import { refreshBusy } from './busy.ts'
import { queueTrial } from './check.ts'
import { wakeMeetings } from './revive.ts'

/** After a calendar was connected: read its busy time, carry out what waited for it, try it, mirror it, and have Google tell of changes. */
export async function calendarConnected(deps: Deps, teacherId: string): Promise<void> {
  await refreshBusy(deps, teacherId)
  await wakeMeetings(deps, teacherId)
  await queueTrial(deps, teacherId)
  await queueSync(deps, teacherId)
  await tendChannels(deps, teacherId)
}
