import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { askTogether } from '../../kernel/together.ts'
import { type BlackoutEntry, blackoutsOf, openingOf } from './hours.ts'
import { type OpeningInterval, union } from './rules.ts'
import { defaultTeacher, findTeacher, listTeachers, type Teacher, teacherAccountName } from './store.ts'

/** One teacher by id, and without a wish the academy's first; null when there is none. */
export async function academyTeacher(deps: Deps, teacherId: string | null = null): Promise<Teacher | null> {
  return teacherId === null ? defaultTeacher(deps.db.handle) : findTeacher(deps.db.handle, teacherId)
}

/** Every teacher, the first one first; read once for all who ask at the same moment. */
export function everyTeacher(deps: Deps): Promise<readonly Teacher[]> {
  return askTogether(deps, 'teachers', () => listTeachers(deps.db.handle))
}

/** A teacher as people are told of them. */
export interface NamedTeacher {
  id: string
  name: string
}

/** Whom a student may choose from: nobody while there is one teacher only, who needs no choosing. */
export async function teachersToChoose(deps: Deps): Promise<NamedTeacher[]> {
  const active = (await everyTeacher(deps)).filter((teacher) => teacher.active)
  return active.length < 2 ? [] : active.map(({ id, displayName }) => ({ id, name: displayName }))
}

/** How visitors are told the teacher's name: as the academy wrote it, or as the teacher's own account has it; null before there is either. */
export async function teacherName(deps: Deps): Promise<string | null> {
  return deps.config.academy.teacher.name ?? teacherAccountName(deps.db.handle)
}

/** Every teacher, also those who take no bookings any more, for the admin to choose from: nobody while there is one only. */
export async function allTeachers(deps: Deps): Promise<NamedTeacher[]> {
  const all = await listTeachers(deps.db.handle)
  return all.length < 2 ? [] : all.map(({ id, displayName }) => ({ id, name: displayName }))
}

/** The rules of booking that pages tell people about: of one teacher, or of all who take bookings. */
export async function bookingRules(deps: Deps, teacherId: string | null = null): Promise<{ slotMinutes: number; horizonDays: number }> {
  return rulesOf(await teachersAsked(deps, teacherId))
}

/** The same for teachers that were read already. */
export function rulesOf(teachers: readonly Teacher[]): { slotMinutes: number; horizonDays: number } {
  return { slotMinutes: teachers[0]?.slotMinutes ?? 60, horizonDays: Math.max(...teachers.map((each) => each.horizonDays), 0) || 60 }
}

/** Whose time an availability is about: that one teacher's, also of one who takes no new bookings, or everybody's who does. */
export async function teachersAsked(deps: Deps, teacherId: string | null): Promise<Teacher[]> {
  const all = await everyTeacher(deps)
  return all.filter((teacher) => (teacherId === null ? teacher.active : teacher.id === teacherId))
}

/** When the academy is open, in the order of the week: when any of its teachers is. */
export async function openingHours(deps: Deps): Promise<OpeningInterval[]> {
  const teachers = await teachersAsked(deps, null)
  const each = await openingOf(
    deps.db.handle,
    teachers.map(({ id }) => id),
  )
  const opening = [...each.values()].flat()
  return teachers.length > 1 ? union(opening) : opening
}

const YEAR_MS = 366 * DAY_MS

/** Everything the admin edits about a teacher's opening hours, without a wish the first one's; null when there is no such teacher. */
export async function scheduleForAdmin(
  deps: Deps,
  teacherId: string | null = null,
): Promise<{ teacher: Teacher; opening: OpeningInterval[]; blackouts: BlackoutEntry[] } | null> {
  const teacher = await academyTeacher(deps, teacherId)
  if (!teacher) return null
  const now = deps.clock.now()
  return {
    teacher,
    opening: (await openingOf(deps.db.handle, [teacher.id])).get(teacher.id) ?? [],
    blackouts: await blackoutsOf(deps.db.handle, teacher.id, plus(now, -DAY_MS), plus(now, YEAR_MS)),
  }
}
