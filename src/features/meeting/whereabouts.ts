import { and, asc, eq, gt, inArray, isNotNull, ne, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { googleConnection, leftEvent, teacher, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { CalendarAccess } from './provider.ts'

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

interface Account {
  subject: string
  email: string
}

/**
 * Locks a teacher's connection and tells whose it is. Whoever changes it takes this lock first, then the teacher, then the classes, in the order of
 * their ids: so nobody waits in a circle.
 */
export async function lockConnection(tx: Tx, teacherId: string): Promise<Account | null> {
  const [row] = await tx
    .select({ subject: googleConnection.subject, email: googleConnection.email })
    .from(googleConnection)
    .where(eq(googleConnection.teacherId, teacherId))
    .for('update')
  return row ?? null
}

/**
 * How a calendar is called by now in which something was done: the account may have been changed or disconnected before Google answered, and
 * `primary` is another's then. Stays so until the end of the transaction.
 */
export async function nameNow(tx: Tx, teacherId: string, { calendarId, account }: CalendarAccess): Promise<string> {
  const [row] = await tx
    .select({ subject: googleConnection.subject })
    .from(googleConnection)
    .where(eq(googleConnection.teacherId, teacherId))
    .for('key share')
  return calendarId !== 'primary' || !account || row?.subject === account.subject ? calendarId : account.email
}

/**
 * `primary` is the calendar of whoever is connected, and its address that of the account. So events in it are named by the address while nobody,
 * or somebody else, is connected (`leavePrimary`), and as the teacher's own calendar is while their account is (`enterPrimary`).
 */
export async function enterPrimary(handle: Handle, teacherId: string, account: Account, before: Account | null): Promise<void> {
  const { subject, email } = account
  // An account may change its address and keep its calendar.
  if (before !== null && before.subject !== subject) await leavePrimary(handle, teacherId, before.email)
  const [row] = await handle.select({ calendarId: teacher.calendarId }).from(teacher).where(eq(teacher.id, teacherId))
  if (row?.calendarId === email) await rename(handle, teacherId, 'primary', email)
  else await rename(handle, teacherId, email, 'primary')
}

export async function leavePrimary(handle: Handle, teacherId: string, email: string): Promise<void> {
  await rename(handle, teacherId, 'primary', email)
}

async function rename(handle: Handle, teacherId: string, from: string, to: string): Promise<void> {
  const inOrder = handle
    .select({ id: virtualClass.id })
    .from(virtualClass)
    .where(and(eq(virtualClass.teacherId, teacherId), eq(virtualClass.calendarId, from)))
    .orderBy(asc(virtualClass.id))
    .for('update')
  await handle.update(virtualClass).set({ calendarId: to }).where(inArray(virtualClass.id, inOrder))
  await handle
    .update(leftEvent)
    .set({ calendarId: to })
    .where(and(eq(leftEvent.teacherId, teacherId), eq(leftEvent.calendarId, from)))
}
