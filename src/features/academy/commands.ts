import type { Deps } from '../../deps.ts'
import { type LiveClass, liveClassesWithin } from '../virtual-class/queries.ts'
import { type Interval, isValidSchedule, type ScheduleSettings } from './rules.ts'
import { addBlackout, defaultTeacher, removeBlackout, saveSchedule } from './store.ts'

/** What people are told when opening hours or a closed time make no sense (behaviour 4.16). */
export const SCHEDULE_INVALID = 'Los horarios no son válidos'

/** Saves opening hours and limits. False when they are not valid (behaviour 4.16). */
export async function saveOpeningHours(deps: Deps, settings: ScheduleSettings, actorId: string): Promise<boolean> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher || !isValidSchedule(settings)) return false
  await saveSchedule(deps, teacher.id, settings, actorId)
  return true
}

/** Classes inside a time that is closed already, as `addClosedTime` tells them. */
export async function conflictsOf(deps: Deps, closed: Interval): Promise<{ classes: LiveClass[]; total: number }> {
  const teacher = await defaultTeacher(deps.db.handle)
  return teacher ? liveClassesWithin(deps.db.handle, teacher.id, closed, CONFLICTS_MAX) : { classes: [], total: 0 }
}

const CONFLICTS_MAX = 200

export interface ClosedTime {
  id: string
  /** Classes that were booked inside already, by start, 200 at most; they stay as they are. */
  conflicts: LiveClass[]
  conflictsTotal: number
}

/** Closes a stretch of time. Null when an edge is missing or it ends before it begins. */
export async function addClosedTime(
  deps: Deps,
  closed: { startsAt: Date | null; endsAt: Date | null; note: string },
  actorId: string,
): Promise<ClosedTime | null> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher || !isInterval(closed)) return null
  const id = await addBlackout(deps, teacher.id, closed, actorId)
  const { classes, total } = await liveClassesWithin(deps.db.handle, teacher.id, closed, CONFLICTS_MAX)
  return { id, conflicts: classes, conflictsTotal: total }
}

function isInterval<T extends { startsAt: Date | null; endsAt: Date | null }>(closed: T): closed is T & Interval {
  return closed.startsAt !== null && closed.endsAt !== null && closed.startsAt < closed.endsAt
}

export async function reopenClosedTime(deps: Deps, blackoutId: string, actorId: string): Promise<boolean> {
  const teacher = await defaultTeacher(deps.db.handle)
  return teacher ? removeBlackout(deps, teacher.id, blackoutId, actorId) : false
}
