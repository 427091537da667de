import { and, eq } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { participation, type VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import { DAY_MS } from '../../../kernel/clock.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import type { Viewer } from '../../identity/store.ts'
import { queueGuests } from '../../meeting/guests.ts'
import { notify } from '../../notice/commands.ts'
import { audit } from '../../operation/attention.ts'
import { countUse } from '../../operation/rate-limit.ts'
import { issueCode, liveCode, lockClass, retireCode } from '../../virtual-class/store.ts'
import {
  decideLeave,
  decideRelease,
  decideRotate,
  type LeaveRefusal,
  type ReleaseRefusal,
  type RotateRefusal,
  type SeatActor,
} from './rules.ts'

type Limited = { retryAfterSeconds: number }

/** Every code is remembered for ever, so nobody draws them without end. */
const CODES_PER_DAY_MAX = 20

/**
 * Takes a guest off a class, as its host or as the admin: the seat is free at once, the event follows, the guest is told. The code keeps
 * working, for the guest as well, unless it is changed with it (`rotate`).
 */
export async function releaseSeat(
  deps: Deps,
  viewer: Viewer,
  classId: string,
  participationId: string,
  { rotate = false } = {},
): Promise<Outcome<{ accessCode: string | null }, ReleaseRefusal, Limited>> {
  return deps.db.transaction(async (tx): Promise<Outcome<{ accessCode: string | null }, ReleaseRefusal, Limited>> => {
    const virtualClass = await lockClass(tx, classId)
    if (!virtualClass) return refuse('unknown-class')
    const [guest] = await tx
      .select({ userId: participation.userId, rol: participation.rol, joinedAt: participation.createdAt })
      .from(participation)
      .where(and(eq(participation.id, participationId), eq(participation.classId, classId)))
    const actor = await actorOf(tx, viewer, virtualClass)
    const reason = decideRelease(virtualClass, actor, guest?.rol ?? null, deps.clock.now())
    if (reason) return refuse(reason)
    if (rotate) {
      const limited = await countCode(deps, tx, classId)
      if (limited) return refuse('too-many', limited)
    }
    await tx.delete(participation).where(eq(participation.id, participationId))
    await queueGuests(deps, classId)
    if (guest) {
      await notify(deps, tx, {
        userId: guest.userId,
        classId,
        kind: 'seat-released',
        dedupeKey: `seat-released:${participationId}`,
        data: { by: actor },
      })
    }
    await record(deps, tx, viewer, classId, 'class.release-seat', {
      by: actor,
      userId: guest?.userId,
      joinedAt: guest?.joinedAt.toISOString(),
    })
    return succeed({ accessCode: rotate ? await drawAnother(deps, tx, viewer, virtualClass) : null })
  })
}

/** A guest gives the own seat back before the class starts. The code lets them in again. */
export async function leaveClass(deps: Deps, viewer: Viewer, classId: string): Promise<Outcome<null, LeaveRefusal>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, LeaveRefusal>> => {
    const virtualClass = await lockClass(tx, classId)
    if (!virtualClass) return refuse('unknown-class')
    const mine = and(eq(participation.classId, classId), eq(participation.userId, viewer.id))
    const [own] = await tx.select({ rol: participation.rol, joinedAt: participation.createdAt }).from(participation).where(mine)
    const reason = decideLeave(virtualClass, own?.rol ?? null, deps.clock.now())
    if (reason) return refuse(reason)
    await tx.delete(participation).where(mine)
    await queueGuests(deps, classId)
    await record(deps, tx, viewer, classId, 'class.leave', { joinedAt: own?.joinedAt.toISOString() })
    return succeed(null)
  })
}

/**
 * Gives a class another code; the old one is remembered as expired and those who came with it stay. `ifStill`: only if this is the code by
 * then, so that a request that is sent twice draws one.
 */
export async function rotateCode(
  deps: Deps,
  viewer: Viewer,
  classId: string,
  ifStill: string | null = null,
): Promise<Outcome<{ accessCode: string }, RotateRefusal, Limited>> {
  return deps.db.transaction(async (tx): Promise<Outcome<{ accessCode: string }, RotateRefusal, Limited>> => {
    const virtualClass = await lockClass(tx, classId)
    if (!virtualClass) return refuse('unknown-class')
    const reason = decideRotate(virtualClass, await actorOf(tx, viewer, virtualClass), deps.clock.now())
    if (reason) return refuse(reason)
    const current = await liveCode(tx, classId)
    if (current !== null && ifStill !== null && current !== ifStill) return succeed({ accessCode: current })
    const limited = await countCode(deps, tx, classId)
    return limited ? refuse('too-many', limited) : succeed({ accessCode: await drawAnother(deps, tx, viewer, virtualClass) })
  })
}

async function drawAnother(deps: Deps, tx: Tx, viewer: Viewer, { id: classId }: VirtualClassRow): Promise<string> {
  const now = deps.clock.now()
  await retireCode(tx, classId, 'rotated', now)
  const accessCode = await issueCode(deps, tx, classId, now)
  await record(deps, tx, viewer, classId, 'class.rotate-code')
  return accessCode
}

async function countCode(deps: Deps, tx: Tx, classId: string): Promise<Limited | null> {
  const use = await countUse(deps, { bucket: `rotate:class:${classId}`, max: CODES_PER_DAY_MAX, windowMs: DAY_MS }, tx)
  return use.ok ? null : (use.detail ?? { retryAfterSeconds: 60 })
}

/** In whose right somebody touches the seats of a class. */
async function actorOf(tx: Tx, viewer: Viewer, { id, bookedById }: VirtualClassRow): Promise<SeatActor> {
  if (viewer.role === 'ADMIN') return 'admin'
  if (bookedById === viewer.id) return 'host'
  const belongs = and(eq(participation.classId, id), eq(participation.userId, viewer.id))
  const rows = await tx.select({ id: participation.id }).from(participation).where(belongs)
  return rows.length > 0 ? 'guest' : 'stranger'
}

async function record(
  deps: Deps,
  tx: Tx,
  viewer: Viewer,
  classId: string,
  action: 'class.release-seat' | 'class.leave' | 'class.rotate-code',
  detail: Record<string, unknown> = {},
): Promise<void> {
  await audit(deps, tx, { actorId: viewer.id, action, subject: 'class', subjectId: classId, detail })
}
