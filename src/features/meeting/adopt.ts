import { googleConnection } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { ATTENDANCE_SCOPE, CALENDAR_SCOPES } from '../identity/provider.ts'
import { findConnection } from './connection.ts'
import { enterPrimary } from './whereabouts.ts'

/** Gives a teacher without a calendar connection one that was granted elsewhere: how the sandbox starts connected. */
export async function adoptCalendarGrant(
  deps: Deps,
  teacherId: string,
  grant: (scopes: readonly string[]) => Promise<{ refreshToken: string; subject: string; email: string }>,
): Promise<void> {
  if (await findConnection(deps, teacherId)) return
  const scopes = [...CALENDAR_SCOPES, ATTENDANCE_SCOPE]
  const { refreshToken, subject, email } = await grant(scopes)
  const now = deps.clock.now()
  const id = deps.ids.uuid()
  const connection = {
    teacherId,
    id,
    subject,
    email,
    scopes,
    sealedRefreshToken: deps.secrets.seal(refreshToken, id),
    status: 'connected' as const,
    connectedAt: now,
    updatedAt: now,
  }
  // Several processes may start together: one connection is as good as the other.
  await enterPrimary(deps.db.handle, teacherId, { subject, email }, null)
  await deps.db.handle.insert(googleConnection).values(connection).onConflictDoNothing({ target: googleConnection.teacherId })
}
