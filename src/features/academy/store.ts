import { and, asc, eq, ne, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { appUser, blackout, googleConnection, openingInterval, teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { plus } from '../../kernel/clock.ts'
import { audit, closeCases, openCase } from '../operation/attention.ts'
import { DEFAULT_OPENING, type Interval, type ScheduleSettings } from './rules.ts'

export type Teacher = typeof teacher.$inferSelect

/** The academy's first teacher, whom the configuration speaks of. Null before one is configured. */
export async function defaultTeacher(handle: Handle): Promise<Teacher | null> {
  const [row] = await handle.select().from(teacher).orderBy(asc(teacher.createdAt), asc(teacher.id)).limit(1)
  return row ?? null
}

/** What the teacher is called at Google, once they have signed in. */
export async function teacherAccountName(handle: Handle): Promise<string | null> {
  const [row] = await handle
    .select({ name: appUser.name })
    .from(teacher)
    .innerJoin(appUser, eq(appUser.id, teacher.userId))
    .orderBy(asc(teacher.createdAt))
    .limit(1)
  return row?.name ?? null
}

export async function findTeacher(handle: Handle, teacherId: string): Promise<Teacher | null> {
  const [row] = await readTeacher(handle, { teacherId })
  return row ?? null
}

const readTeacher = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select()
    .from(teacher)
    .where(eq(teacher.id, later('teacherId'))),
)

/** More teachers than this are not taken on: whoever books "any" may have to ask the calendar of each. */
export const TEACHERS_MAX = 30

/** Every teacher, the first one first, also those who take no bookings any more. */
export async function listTeachers(handle: Handle): Promise<Teacher[]> {
  return readTeachers(handle, {})
}

const readTeachers = hotRead((handle) => handle.select().from(teacher).orderBy(asc(teacher.createdAt), asc(teacher.id)).limit(TEACHERS_MAX))

/**
 * Creates the academy's first teacher, with the default opening hours, when there is none (behaviour D5, D12). Later starts follow the
 * configuration as long as it harms nobody: the address until somebody has signed in as the teacher, the calendar until one is connected.
 * What is not followed any more is logged and told to the admin.
 */
export async function ensureTeacher(deps: Deps): Promise<void> {
  if (!deps.config.adminEmail) return
  const ignored = await deps.db.transaction(async (tx) => {
    await lockTeachers(tx)
    const known = await defaultTeacher(tx)
    if (known) return followConfiguration(deps, tx, known)
    const { adminEmail: email, google } = deps.config
    await insertTeacher(deps, tx, { email, name: UNNAMED_TEACHER, calendarId: google.calendarId })
    return []
  })
  for (const variable of ignored)
    deps.log.warn({ variable }, 'this variable is not followed: the teacher or the calendar is linked already')
}

/** What the teacher is called until somebody gives a name. */
export const UNNAMED_TEACHER = 'Tu profe'

/**
 * A new teacher with the default opening hours. One who comes after others has classes as long as theirs, and takes no bookings before the admin
 * says so. Returns the id.
 */
export async function insertTeacher(
  deps: Deps,
  tx: Tx,
  { name, ...row }: { email: string; name: string; calendarId: string },
  last?: Teacher,
): Promise<string> {
  const now = deps.clock.now()
  const id = deps.ids.uuid()
  const like = last
    ? {
        active: false,
        slotMinutes: last.slotMinutes,
        createdAt: plus(last.createdAt, Math.max(1, now.getTime() - last.createdAt.getTime())),
      }
    : { createdAt: now }
  await tx.insert(teacher).values({ id, ...row, displayName: name, ...like, updatedAt: now })
  await tx.insert(openingInterval).values(DEFAULT_OPENING.map((interval) => ({ teacherId: id, ...interval })))
  return id
}

/** Names the variables that differ from what is linked; the others are followed. */
async function followConfiguration(deps: Deps, tx: Tx, known: Teacher): Promise<string[]> {
  const { adminEmail } = deps.config
  const { calendarId } = deps.config.google
  const connections = await tx.select({ id: googleConnection.id }).from(googleConnection).where(eq(googleConnection.teacherId, known.id))
  const isConnected = connections.length > 0
  const change = {
    ...(known.email !== adminEmail && !known.userId ? { email: adminEmail } : {}),
    ...(known.calendarId !== calendarId && !isConnected ? { calendarId } : {}),
  }
  if (Object.keys(change).length > 0) {
    await tx
      .update(teacher)
      .set({ ...change, updatedAt: deps.clock.now() })
      .where(eq(teacher.id, known.id))
  }
  const about = { subject: 'connection', subjectId: known.id, reason: 'calendar_changed' } as const
  await closeCases(deps, tx, about)
  const hints: Record<string, string> = {
    ...(known.email !== adminEmail && known.userId ? { ADMIN_EMAIL: ADMIN_EMAIL_IGNORED } : {}),
    ...(known.calendarId !== calendarId && isConnected ? { CALENDAR_ID: CALENDAR_ID_IGNORED } : {}),
  }
  const ignored = Object.keys(hints)
  if (ignored.length > 0) await openCase(deps, tx, { ...about, detail: Object.values(hints).join(' ') })
  return ignored
}

const ADMIN_EMAIL_IGNORED = 'ADMIN_EMAIL ya no es la dirección de la profesora que ingresó: la agenda sigue siendo de ella.'
const CALENDAR_ID_IGNORED = 'CALENDAR_ID ya no es el calendario conectado: se sigue usando el anterior hasta que lo conectes de nuevo.'

/**
 * Replaces opening hours and limits. Classes that exist are never touched (behaviour D5a). How long a class takes is the academy's, like its
 * price: it changes for every teacher, and no other one's hours may become too short for it. The name of the first of whom they would; null: saved.
 */
export async function saveSchedule(deps: Deps, teacherId: string, settings: ScheduleSettings, actorId: string): Promise<string | null> {
  return deps.db.transaction(async (tx) => {
    await lockTeachers(tx)
    const { slotMinutes, minNoticeMinutes, horizonDays } = settings
    const squeezed = await teacherWithShorterHours(tx, slotMinutes, teacherId)
    if (squeezed !== null) return squeezed
    const updatedAt = deps.clock.now()
    await tx.update(teacher).set({ slotMinutes, updatedAt }).where(ne(teacher.slotMinutes, slotMinutes))
    await tx.update(teacher).set({ minNoticeMinutes, horizonDays, updatedAt }).where(eq(teacher.id, teacherId))
    await tx.delete(openingInterval).where(eq(openingInterval.teacherId, teacherId))
    if (settings.opening.length > 0) {
      await tx.insert(openingInterval).values(settings.opening.map((interval) => ({ teacherId, ...interval })))
    }
    await audit(deps, tx, { actorId, action: 'schedule.save', subject: 'teacher', subjectId: teacherId })
    return null
  })
}

/** One who makes up their mind about all teachers, or about what all of them share, at a time. */
export async function lockTeachers(tx: Tx): Promise<void> {
  await tx.execute(sql`LOCK TABLE teacher IN SHARE ROW EXCLUSIVE MODE`)
}

/** Somebody else one of whose opening intervals holds no class of that length. */
async function teacherWithShorterHours(tx: Tx, slotMinutes: number, exceptId: string): Promise<string | null> {
  const [row] = await tx
    .select({ name: teacher.displayName })
    .from(openingInterval)
    .innerJoin(teacher, eq(teacher.id, openingInterval.teacherId))
    .where(
      and(
        ne(teacher.id, exceptId),
        sql`extract(epoch FROM ${openingInterval.closes} - ${openingInterval.opens}) < ${slotMinutes * 60}::int`,
      ),
    )
    .orderBy(asc(teacher.createdAt), asc(teacher.id))
    .limit(1)
  return row?.name ?? null
}

export async function addBlackout(deps: Deps, teacherId: string, entry: Interval & { note: string }, actorId: string): Promise<string> {
  const id = deps.ids.uuid()
  await deps.db.transaction(async (tx) => {
    await tx.insert(blackout).values({ id, teacherId, ...entry, createdAt: deps.clock.now() })
    await audit(deps, tx, { actorId, action: 'blackout.add', subject: 'teacher', subjectId: teacherId, detail: { blackoutId: id } })
  })
  return id
}

export async function removeBlackout(deps: Deps, blackoutId: string, actorId: string): Promise<boolean> {
  return deps.db.transaction(async (tx: Tx) => {
    const [removed] = await tx.delete(blackout).where(eq(blackout.id, blackoutId)).returning({ teacherId: blackout.teacherId })
    if (!removed) return false
    const { teacherId } = removed
    await audit(deps, tx, { actorId, action: 'blackout.remove', subject: 'teacher', subjectId: teacherId, detail: { blackoutId } })
    return true
  })
}
