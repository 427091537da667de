import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { appUser, session, signInAttempt, teacher, userIdentity } from '../../db/tables.ts'

/** The signed-in person, as every handler sees them. */
export interface Viewer {
  id: string
  name: string
  email: string
  image: string | null
  role: 'USER' | 'ADMIN' | 'MOD'
}

const viewerColumns = { id: appUser.id, name: appUser.name, email: appUser.email, image: appUser.image, role: appUser.role }

export async function findSession(
  handle: Handle,
  tokenHash: string,
  now: Date,
): Promise<{ viewer: Viewer; renewedAt: Date; expiresAt: Date } | null> {
  const [row] = await handle
    .select({ ...viewerColumns, renewedAt: session.renewedAt, expiresAt: session.expiresAt })
    .from(session)
    .innerJoin(appUser, eq(appUser.id, session.userId))
    .where(and(eq(session.tokenHash, tokenHash), gt(session.expiresAt, now)))
  if (!row) return null
  const { renewedAt, expiresAt, ...viewer } = row
  return { viewer, renewedAt, expiresAt }
}

export async function insertSession(tx: Tx, row: typeof session.$inferInsert): Promise<void> {
  await tx.insert(session).values(row)
}

export async function renewSession(handle: Handle, tokenHash: string, times: { renewedAt: Date; expiresAt: Date }): Promise<void> {
  await handle.update(session).set(times).where(eq(session.tokenHash, tokenHash))
}

export async function deleteSession(handle: Handle, tokenHash: string): Promise<void> {
  await handle.delete(session).where(eq(session.tokenHash, tokenHash))
}

export async function insertAttempt(handle: Handle, row: typeof signInAttempt.$inferInsert): Promise<void> {
  await handle.insert(signInAttempt).values(row)
}

/** Removes the attempt and returns it: each is used once. */
export async function takeAttempt(handle: Handle, stateHash: string): Promise<typeof signInAttempt.$inferSelect | null> {
  const [row] = await handle.delete(signInAttempt).where(eq(signInAttempt.stateHash, stateHash)).returning()
  return row ?? null
}

export async function findUserByIdentity(tx: Tx, provider: string, subject: string): Promise<Viewer | null> {
  const [row] = await tx
    .select(viewerColumns)
    .from(userIdentity)
    .innerJoin(appUser, eq(appUser.id, userIdentity.userId))
    .where(and(eq(userIdentity.provider, provider), eq(userIdentity.subject, subject)))
  return row ?? null
}

export async function findUserByEmail(tx: Tx, email: string): Promise<Viewer | null> {
  const [row] = await tx.select(viewerColumns).from(appUser).where(eq(appUser.email, email))
  return row ?? null
}

export async function insertUser(tx: Tx, row: typeof appUser.$inferInsert): Promise<void> {
  await tx.insert(appUser).values(row)
}

export async function insertIdentity(tx: Tx, row: typeof userIdentity.$inferInsert): Promise<void> {
  await tx.insert(userIdentity).values(row)
}

export async function updateUser(tx: Tx, userId: string, change: Partial<typeof appUser.$inferInsert>): Promise<void> {
  await tx.update(appUser).set(change).where(eq(appUser.id, userId))
}

/** Ties the teacher that waits for this address to the person who just proved to own it. */
export async function linkTeacher(tx: Tx, email: string, userId: string, now: Date): Promise<void> {
  await tx
    .update(teacher)
    .set({ userId, updatedAt: now })
    .where(and(eq(teacher.email, email), isNull(teacher.userId)))
}
