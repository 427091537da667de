import { and, asc, count, eq, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { accessCode, type CancelReason, type RetireReason, type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { HOUR_MS } from '../../kernel/clock.ts'
import { drawAccessCode } from '../../kernel/ids.ts'
import type { Interval } from '../academy/rules.ts'
import { touching } from './touching.ts'

const CODE_TRIES_MAX = 20
/** A class in these has its hour. */
export const LIVE = ['pending', 'scheduled'] as const

export type NewClass = Pick<
  VirtualClassRow,
  'id' | 'teacherId' | 'bookedById' | 'startsAt' | 'endsAt' | 'classType' | 'maxParticipants' | 'priceCentavos' | 'learningFocus'
> & { holdExpiresAt: Date | null; paidAt: Date | null }

/** With the status in the text: an index of scheduled classes serves no plan that has to do for every status. */
export const IS_SCHEDULED: SQL = sql`${virtualClass.status} = 'scheduled'`

/** Name of the constraint that refuses a second live class in a teacher's hour. */
export const NO_OVERLAP = 'virtual_class_no_overlap'
/** Name of the constraint that refuses a second live class in a person's hour, with whomever. */
export const OWN_HOUR = 'virtual_class_own_hour'

/**
 * To be called right before a class's hours are written. Two who write overlapping hours at the same instant would each wait for the other's
 * row, and the database would have to end one of them; so whoever writes into an hour of a teacher, or of a person who books, waits here until the
 * one before is through. The constraints decide as ever. Taken after all row locks, the teacher's first, hour by hour, and before a class that
 * stands in those hours is made to leave them in the same transaction, so that nobody waits in a circle.
 */
export async function queueForHours(
  tx: Tx,
  { teacherId, bookedById }: { teacherId: string; bookedById: string },
  { startsAt, endsAt }: Interval,
): Promise<void> {
  const first = Math.floor(startsAt.getTime() / HOUR_MS)
  const last = Math.floor((endsAt.getTime() - 1) / HOUR_MS)
  await tx.execute(sql`
    SELECT pg_advisory_xact_lock(hashtextextended(turn.who || ':' || turn.hour, 0))
    FROM (
      SELECT person.who, hour FROM (VALUES (1, ${teacherId}::text), (2, ${bookedById}::text)) AS person (nth, who),
        generate_series(${first}::bigint, ${last}::bigint) AS hour
      ORDER BY person.nth, hour
    ) AS turn`)
}

export async function insertPending(tx: Tx, row: NewClass, now: Date): Promise<void> {
  await queueForHours(tx, row, row)
  await tx
    .insert(virtualClass)
    .values({ ...row, status: 'pending', calendarState: row.paidAt ? 'queued' : 'none', createdAt: now, updatedAt: now })
}

export async function findClass(handle: Handle, classId: string): Promise<VirtualClassRow | null> {
  const [row] = await readClass(handle, { classId })
  return row ?? null
}

const readClass = hotRead((handle, later: (name: 'classId') => Later) =>
  handle
    .select()
    .from(virtualClass)
    .where(eq(virtualClass.id, later('classId'))),
)

/** Locks the class. Lock order: user, order, class, everything else (docs/domain.md). */
export async function lockClass(tx: Tx, classId: string): Promise<VirtualClassRow | null> {
  const [row] = await readClassLocked(tx, { classId })
  return row ?? null
}

const readClassLocked = hotRead((handle, later: (name: 'classId') => Later) =>
  handle
    .select()
    .from(virtualClass)
    .where(eq(virtualClass.id, later('classId')))
    .for('update'),
)

export async function updateClass(
  handle: Handle,
  classId: string,
  now: Date,
  change: Partial<typeof virtualClass.$inferInsert>,
): Promise<void> {
  await handle
    .update(virtualClass)
    .set({ ...change, version: sql`${virtualClass.version} + 1`, updatedAt: now })
    .where(eq(virtualClass.id, classId))
}

/** The same, as long as the class still has that event: what was seen of another one says nothing. False: it has not. */
export async function updateClassWithEvent(
  handle: Handle,
  { id, googleEventId }: Pick<VirtualClassRow, 'id' | 'googleEventId'>,
  now: Date,
  change: Partial<typeof virtualClass.$inferInsert>,
): Promise<boolean> {
  if (!googleEventId) return false
  const updated = await handle
    .update(virtualClass)
    .set({ ...change, version: sql`${virtualClass.version} + 1`, updatedAt: now })
    .where(and(eq(virtualClass.id, id), eq(virtualClass.googleEventId, googleEventId)))
    .returning({ id: virtualClass.id })
  return updated.length > 0
}

/** Cancels and remembers its code as expired. The rows stay. */
export async function markCancelled(
  tx: Tx,
  classId: string,
  cancel: { reason: CancelReason; byId: string | null; at: Date; refundOwed: boolean },
): Promise<void> {
  await updateClass(tx, classId, cancel.at, {
    status: 'cancelled',
    cancelReason: cancel.reason,
    cancelledById: cancel.byId,
    cancelledAt: cancel.at,
    refundOwed: cancel.refundOwed,
    holdExpiresAt: null,
  })
  await retireCode(tx, classId, 'cancelled', cancel.at)
}

/** The code that works now is remembered as expired. */
export async function retireCode(tx: Tx, classId: string, reason: RetireReason, at: Date): Promise<void> {
  await tx
    .update(accessCode)
    .set({ retiredAt: at, retireReason: reason })
    .where(and(eq(accessCode.classId, classId), isNull(accessCode.retiredAt)))
}

/** The code that works now, or null. */
export async function liveCode(handle: Handle, classId: string): Promise<string | null> {
  const [row] = await handle
    .select({ code: accessCode.code })
    .from(accessCode)
    .where(and(eq(accessCode.classId, classId), isNull(accessCode.retiredAt)))
  return row?.code ?? null
}

/** Issues a code that no class ever had (behaviour D18a); the table's key decides. */
export async function issueCode(deps: Deps, tx: Tx, classId: string, now: Date): Promise<string> {
  for (let tries = 0; tries < CODE_TRIES_MAX; tries++) {
    const code = drawAccessCode(deps.ids)
    const inserted = await tx
      .insert(accessCode)
      .values({ code, classId, issuedAt: now })
      .onConflictDoNothing()
      .returning({ code: accessCode.code })
    if (inserted.length > 0) return code
  }
  throw new Error(`No free access code after ${CODE_TRIES_MAX} draws`)
}

const LAPSED_AT_ONCE = 10

/** Unpaid holds that have run out and stand in the way of a slot: in the hour of a teacher, of whoever booked them, or of either. */
export async function lapsedHolds(
  handle: Handle,
  of: { teacherId?: string; bookedById?: string },
  slot: Interval,
  now: Date,
): Promise<string[]> {
  const { teacherId, bookedById } = of
  return lapsed(handle, now, [
    or(
      teacherId === undefined ? undefined : eq(virtualClass.teacherId, teacherId),
      bookedById === undefined ? undefined : eq(virtualClass.bookedById, bookedById),
    ),
    touching(slot.startsAt, slot.endsAt),
  ])
}

/** A person's unpaid holds that have run out and still count. */
export async function ownLapsedHolds(handle: Handle, userId: string, now: Date): Promise<string[]> {
  return lapsed(handle, now, [eq(virtualClass.bookedById, userId)])
}

async function lapsed(handle: Handle, now: Date, where: (SQL | undefined)[]): Promise<string[]> {
  const rows = await handle
    .select({ classId: virtualClass.id })
    .from(virtualClass)
    .where(and(eq(virtualClass.status, 'pending'), isNull(virtualClass.paidAt), lte(virtualClass.holdExpiresAt, now), ...where))
    .orderBy(asc(virtualClass.holdExpiresAt))
    .limit(LAPSED_AT_ONCE)
  return rows.map((row) => row.classId)
}

/** How many slots a person holds without having paid; a hold counts until it is released (behaviour D7e). */
export async function countUnpaidHolds(handle: Handle, userId: string): Promise<number> {
  const [row] = await readHeld(handle, { userId })
  return row?.held ?? 0
}

const readHeld = hotRead((handle, later: (name: 'userId') => Later) =>
  handle
    .select({ held: count() })
    .from(virtualClass)
    .where(and(eq(virtualClass.bookedById, later('userId')), eq(virtualClass.status, 'pending'), isNull(virtualClass.paidAt))),
)

/** Whether a class has ended that is not completed. */
export const anyEnded = (now: Date): SQL => sql`EXISTS (SELECT FROM virtual_class WHERE status = 'scheduled' AND ends_at <= ${now})`

/** Moves every class whose end has come from `scheduled` to `completed`; returns their ids (behaviour D11). */
export async function completeEnded(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const { rows } = await tx.execute<{ id: string }>(sql`
    UPDATE virtual_class SET status = 'completed', completed_at = ${now}, version = version + 1, updated_at = ${now}
    WHERE id IN (
      SELECT id FROM virtual_class WHERE status = 'scheduled' AND ends_at <= ${now} ORDER BY ends_at LIMIT ${limit} FOR UPDATE SKIP LOCKED
    ) RETURNING id`)
  return rows.map((row) => row.id)
}
