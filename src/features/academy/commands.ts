import type { Deps } from '../../deps.ts'
import { type Interval, isValidSchedule, type ScheduleSettings } from './rules.ts'
import { addBlackout, defaultTeacher, removeBlackout, saveSchedule } from './store.ts'

/** Saves opening hours and limits. False when they are not valid (behaviour 4.16). */
export async function saveOpeningHours(deps: Deps, settings: ScheduleSettings, actorId: string): Promise<boolean> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher || !isValidSchedule(settings)) return false
  await saveSchedule(deps, teacher.id, settings, actorId)
  return true
}

/** Closes a stretch of time. False when it ends before it begins. Classes inside stay as they are. */
export async function addClosedTime(deps: Deps, closed: Interval & { note: string }, actorId: string): Promise<boolean> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher || closed.endsAt <= closed.startsAt) return false
  await addBlackout(deps, teacher.id, closed, actorId)
  return true
}

export async function reopenClosedTime(deps: Deps, blackoutId: string, actorId: string): Promise<boolean> {
  const teacher = await defaultTeacher(deps.db.handle)
  return teacher ? removeBlackout(deps, teacher.id, blackoutId, actorId) : false
}
