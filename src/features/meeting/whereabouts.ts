import { and, asc, eq, gt, isNotNull, ne, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { leftEvent, teacher, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'

/** Scheduled classes to come whose event is in another calendar than the one where the teacher's new ones are made. */
const elsewhere = (teacherId: string, now: Date) =>
  and(
    eq(virtualClass.teacherId, teacherId),
    eq(virtualClass.status, 'scheduled'),
    gt(virtualClass.endsAt, now),
    isNotNull(virtualClass.eventCreatedAt),
    ne(virtualClass.calendarId, teacher.calendarId),
  )

export async function countElsewhere({ db, clock }: Pick<Deps, 'db' | 'clock'>, teacherId: string): Promise<number> {
  const [row] = await db.handle
    .select({ classes: sql<number>`count(*)::int` })
    .from(virtualClass)
    .innerJoin(teacher, eq(teacher.id, virtualClass.teacherId))
    .where(elsewhere(teacherId, clock.now()))
  return row?.classes ?? 0
}

/** Their ids, the next one first. */
export async function classesElsewhere(handle: Handle, teacherId: string, now: Date, limit: number): Promise<string[]> {
  const rows = await handle
    .select({ id: virtualClass.id })
    .from(virtualClass)
    .innerJoin(teacher, eq(teacher.id, virtualClass.teacherId))
    .where(elsewhere(teacherId, now))
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(limit)
  return rows.map(({ id }) => id)
}

/**
 * `primary` is the calendar of whoever is connected, and its address that of the account. So events in it are named by the address while nobody,
 * or somebody else, is connected (`leavePrimary`), and as the teacher's own calendar is while their account is (`enterPrimary`).
 */
export async function enterPrimary(handle: Handle, teacherId: string, account: { email: string; before: string | null }): Promise<void> {
  const { email, before } = account
  if (before !== null && before !== email) await leavePrimary(handle, teacherId, before)
  const [row] = await handle.select({ calendarId: teacher.calendarId }).from(teacher).where(eq(teacher.id, teacherId))
  if (row?.calendarId === email) await rename(handle, teacherId, 'primary', email)
  else await rename(handle, teacherId, email, 'primary')
}

export async function leavePrimary(handle: Handle, teacherId: string, email: string): Promise<void> {
  await rename(handle, teacherId, 'primary', email)
}

async function rename(handle: Handle, teacherId: string, from: string, to: string): Promise<void> {
  await handle
    .update(virtualClass)
    .set({ calendarId: to })
    .where(and(eq(virtualClass.teacherId, teacherId), eq(virtualClass.calendarId, from)))
  await handle
    .update(leftEvent)
    .set({ calendarId: to })
    .where(and(eq(leftEvent.teacherId, teacherId), eq(leftEvent.calendarId, from)))
}
