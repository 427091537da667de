import { and, asc, eq } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { type LeftEventRow, leftEvent } from '../../db/tables.ts'

/** Writes down that an event is still to be taken out of a calendar that its class has left. */
export async function noteLeft(tx: Tx, left: LeftEventRow): Promise<void> {
  await tx.insert(leftEvent).values(left).onConflictDoNothing()
}

export async function findLeft(handle: Handle, teacherId: string, eventId: string): Promise<LeftEventRow | null> {
  const [row] = await handle
    .select()
    .from(leftEvent)
    .where(and(eq(leftEvent.teacherId, teacherId), eq(leftEvent.eventId, eventId)))
  return row ?? null
}

/**
 * It is out, or stays for good. What is said of another calendar meanwhile (another account was connected while the first one was asked) is still
 * to be done, and looked for again.
 */
export async function forgetLeft(handle: Handle, { teacherId, eventId, calendarId }: LeftEventRow): Promise<void> {
  const itself = and(eq(leftEvent.teacherId, teacherId), eq(leftEvent.eventId, eventId))
  await handle.delete(leftEvent).where(and(itself, eq(leftEvent.calendarId, calendarId)))
}

/** Those that wait the longest, of one teacher or of all. */
export async function leftEvents(handle: Handle, limit: number, teacherId?: string): Promise<LeftEventRow[]> {
  return handle
    .select()
    .from(leftEvent)
    .where(teacherId === undefined ? undefined : eq(leftEvent.teacherId, teacherId))
    .orderBy(asc(leftEvent.leftAt), asc(leftEvent.eventId))
    .limit(limit)
}
