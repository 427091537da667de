import { and, count, eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { type Handle, type Tx, violates } from '../../db/client.ts'
import { googleConnection, teacher, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { audit } from '../operation/attention.ts'
import { insertTeacher, listTeachers, lockTeachers, TEACHERS_MAX, type Teacher, teacherAccountName, UNNAMED_TEACHER } from './store.ts'

/** A teacher as the admin writes them down. */
export interface TeacherForm {
  name: string
  /** The Google account that gives the calendar. */
  email: string
  /** "primary", or the address of another calendar of that account; empty: "primary". */
  calendarId: string
}

export type TeacherFault = 'no-name' | 'long-name' | 'bad-email' | 'taken-email' | 'bad-calendar' | 'too-many'
/** What is wrong, by field; `name` also carries what is wrong with the whole. */
export type TeacherFaults = Partial<Record<keyof TeacherForm, TeacherFault>>

const NAME_CHARACTERS_MAX = 80
const ADDRESS_CHARACTERS_MAX = 254

/** What was typed, tidied, or what is wrong with it. Pure. */
function readTeacherForm(typed: TeacherForm): Outcome<TeacherForm, 'faulty', TeacherFaults> {
  const name = typed.name.replace(/\p{Cc}+/gu, ' ').trim()
  const email = typed.email.trim().toLowerCase()
  const calendarId = typed.calendarId.trim() || 'primary'
  const faults: TeacherFaults = {
    ...(name === '' ? { name: 'no-name' as const } : [...name].length > NAME_CHARACTERS_MAX ? { name: 'long-name' as const } : {}),
    ...(isAddress(email) ? {} : { email: 'bad-email' as const }),
    ...(calendarId === 'primary' || isAddress(calendarId) ? {} : { calendarId: 'bad-calendar' as const }),
  }
  return Object.keys(faults).length === 0 ? succeed({ name, email, calendarId }) : refuse('faulty', faults)
}

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_CHARACTERS_MAX && z.email().safeParse(text).success
}

/**
 * Takes on a teacher, with the default hours; bookings begin when their calendar is connected and the admin says so. Sent twice it is done once. The
 * first teacher needs a name from now on: nobody is told whose a class is while there is one only.
 */
export async function addTeacher(
  deps: Deps,
  typed: TeacherForm,
  actorId: string,
): Promise<Outcome<{ id: string }, 'faulty', TeacherFaults>> {
  const read = readTeacherForm(typed)
  if (!read.ok) return read
  const form = read.value
  return deps.db.transaction(async (tx) => {
    await lockTeachers(tx)
    const all = await listTeachers(tx)
    const known = all.find((each) => each.email === form.email)
    if (known) return isSame(known, form) ? succeed({ id: known.id }) : refuse('faulty', { email: 'taken-email' })
    if (all.length >= TEACHERS_MAX) return refuse('faulty', { name: 'too-many' })
    await nameTheFirst(deps, tx)
    const id = await insertTeacher(deps, tx, form, all.at(-1))
    await audit(deps, tx, { actorId, action: 'teacher.add', subject: 'teacher', subjectId: id })
    return succeed({ id })
  })
}

function isSame(known: Teacher, form: TeacherForm): boolean {
  return known.displayName === form.name && known.calendarId === form.calendarId
}

async function nameTheFirst(deps: Deps, tx: Tx): Promise<void> {
  const { academy } = deps.config
  const displayName = academy.teacher.name ?? (await teacherAccountName(tx)) ?? academy.name
  await tx
    .update(teacher)
    .set({ displayName: displayName.slice(0, NAME_CHARACTERS_MAX), updatedAt: deps.clock.now() })
    .where(eq(teacher.displayName, UNNAMED_TEACHER))
}

/** A teacher as the admin sees them. */
export interface ListedTeacher {
  id: string
  name: string
  email: string
  calendarId: string
  active: boolean
  connection: 'connected' | 'broken' | 'none'
  /** Classes that are still to be given. */
  ahead: number
  /** The configuration says the address and the calendar of the first one (ADMIN_EMAIL, CALENDAR_ID). */
  isFirst: boolean
  /** Nothing is tied to the address yet, so that it may still be changed. */
  mayChangeEmail: boolean
}

/** Every teacher, the first one first. */
export async function teachersForAdmin(deps: Deps, handle: Handle = deps.db.handle): Promise<ListedTeacher[]> {
  const all = await listTeachers(handle)
  const connections = await handle
    .select({ teacherId: googleConnection.teacherId, status: googleConnection.status })
    .from(googleConnection)
    .limit(TEACHERS_MAX)
  const ahead = await handle
    .select({ teacherId: virtualClass.teacherId, classes: count() })
    .from(virtualClass)
    .where(and(sql`${virtualClass.status} IN ('pending', 'scheduled')`, sql`${virtualClass.endsAt} > ${deps.clock.now()}`))
    .groupBy(virtualClass.teacherId)
  return all.map((each, index) => {
    const connection = connections.find(({ teacherId }) => teacherId === each.id)
    return {
      id: each.id,
      name: each.displayName === UNNAMED_TEACHER ? (deps.config.academy.teacher.name ?? each.displayName) : each.displayName,
      email: each.email,
      calendarId: each.calendarId,
      active: each.active,
      connection: !connection ? 'none' : connection.status === 'connected' ? 'connected' : 'broken',
      ahead: ahead.find(({ teacherId }) => teacherId === each.id)?.classes ?? 0,
      isFirst: index === 0,
      mayChangeEmail: index > 0 && each.userId === null && !connection,
    }
  })
}

/**
 * Changes what is written down of a teacher. The address stays once somebody has proved to own it, the calendar while it is connected; both are
 * the configuration's for the first teacher.
 */
export async function editTeacher(
  deps: Deps,
  teacherId: string,
  typed: TeacherForm,
  actorId: string,
): Promise<Outcome<null, 'faulty' | 'unknown', TeacherFaults>> {
  try {
    return await deps.db.transaction(async (tx) => {
      const known = await lockForAdmin(deps, tx, teacherId)
      if (!known) return refuse('unknown')
      const read = readTeacherForm({
        name: typed.name,
        email: known.mayChangeEmail ? typed.email : known.email,
        calendarId: mayChangeCalendar(known) ? typed.calendarId : known.calendarId,
      })
      if (!read.ok) return read
      const { name, email, calendarId } = read.value
      await tx.update(teacher).set({ displayName: name, email, calendarId, updatedAt: deps.clock.now() }).where(eq(teacher.id, teacherId))
      await audit(deps, tx, { actorId, action: 'teacher.edit', subject: 'teacher', subjectId: teacherId })
      return succeed(null)
    })
  } catch (error) {
    if (violates(error, 'teacher_email_unique')) return refuse('faulty', { email: 'taken-email' })
    throw error
  }
}

/**
 * A teacher as they stand, locked, so that nothing is tied to them meanwhile: whoever connects a calendar, gives the account or disconnects waits,
 * and finds what was decided here.
 */
async function lockForAdmin(deps: Deps, tx: Tx, teacherId: string): Promise<ListedTeacher | null> {
  // Before the row, so that nobody who has the table waits for it.
  await lockTeachers(tx)
  const locked = await tx.select({ id: teacher.id }).from(teacher).where(eq(teacher.id, teacherId)).for('update')
  return locked.length === 0 ? null : ((await teachersForAdmin(deps, tx)).find(({ id }) => id === teacherId) ?? null)
}

/** Another calendar is for whoever connects it. */
export function mayChangeCalendar({ isFirst, connection }: Pick<ListedTeacher, 'isFirst' | 'connection'>): boolean {
  return !isFirst && connection === 'none'
}

/** A class cannot be made without a calendar. Only the first teacher was always bookable, connected or not. */
export function mayTakeBookings({ isFirst, connection }: Pick<ListedTeacher, 'isFirst' | 'connection'>): boolean {
  return isFirst || connection !== 'none'
}

/** Whether a teacher takes bookings from now on; their classes stay as they are. */
export async function setTeacherActive(
  deps: Deps,
  teacherId: string,
  active: boolean,
  actorId: string,
): Promise<Outcome<null, 'unknown' | 'not-connected'>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, 'unknown' | 'not-connected'>> => {
    const known = await lockForAdmin(deps, tx, teacherId)
    if (!known) return refuse('unknown')
    if (active && !mayTakeBookings(known)) return refuse('not-connected')
    await tx.update(teacher).set({ active, updatedAt: deps.clock.now() }).where(eq(teacher.id, teacherId))
    const action = active ? 'teacher.activate' : 'teacher.deactivate'
    await audit(deps, tx, { actorId, action, subject: 'teacher', subjectId: teacherId })
    return succeed(null)
  })
}
