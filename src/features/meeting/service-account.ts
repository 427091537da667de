import { and, eq } from 'drizzle-orm'
import { googleConnection, teacher, userIdentity } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { CALENDAR_SCOPES } from '../identity/provider.ts'
import { forgetMirror } from '../mirror/store.ts'
import { audit, closeCases } from '../operation/attention.ts'
import { forgetSnapshot } from './busy-snapshot.ts'
import { trialEventId } from './check.ts'
import { calendarConnected } from './connect.ts'
import { enterPrimary, lockConnection } from './whereabouts.ts'

/** `no-delegation`: it may not act for this teacher, or not invite anybody. `no-meet`: no Meet links can be made. */
export type ServiceRefusal = 'not-teacher' | 'no-delegation' | 'no-meet' | 'service-refused' | 'unavailable'

/**
 * Connects a teacher's calendar through the configured service account, which acts for them by domain-wide delegation: nobody consents to
 * anything. Tried before it is stored, with everything that a class needs: an account without delegation can write events, but makes no Meet
 * link and invites nobody (google.md 3.7).
 */
export async function connectServiceAccount(deps: Deps, userId: string): Promise<Outcome<{ teacherId: string }, ServiceRefusal>> {
  const [mine] = await deps.db.handle
    .select({ id: teacher.id, email: teacher.email, calendarId: teacher.calendarId, subject: userIdentity.subject })
    .from(teacher)
    .innerJoin(userIdentity, and(eq(userIdentity.userId, teacher.userId), eq(userIdentity.provider, 'google')))
    .where(eq(teacher.userId, userId))
  if (!mine) return refuse('not-teacher')
  const { calendarId } = mine
  const now = deps.clock.now()
  const id = deps.ids.uuid()
  const access = { grantId: id, refreshToken: '', calendarId, actsFor: mine.email }
  const tried = await deps.calendar.tryOut(access, trialEventId(deps.ids), now)
  if (!tried.ok) {
    deps.log.warn({ teacherId: mine.id, reason: tried.reason, cause: tried.detail?.cause }, 'the service account cannot do the work')
    return refuse(refusalOf(tried.reason, tried.detail?.cause ?? ''))
  }
  await deps.db.transaction(async (tx) => {
    await enterPrimary(tx, mine.id, mine, await lockConnection(tx, mine.id))
    const row = {
      id,
      kind: 'service_account' as const,
      subject: mine.subject,
      email: mine.email,
      scopes: [...CALENDAR_SCOPES],
      sealedRefreshToken: deps.secrets.seal('', id),
      status: 'connected' as const,
      lastOkAt: now,
      lastError: null,
      lastErrorAt: null,
      grantExpiresAt: null,
      triedAt: now,
      trialError: null,
      readsAttendance: false,
      sealedAccessToken: null,
      accessExpiresAt: null,
      renewingId: null,
      renewingUntil: null,
      connectedAt: now,
      updatedAt: now,
    }
    await tx
      .insert(googleConnection)
      .values({ teacherId: mine.id, ...row })
      .onConflictDoUpdate({ target: googleConnection.teacherId, set: row })
    await forgetSnapshot(tx, mine.id)
    await forgetMirror(tx, mine.id)
    await closeCases(deps, tx, { subject: 'connection', subjectId: mine.id })
    const detail = { by: 'service-account' }
    await audit(deps, tx, { actorId: userId, action: 'calendar.connect', subject: 'teacher', subjectId: mine.id, detail })
  })
  await calendarConnected(deps, mine.id)
  return succeed({ teacherId: mine.id })
}

function refusalOf(reason: string, cause: string): ServiceRefusal {
  if (/unauthorized_client|access_denied|forbiddenForServiceAccounts/.test(cause)) return 'no-delegation'
  if (/conference type|Meet link/i.test(cause)) return 'no-meet'
  return reason === 'unavailable' || reason === 'rate-limited' ? 'unavailable' : 'service-refused'
}
