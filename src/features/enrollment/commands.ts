import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { accessCode, participation, type VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { holdAccount, type Viewer } from '../identity/store.ts'
import { queueGuests } from '../meeting/guests.ts'
import { audit } from '../operation/attention.ts'
import { countUse, giveBackUse, type Limit, type Use } from '../operation/rate-limit.ts'
import { findClass, lockClass } from '../virtual-class/store.ts'
import { meant, readingsOf } from './look-alikes.ts'
import { decideEnter, decideJoin, type EnterRefusal, type JoinRefusal } from './rules.ts'

/** Trimmed and upper-cased on the server, exactly 8 of A–Z0–9 (behaviour D15). */
export const AccessCode = z
  .string()
  .max(100)
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9]{8}$/)

export interface JoinedClass {
  id: string
  meetUrl: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  currentParticipants: number
  maxParticipants: number
  /** The guest belonged to the class before (behaviour D16). */
  again: boolean
}

/** `startsAt`: of the class of a code that is right, and only too early. */
export type JoinOutcome = Outcome<JoinedClass, JoinRefusal, { retryAfterSeconds?: number; startsAt?: Date }>

const WRONG_CODES_WINDOW_MS = 10 * MINUTE_MS
const WRONG_CODES_PER_USER = 10
const WRONG_CODES_PER_ADDRESS = 50

/** Redeems a code. `addressKey`: fingerprint of the caller's network address. Only unknown codes count against the limits. */
export async function joinByCode(deps: Deps, guestId: string, code: string, addressKey: string): Promise<JoinOutcome> {
  const looked = await lookUp(deps, code, [
    { bucket: `code:user:${guestId}`, max: WRONG_CODES_PER_USER, windowMs: WRONG_CODES_WINDOW_MS },
    { bucket: `code:address:${addressKey}`, max: WRONG_CODES_PER_ADDRESS, windowMs: WRONG_CODES_WINDOW_MS },
  ])
  return looked.ok ? redeem(deps, guestId, looked.value.code, looked.value.classId) : looked
}

/**
 * Finds the class of a code, also of one in which characters were taken for those they look like. A try is counted before the code is looked at and given back when the code is known; the counters stay
 * locked in between, so that guesses sent at the same moment are judged one after the other (behaviour 4.7 row 3, A6).
 */
async function lookUp(
  deps: Deps,
  code: string,
  limits: readonly Limit[],
): Promise<Outcome<{ code: string; classId: string }, 'too-many-tries' | 'unknown-code', { retryAfterSeconds: number }>> {
  return deps.db.transaction(async (tx) => {
    const counted: Use[] = []
    for (const limit of limits) {
      const use = await countUse(deps, limit, tx)
      if (!use.ok) {
        for (const earlier of counted) await giveBackUse(tx, earlier)
        return refuse('too-many-tries', use.detail)
      }
      counted.push(use.value)
    }
    const issued = await tx
      .select({ code: accessCode.code, classId: accessCode.classId })
      .from(accessCode)
      .where(inArray(accessCode.code, readingsOf(code)))
    const found = meant(code, issued)
    if (!found) return refuse('unknown-code')
    for (const use of counted) await giveBackUse(tx, use)
    return succeed(found)
  })
}

/** Decides and takes the seat with the class locked: that is what keeps N joins on k seats at k (behaviour A8). */
async function redeem(deps: Deps, guestId: string, code: string, classId: string): Promise<JoinOutcome> {
  return deps.db.transaction(async (tx): Promise<JoinOutcome> => {
    if (!(await holdAccount(tx, guestId))) return refuse('no-account')
    const virtualClass = await lockClass(tx, classId)
    if (!virtualClass) return refuse('unknown-code')
    // Read under the lock: a reschedule or cancellation that was quicker has retired it.
    const [issued] = await tx
      .select({ retiredAt: accessCode.retiredAt, retireReason: accessCode.retireReason })
      .from(accessCode)
      .where(eq(accessCode.code, code))
    const people = await seatsOf(tx, virtualClass.id)
    const now = deps.clock.now()
    const decision = decideJoin({
      virtualClass,
      codeRetired: issued?.retiredAt !== null,
      codeRotated: issued?.retireReason === 'rotated',
      guestId,
      participants: people.length,
      alreadyJoined: people.some((person) => person.userId === guestId),
      leadMinutes: deps.config.joinLeadMinutes,
      cutoff: deps.config.joinCutoff,
      now,
    })
    if (!decision.ok) return refuse(decision.reason, decision.reason === 'early' ? { startsAt: virtualClass.startsAt } : undefined)
    if (!virtualClass.meetUrl) throw new Error(`Class ${virtualClass.id} is scheduled without a link`)
    if (decision.step === 'take-seat') {
      await takeSeat(deps, tx, virtualClass, guestId, people, now)
      await queueGuests(deps, virtualClass.id)
    }
    return succeed({
      id: virtualClass.id,
      meetUrl: virtualClass.meetUrl,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      classType: virtualClass.classType,
      currentParticipants: people.length + (decision.step === 'take-seat' ? 1 : 0),
      maxParticipants: virtualClass.maxParticipants,
      again: decision.step === 're-enter',
    })
  })
}

async function seatsOf(tx: Tx, classId: string): Promise<{ userId: string; seat: number }[]> {
  return tx
    .select({ userId: participation.userId, seat: participation.seat })
    .from(participation)
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.seat))
}

async function takeSeat(
  deps: Deps,
  tx: Tx,
  virtualClass: VirtualClassRow,
  userId: string,
  people: { seat: number }[],
  now: Date,
): Promise<void> {
  const used = new Set(people.map((person) => person.seat))
  let seat = 2
  while (used.has(seat)) seat += 1
  await tx.insert(participation).values({
    id: deps.ids.uuid(),
    userId,
    classId: virtualClass.id,
    rol: 'participante',
    seat,
    seats: virtualClass.maxParticipants,
    createdAt: now,
    updatedAt: now,
  })
}

/** Lets somebody who belongs to a class in, records the entry, and gives the link: the only way a link leaves the server besides a join. */
export async function enterClass(deps: Deps, viewer: Viewer, classId: string): Promise<Outcome<{ meetUrl: string }, EnterRefusal>> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (!virtualClass) return refuse('unknown-class')
  const mine = and(eq(participation.classId, classId), eq(participation.userId, viewer.id))
  const rows = await deps.db.handle.select({ id: participation.id }).from(participation).where(mine)
  const now = deps.clock.now()
  const isTeacher = virtualClass.teacherId === viewer.teacherId
  const who = { belongs: rows.length > 0 || isTeacher || virtualClass.bookedById === viewer.id, isAdmin: viewer.role === 'ADMIN' }
  const decision = decideEnter(virtualClass, who, deps.config.joinLeadMinutes, now)
  if (!decision.ok) return refuse(decision.reason)
  if (!virtualClass.meetUrl) return refuse('not-confirmed')
  // A teacher has no seat whose row could remember it.
  if (rows.length === 0) {
    await deps.db.transaction((tx) => audit(deps, tx, { actorId: viewer.id, action: 'class.enter', subject: 'class', subjectId: classId }))
  }
  const firstEnteredAt = sql`coalesce(${participation.firstEnteredAt}, ${now}::timestamptz)`
  await deps.db.handle.update(participation).set({ firstEnteredAt, enteredAt: now, updatedAt: now }).where(mine)
  return succeed({ meetUrl: virtualClass.meetUrl })
}
