import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { type LiveClass, liveClassesWithin } from '../virtual-class/queries.ts'
import { academyTeacher } from './queries.ts'
import { type Interval, isValidSchedule, type ScheduleSettings } from './rules.ts'
import { addBlackout, removeBlackout, saveSchedule } from './store.ts'

/** What people are told when opening hours or a closed time make no sense (behaviour 4.16). */
export const SCHEDULE_INVALID = 'Los horarios no son válidos'

/**
 * Saves opening hours and limits of a teacher, without a wish of the first one. `too-long`: a class would be longer than the hours of somebody else,
 * whose name is told (behaviour 4.16).
 */
export async function saveOpeningHours(
  deps: Deps,
  settings: ScheduleSettings,
  actorId: string,
  teacherId: string | null = null,
): Promise<Outcome<null, 'invalid' | 'too-long', string>> {
  const teacher = await academyTeacher(deps, teacherId)
  if (!teacher || !isValidSchedule(settings)) return refuse('invalid')
  const squeezed = await saveSchedule(deps, teacher.id, settings, actorId)
  return squeezed === null ? succeed(null) : refuse('too-long', squeezed)
}

/** Classes inside a time that is closed already, as `addClosedTime` tells them. */
export async function conflictsOf(deps: Deps, teacherId: string, closed: Interval): Promise<{ classes: LiveClass[]; total: number }> {
  return liveClassesWithin(deps.db.handle, teacherId, closed, CONFLICTS_MAX)
}

const CONFLICTS_MAX = 200

export interface ClosedTime {
  id: string
  /** Classes that were booked inside already, by start, 200 at most; they stay as they are. */
  conflicts: LiveClass[]
  conflictsTotal: number
}

/** Closes a stretch of a teacher's time, without a wish of the first one's. Null when there is no such teacher, or when an edge is missing or it ends before it begins. */
export async function addClosedTime(
  deps: Deps,
  closed: { startsAt: Date | null; endsAt: Date | null; note: string },
  actorId: string,
  teacherId: string | null = null,
): Promise<ClosedTime | null> {
  const teacher = await academyTeacher(deps, teacherId)
  if (!teacher || !isInterval(closed)) return null
  const id = await addBlackout(deps, teacher.id, closed, actorId)
  const { classes, total } = await liveClassesWithin(deps.db.handle, teacher.id, closed, CONFLICTS_MAX)
  return { id, conflicts: classes, conflictsTotal: total }
}

function isInterval<T extends { startsAt: Date | null; endsAt: Date | null }>(closed: T): closed is T & Interval {
  return closed.startsAt !== null && closed.endsAt !== null && closed.startsAt < closed.endsAt
}

/** False when there is no such closed time. */
export async function reopenClosedTime(deps: Deps, blackoutId: string, actorId: string): Promise<boolean> {
  return removeBlackout(deps, blackoutId, actorId)
}
