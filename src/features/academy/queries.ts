import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import type { OpeningInterval } from './rules.ts'
import { type BlackoutEntry, blackoutsOf, defaultTeacher, openingOf, type Teacher, teacherAccountName } from './store.ts'

/** The teacher whose schedule and calendar the admin looks after; null before there is one. */
export async function academyTeacher(deps: Deps): Promise<Teacher | null> {
  return defaultTeacher(deps.db.handle)
}

/** How visitors are told the teacher's name: as the academy wrote it, or as the teacher's own account has it; null before there is either. */
export async function teacherName(deps: Deps): Promise<string | null> {
  return deps.config.academy.teacher.name ?? teacherAccountName(deps.db.handle)
}

/** The rules of booking that pages tell people about. */
export async function bookingRules(deps: Deps): Promise<{ slotMinutes: number; horizonDays: number }> {
  const teacher = await defaultTeacher(deps.db.handle)
  return { slotMinutes: teacher?.slotMinutes ?? 60, horizonDays: teacher?.horizonDays ?? 60 }
}

/** When the academy is open, in the order of the week; nothing before there is a teacher. */
export async function openingHours(deps: Deps): Promise<OpeningInterval[]> {
  const teacher = await defaultTeacher(deps.db.handle)
  return teacher ? openingOf(deps.db.handle, teacher.id) : []
}

const YEAR_MS = 366 * DAY_MS

/** Everything the admin edits about opening hours; null before there is a teacher. */
export async function scheduleForAdmin(
  deps: Deps,
): Promise<{ teacher: Teacher; opening: OpeningInterval[]; blackouts: BlackoutEntry[] } | null> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) return null
  const now = deps.clock.now()
  return {
    teacher,
    opening: await openingOf(deps.db.handle, teacher.id),
    blackouts: await blackoutsOf(deps.db.handle, teacher.id, plus(now, -DAY_MS), plus(now, YEAR_MS)),
  }
}
