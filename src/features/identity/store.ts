import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { appUser, session, signInAttempt, teacher, userIdentity } from '../../db/tables.ts'

/** The signed-in person, as every handler sees them. */
export interface Viewer {
  id: string
  name: string
  email: string
  image: string | null
  role: 'USER' | 'ADMIN' | 'MOD'
  /** What they chose for every device of theirs; null: nothing yet. */
  theme: 'light' | 'dark' | 'system' | null
  locale: 'es' | 'en' | null
  zone: string | null
  /** As whom they give classes; null for everybody who gives none. */
  teacherId: string | null
  /** Gives classes, and the academy has not taken them off its teachers. */
  isActiveTeacher: boolean
}

const viewerColumns = {
  id: appUser.id,
  name: appUser.name,
  email: appUser.email,
  image: appUser.image,
  role: appUser.role,
  theme: appUser.theme,
  locale: appUser.locale,
  zone: appUser.zone,
  teacherId: sql<string | null>`(SELECT own.id FROM teacher AS own WHERE own.user_id = app_user.id)`,
  isActiveTeacher: sql<boolean>`EXISTS (SELECT FROM teacher AS own WHERE own.user_id = app_user.id AND own.active)`,
}

/** A login of somebody, as the requests that carry it see it. */
export interface FoundSession {
  viewer: Viewer
  renewedAt: Date
  expiresAt: Date
  usedAt: Date | null
}

/** Who holds this login. An account that has ended opens nothing, whatever is left of its logins. */
export async function findSession(handle: Handle, tokenHash: string, now: Date): Promise<FoundSession | null> {
  const [row] = await readSession(handle, { tokenHash, now })
  if (!row) return null
  const { renewedAt, expiresAt, usedAt, ...viewer } = row
  return { viewer, renewedAt, expiresAt, usedAt }
}

const readSession = hotRead((handle, later: (name: 'tokenHash' | 'now') => Later) =>
  handle
    .select({ ...viewerColumns, renewedAt: session.renewedAt, expiresAt: session.expiresAt, usedAt: session.usedAt })
    .from(session)
    .innerJoin(appUser, eq(appUser.id, session.userId))
    .where(and(eq(session.tokenHash, later('tokenHash')), gt(session.expiresAt, later('now')), isNull(appUser.deletedAt))),
)

export async function insertSession(tx: Tx, row: typeof session.$inferInsert): Promise<void> {
  await tx.insert(session).values(row)
}

export async function touchSession(
  handle: Handle,
  tokenHash: string,
  times: { usedAt: Date; renewedAt?: Date; expiresAt?: Date },
): Promise<void> {
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

/** The account of an identity, locked: one that is being ended at this moment is waited for, and is nobody's afterwards. */
export async function lockUserByIdentity(tx: Tx, provider: string, subject: string): Promise<Viewer | null> {
  const [row] = await tx
    .select(viewerColumns)
    .from(userIdentity)
    .innerJoin(appUser, eq(appUser.id, userIdentity.userId))
    .where(and(eq(userIdentity.provider, provider), eq(userIdentity.subject, subject), isNull(appUser.deletedAt)))
    .for('no key update', { of: appUser })
  return row ?? null
}

/**
 * Whether the account is still there, and keeps it from being ended until the transaction is over. For whatever gives a person something new:
 * a seat, an order, a class.
 */
export async function holdAccount(tx: Tx, userId: string): Promise<boolean> {
  const [row] = await tx.select({ deletedAt: appUser.deletedAt }).from(appUser).where(eq(appUser.id, userId)).for('key share')
  return row?.deletedAt === null
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

/** Changes an account unless it has ended: what is saved too late must not write into the row that stays for the books. */
export async function updateUser(handle: Handle, userId: string, change: Partial<typeof appUser.$inferInsert>): Promise<void> {
  await handle
    .update(appUser)
    .set(change)
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt)))
}

/** What Google says at a sign-in; a name that the person gave themselves stays. */
export async function updateFromGoogle(
  tx: Tx,
  userId: string,
  { name, image, isAdmin, now }: { name: string; image: string | null; isAdmin: boolean; now: Date },
): Promise<void> {
  await tx
    .update(appUser)
    .set({
      googleName: name,
      name: sql`CASE WHEN ${appUser.hasOwnName} THEN ${appUser.name} ELSE ${name} END`,
      image,
      updatedAt: now,
      ...(isAdmin ? { role: 'ADMIN' as const } : {}),
    })
    .where(eq(appUser.id, userId))
}

/** Ties the teacher that waits for this address to the person who just proved to own it, unless they are a teacher already. */
export async function linkTeacher(tx: Tx, email: string, userId: string, now: Date): Promise<void> {
  await tx
    .update(teacher)
    .set({ userId, updatedAt: now })
    .where(
      and(
        eq(teacher.email, email),
        isNull(teacher.userId),
        sql`NOT EXISTS (SELECT 1 FROM teacher AS other WHERE other.user_id = ${userId})`,
      ),
    )
}
