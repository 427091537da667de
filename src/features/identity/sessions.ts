import { and, desc, eq, gt, ne } from 'drizzle-orm'
import { session } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { sessionHashOf } from './commands.ts'
import { type Device, deviceOf } from './device.ts'

/** A login of a person, as they see it. Its public id opens nothing. */
export interface OwnSession extends Device {
  publicId: string
  startedAt: Date
  usedAt: Date
  /** The one that asks. */
  isCurrent: boolean
}

const SHOWN_MAX = 50

/** Where a person is signed in: here first, then what was used last. */
export async function ownSessions(deps: Deps, userId: string, currentToken: string): Promise<OwnSession[]> {
  const rows = await deps.db.handle
    .select()
    .from(session)
    .where(and(eq(session.userId, userId), gt(session.expiresAt, deps.clock.now())))
    .orderBy(desc(session.usedAt), desc(session.createdAt))
    .limit(SHOWN_MAX)
  const current = sessionHashOf(deps, currentToken)
  return rows
    .map(({ publicId, createdAt, usedAt, renewedAt, userAgent, tokenHash }) => ({
      publicId,
      ...deviceOf(userAgent),
      startedAt: createdAt,
      usedAt: usedAt ?? renewedAt,
      isCurrent: tokenHash === current,
    }))
    .sort((a, b) => Number(b.isCurrent) - Number(a.isCurrent))
}

/** Signs out one of a person's own logins. One that is over already, or somebody else's, changes nothing. */
export async function endSession(deps: Deps, userId: string, publicId: string): Promise<void> {
  await deps.db.handle.delete(session).where(and(eq(session.userId, userId), eq(session.publicId, publicId)))
}

export async function endOtherSessions(deps: Deps, userId: string, currentToken: string): Promise<void> {
  await deps.db.handle.delete(session).where(and(eq(session.userId, userId), ne(session.tokenHash, sessionHashOf(deps, currentToken))))
}
