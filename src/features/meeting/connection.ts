import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { appUser, googleConnection, teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { academyTeacher } from '../academy/queries.ts'
import { defaultTeacher } from '../academy/store.ts'
import { CALENDAR_SCOPES, type GoogleIdentity } from '../identity/provider.ts'
import { lockUserByIdentity } from '../identity/store.ts'
import { type MirrorHealth, mirrorHealth } from '../mirror/health.ts'
import { forgetMirror } from '../mirror/store.ts'
import { notify } from '../notice/commands.ts'
import type { NoticeKind } from '../notice/kinds.ts'
import { audit, closeCases, openCase } from '../operation/attention.ts'
import { findSnapshot, forgetSnapshot } from './busy-snapshot.ts'
import type { CalendarAccess, CalendarFailure, CalendarFailureDetail } from './provider.ts'
import { type Usage, usageOf } from './usage.ts'
import { countElsewhere, enterPrimary, leavePrimary, lockConnection } from './whereabouts.ts'

export type ConnectionRow = typeof googleConnection.$inferSelect
export type ConnectRefusal = 'not-teacher' | 'no-refresh-token' | 'scope-missing'

export async function findConnection(deps: Deps, teacherId: string): Promise<ConnectionRow | null> {
  const [row] = await readConnection(deps.db.handle, { teacherId })
  return row ?? null
}

const readConnection = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select()
    .from(googleConnection)
    .where(eq(googleConnection.teacherId, later('teacherId'))),
)

export interface ConnectionSummary {
  state: 'connected' | 'disconnected' | 'error'
  account: string | null
  lastCheck: Date | null
  lastError: string | null
  calendarId: string
  /** Classes to come whose event stands in another calendar, where the teacher's was before. */
  elsewhere: number
  /** What there is to say of a connection; null without one. */
  health: ConnectionHealth | null
}

export interface ConnectionHealth {
  kind: ConnectionRow['kind']
  connectedAt: Date
  lastOkAt: Date | null
  lastErrorAt: Date | null
  /** When busy time was last asked for, right before a hold. */
  busyReadAt: Date | null
  mirror: MirrorHealth
  /** Google ends the grant then: the application is in testing. */
  grantExpiresAt: Date | null
  triedAt: Date | null
  trialError: string | null
  readsAttendance: boolean
  usage: Usage
}

/** How a teacher's connection stands, for the admin; without a wish the first one's. */
export async function connectionSummary(deps: Deps, teacherId: string | null = null): Promise<ConnectionSummary> {
  const owner = await academyTeacher(deps, teacherId)
  const row = owner ? await findConnection(deps, owner.id) : null
  return {
    state: row ? (row.status === 'connected' && row.lastError ? 'error' : row.status) : 'disconnected',
    account: row?.email ?? null,
    lastCheck: row?.lastOkAt ?? row?.lastErrorAt ?? null,
    lastError: row?.lastError ?? null,
    calendarId: owner?.calendarId ?? 'primary',
    elsewhere: owner ? await countElsewhere(deps, owner.id) : 0,
    health: row ? await healthOf(deps, row) : null,
  }
}

async function healthOf(deps: Deps, row: ConnectionRow): Promise<ConnectionHealth> {
  const { kind, connectedAt, lastOkAt, lastErrorAt, grantExpiresAt, triedAt, trialError, readsAttendance } = row
  const snapshot = await findSnapshot(deps, row.teacherId)
  return {
    ...{ kind, connectedAt, lastOkAt, lastErrorAt, grantExpiresAt, triedAt, trialError, readsAttendance },
    busyReadAt: snapshot?.readAt ?? null,
    mirror: await mirrorHealth(deps.db.handle, row.teacherId, deps.clock.now()),
    usage: await usageOf(deps.db.handle, row.teacherId, deps.clock.now()),
  }
}

/** Whether the calendar of this person, a teacher, waits to be connected again. */
export async function needsReconnect(deps: Deps, userId: string): Promise<boolean> {
  const [row] = await deps.db.handle
    .select({ status: googleConnection.status })
    .from(googleConnection)
    .innerJoin(teacher, eq(teacher.id, googleConnection.teacherId))
    .where(eq(teacher.userId, userId))
  return row?.status === 'disconnected'
}

const readAccess = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select({ connection: googleConnection, calendarId: teacher.calendarId })
    .from(googleConnection)
    .innerJoin(teacher, eq(teacher.id, googleConnection.teacherId))
    .where(eq(googleConnection.teacherId, later('teacherId'))),
)

/**
 * What it takes to act on this teacher's calendar; null without a grant that is worth trying. `at`: the calendar where an event stands already,
 * which may be one that the teacher had before.
 */
export async function calendarAccess(deps: Deps, teacherId: string, at: string | null = null): Promise<CalendarAccess | null> {
  const [row] = await readAccess(deps.db.handle, { teacherId })
  if (!row || row.connection.status === 'disconnected') return null
  const { id, sealedRefreshToken, kind, subject, email } = row.connection
  try {
    const refreshToken = deps.secrets.open(sealedRefreshToken, id)
    const calendarId = at ?? row.calendarId
    return { grantId: id, refreshToken, calendarId, account: { subject, email }, ...(kind === 'service_account' ? { actsFor: email } : {}) }
  } catch {
    // Sealed with a key that was taken away: only connecting again helps.
    await recordFailure(deps, teacherId, id, { reason: 'needs-reconnect', detail: { cause: 'The stored refresh token cannot be opened' } })
    return null
  }
}

/** Stores, sealed, the refresh token by which Google replaces the one it had given (behaviour 4.11). Goes on in the background. */
export function keepRefreshToken(deps: Deps, grantId: string, refreshToken: string): void {
  const change = { sealedRefreshToken: deps.secrets.seal(refreshToken, grantId), updatedAt: deps.clock.now() }
  // A grant that was replaced meanwhile has another id, and its token must not come back.
  deps.db.handle
    .update(googleConnection)
    .set(change)
    .where(eq(googleConnection.id, grantId))
    .catch((error: Error) => deps.log.error({ grantId, error: error.name }, 'a replaced refresh token could not be stored'))
}

/**
 * Stores a teacher's calendar grant, sealed. Refused when Google sent no refresh token or the person unticked a scope:
 * a grant that cannot do the work must not replace one that can (google.md 3.2). Refused too when another Google account gave it
 * than the one the admin signs in with: nobody else's token is ever stored (behaviour 4.11).
 */
export async function connectCalendar(
  deps: Deps,
  userId: string,
  identity: GoogleIdentity,
): Promise<Outcome<{ teacherId: string }, ConnectRefusal>> {
  const reason = refuseGrant(identity)
  if (reason) return refuse(reason)
  return deps.db.transaction(async (tx) => {
    const [mine] = await tx.select({ id: teacher.id }).from(teacher).where(eq(teacher.userId, userId))
    if (!mine || (await lockUserByIdentity(tx, 'google', identity.subject))?.id !== userId) return refuse('not-teacher')
    await storeGrant(deps, tx, mine.id, userId, identity)
    return succeed({ teacherId: mine.id })
  })
}

/** What is missing in a grant that was given; null when it can do the work. */
export function refuseGrant({ grant }: GoogleIdentity): 'no-refresh-token' | 'scope-missing' | null {
  if (!grant.refreshToken) return 'no-refresh-token'
  return CALENDAR_SCOPES.every((scope) => grant.scopes.includes(scope)) ? null : 'scope-missing'
}

/** Puts a grant that can do the work in the place of whatever the teacher had. */
export async function storeGrant(deps: Deps, tx: Tx, teacherId: string, userId: string, identity: GoogleIdentity): Promise<void> {
  const { refreshToken, scopes, lifeSeconds } = identity.grant
  const now = deps.clock.now()
  await takeConfiguredCalendar(deps, tx, teacherId, identity)
  const id = deps.ids.uuid()
  const row = {
    id,
    subject: identity.subject,
    email: identity.email,
    scopes,
    sealedRefreshToken: deps.secrets.seal(refreshToken ?? '', id),
    kind: 'oauth' as const,
    status: 'connected' as const,
    lastOkAt: now,
    lastError: null,
    lastErrorAt: null,
    grantExpiresAt: lifeSeconds ? plus(now, lifeSeconds * SECOND_MS) : null,
    triedAt: null,
    trialError: null,
    sealedAccessToken: null,
    accessExpiresAt: null,
    renewingId: null,
    renewingUntil: null,
    connectedAt: now,
    updatedAt: now,
  }
  await tx
    .insert(googleConnection)
    .values({ teacherId, ...row })
    .onConflictDoUpdate({ target: googleConnection.teacherId, set: row })
  await closeCases(deps, tx, { subject: 'connection', subjectId: teacherId })
  await audit(deps, tx, { actorId: userId, action: 'calendar.connect', subject: 'teacher', subjectId: teacherId })
}

/**
 * Connecting is when the configured calendar counts, for the teacher that the configuration speaks of. Busy time that was read in another
 * calendar or account says nothing about this one.
 */
async function takeConfiguredCalendar(deps: Deps, tx: Tx, teacherId: string, { subject, email }: GoogleIdentity): Promise<void> {
  const before = await lockConnection(tx, teacherId)
  const configured = await defaultTeacher(tx)
  const isAnother = configured?.id === teacherId && configured.calendarId !== deps.config.google.calendarId
  if (isAnother) {
    await tx
      .update(teacher)
      .set({ calendarId: deps.config.google.calendarId, updatedAt: deps.clock.now() })
      .where(eq(teacher.id, teacherId))
  }
  await enterPrimary(tx, teacherId, { subject, email }, before)
  if (!isAnother && before?.subject === subject) return
  await forgetSnapshot(tx, teacherId)
  await forgetMirror(tx, teacherId)
}

/** Forgets and revokes the grant. Only the first teacher is bookable without a calendar: any other takes no bookings from then on. */
export async function disconnectCalendar(deps: Deps, teacherId: string, actorId: string): Promise<void> {
  const access = await calendarAccess(deps, teacherId)
  await deps.db.transaction(async (tx) => {
    const [gone] = await tx
      .delete(googleConnection)
      .where(eq(googleConnection.teacherId, teacherId))
      .returning({ email: googleConnection.email })
    if ((await defaultTeacher(tx))?.id !== teacherId)
      await tx.update(teacher).set({ active: false, updatedAt: deps.clock.now() }).where(eq(teacher.id, teacherId))
    // Whoever connects next may be somebody else.
    if (gone) await leavePrimary(tx, teacherId, gone.email)
    await closeCases(deps, tx, { subject: 'connection', subjectId: teacherId })
    await audit(deps, tx, { actorId, action: 'calendar.disconnect', subject: 'teacher', subjectId: teacherId })
  })
  if (access) await deps.calendar.revoke(access)
}

/** Remembers that the calendar answered. */
export async function recordSuccess(deps: Deps, teacherId: string): Promise<void> {
  const now = deps.clock.now()
  await deps.db.handle
    .update(googleConnection)
    .set({ status: 'connected', lastOkAt: now, lastError: null, updatedAt: now })
    .where(and(eq(googleConnection.teacherId, teacherId), eq(googleConnection.status, 'connected')))
}

/**
 * Remembers a failure of one grant. A dead grant flips the connection to `disconnected`, and the teacher is told once (google.md 6);
 * what still comes in about a grant that was replaced meanwhile says nothing about its successor.
 */
export async function recordFailure(
  deps: Deps,
  teacherId: string,
  grantId: string,
  failure: { reason: CalendarFailure; detail?: CalendarFailureDetail | undefined },
): Promise<void> {
  const now = deps.clock.now()
  const cause = failure.detail?.cause ?? failure.reason
  deps.log.warn({ teacherId, reason: failure.reason, cause }, 'calendar call failed')
  await deps.db.transaction(async (tx) => {
    const dead = failure.reason === 'needs-reconnect'
    const [row] = await tx
      .update(googleConnection)
      .set({ lastError: cause, lastErrorAt: now, updatedAt: now, ...(dead ? { status: 'disconnected' as const } : {}) })
      .where(and(eq(googleConnection.teacherId, teacherId), eq(googleConnection.id, grantId)))
      .returning({ id: googleConnection.id })
    if (!dead || !row) return
    await openCase(deps, tx, { subject: 'connection', subjectId: teacherId, reason: 'calendar_disconnected', detail: cause })
    await tellTeacher(deps, tx, teacherId, {
      classId: null,
      kind: 'calendar-disconnected',
      dedupeKey: `calendar-disconnected:${row.id}`,
    })
  })
}

/** A message to a teacher who has signed in at least once; nobody else would have an account to write to. */
export async function tellTeacher(
  deps: Deps,
  tx: Tx,
  teacherId: string,
  message: { classId: string | null; kind: NoticeKind; dedupeKey: string },
): Promise<void> {
  const [person] = await tx
    .select({ id: appUser.id })
    .from(teacher)
    .innerJoin(appUser, eq(appUser.id, teacher.userId))
    .where(eq(teacher.id, teacherId))
  if (person) await notify(deps, tx, { ...message, userId: person.id })
}
