import { and, asc, eq, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../../db/client.ts'
import { appUser, classTranscript, participation } from '../../../db/tables.ts'

/** Who of a class does not let its transcript be used; with a transaction, nobody changes their mind until it ends. */
export async function disagreeing(handle: Handle, classId: string, lock: 'share' | null = null): Promise<string[]> {
  const people = handle
    .select({ name: appUser.name, agreedAt: appUser.transcriptsAgreedAt })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(eq(participation.classId, classId))
    .orderBy(asc(appUser.id))
  const rows = lock === null ? await people : await people.for(lock, { of: appUser })
  return rows.filter(({ agreedAt }) => agreedAt === null).map(({ name }) => name)
}

/** What was said in that class, or else in the last one of that person of which it is kept; only where everybody who was there agrees. */
export async function transcriptFor(
  handle: Handle,
  { classId, userId }: { classId: string; userId: string },
  now: Date,
): Promise<string | null> {
  const { rows } = await handle.execute<{ body: string }>(sql`
    SELECT t.body FROM class_transcript AS t
      JOIN participation AS own ON own.class_id = t.class_id AND own.user_id = ${userId}
      JOIN virtual_class AS c ON c.id = t.class_id
    WHERE t.delete_at > ${now} AND NOT EXISTS (
      SELECT FROM participation AS p JOIN app_user AS u ON u.id = p.user_id
      WHERE p.class_id = t.class_id AND u.transcripts_agreed_at IS NULL)
    ORDER BY (t.class_id = ${classId}) DESC, c.starts_at DESC LIMIT 1`)
  return rows[0]?.body ?? null
}

export async function putTranscript(tx: Tx, classId: string, body: string, times: { now: Date; deleteAt: Date }): Promise<void> {
  const change = { body, deleteAt: times.deleteAt, updatedAt: times.now }
  await tx
    .insert(classTranscript)
    .values({ classId, createdAt: times.now, ...change })
    .onConflictDoUpdate({ target: classTranscript.classId, set: change })
}

export async function deleteTranscript(tx: Tx, classId: string): Promise<void> {
  await tx.delete(classTranscript).where(eq(classTranscript.classId, classId))
}

/** Forgets what was said in the classes of a person, whoever else was there. */
export async function deleteTranscriptsOf(tx: Tx, userId: string): Promise<void> {
  await tx.delete(classTranscript).where(sql`class_id IN (SELECT class_id FROM participation WHERE user_id = ${userId})`)
}

export async function deleteEndedTranscripts(handle: Handle, now: Date): Promise<void> {
  await handle.delete(classTranscript).where(lte(classTranscript.deleteAt, now))
}

/** Whether one has to be deleted. */
export const anyEndedTranscript = (now: Date): SQL =>
  sql`EXISTS (SELECT FROM ${classTranscript} WHERE ${lte(classTranscript.deleteAt, now)})`

/** Agreed once, the moment stays. */
export async function setAgreement(tx: Tx, userId: string, agrees: boolean, now: Date): Promise<void> {
  await tx
    .update(appUser)
    .set({ transcriptsAgreedAt: agrees ? sql`coalesce(${appUser.transcriptsAgreedAt}, ${now})` : null, updatedAt: now })
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt)))
}
