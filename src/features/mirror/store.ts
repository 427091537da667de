import { and, asc, eq, gt, inArray, isNull, lt, lte, or, type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { type CalendarSyncRow, calendarChannel, calendarEvent, calendarSync, teacher, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { Interval } from '../academy/rules.ts'
import type { SyncedEvent } from '../meeting/provider.ts'
import { contentHash, ownClassOf } from './rules.ts'

/** Longer than a run can take: its pages have deadlines. */
const LEASE_MS = 2 * MINUTE_MS
const INTERVALS_MAX = 5_000

/** A state that this process alone may move on. */
export type Leased = CalendarSyncRow & { leaseId: string }

/**
 * Takes the right to read a calendar. Null: somebody else has it, and has been told that it is wanted; `again`: they had just finished.
 * A process that dies loses it after two minutes; one that only seemed dead finds out at its next write.
 */
export async function takeLease(deps: Deps, teacherId: string): Promise<Leased | 'again' | null> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const leaseId = deps.ids.uuid()
  // A clock that was set back must not wait for its own future.
  const isFree = sql`${calendarSync.leaseId} IS NULL OR ${calendarSync.leaseUntil} <= ${now} OR ${calendarSync.leaseUntil} > ${plus(now, 2 * LEASE_MS)}`
  const lease = { leaseId, leaseUntil: plus(now, LEASE_MS), askedAt: null }
  const [taken] = await handle
    .insert(calendarSync)
    .values({ teacherId, ...lease })
    .onConflictDoUpdate({ target: calendarSync.teacherId, set: lease, setWhere: isFree })
    .returning()
  if (taken) return { ...taken, leaseId }
  const [told] = await handle
    .update(calendarSync)
    .set({ askedAt: now })
    .where(eq(calendarSync.teacherId, teacherId))
    .returning({ leaseId: calendarSync.leaseId })
  return told?.leaseId ? null : 'again'
}

/** Gives the right back. True: somebody wanted it meanwhile. */
export async function releaseLease(
  deps: Deps,
  { teacherId, leaseId }: Leased,
  left: { lastError: string | null; notBefore: Date | null },
): Promise<boolean> {
  const [released] = await deps.db.handle
    .update(calendarSync)
    .set({ leaseId: null, leaseUntil: null, ...left })
    .where(and(eq(calendarSync.teacherId, teacherId), eq(calendarSync.leaseId, leaseId)))
    .returning({ askedAt: calendarSync.askedAt })
  return released?.askedAt != null
}

/** Moves the state on; null when the lease was lost, so that nothing of what this process knows counts any more. */
export async function moveOn(handle: Handle, { teacherId, leaseId }: Leased, change: Partial<CalendarSyncRow>): Promise<Leased | null> {
  const [row] = await handle
    .update(calendarSync)
    .set(change)
    .where(and(eq(calendarSync.teacherId, teacherId), eq(calendarSync.leaseId, leaseId)))
    .returning()
  return row ? { ...row, leaseId } : null
}

/** The right to compare what was read with the classes. `news`: how much had been read when it was taken. */
export interface ReviewTurn {
  teacherId: string
  id: string
  news: number
  /** When everything had last been read. */
  fullAt: Date | null
  /** Of the classes whose event stands in a calendar that the teacher had before: `none`, `all`, or those that are left. */
  elsewhere: 'none' | 'all' | readonly string[]
}

export interface Reviewed {
  /** Everything that had been read by then was compared. */
  isDone: boolean
  /** Events that Google did not tell, and that are asked for again after the next reading. */
  unreadable: number
  /** Null: nothing was asked of former calendars. `left`: classes still to be asked for; `refused`: events that are not ours to read any more. */
  elsewhere: { left: string[]; refused: number } | null
}

/** Null: there is nothing to compare, or somebody is at it. It stays wanted until it was done, so a process that dies loses no change. */
export async function takeReview({ db, clock, ids }: Pick<Deps, 'db' | 'clock' | 'ids'>, teacherId: string): Promise<ReviewTurn | null> {
  const now = clock.now()
  const id = ids.uuid()
  const isFree = or(
    isNull(calendarSync.reviewUntil),
    lte(calendarSync.reviewUntil, now),
    // Written before the clock was set back.
    gt(calendarSync.reviewUntil, plus(now, LEASE_MS)),
  )
  const [taken] = await db.handle
    .update(calendarSync)
    .set({ reviewId: id, reviewUntil: plus(now, LEASE_MS) })
    .where(and(eq(calendarSync.teacherId, teacherId), eq(calendarSync.reviewWanted, true), isFree))
    .returning({
      news: calendarSync.news,
      fullAt: calendarSync.fullAt,
      reviewAll: calendarSync.reviewAll,
      reviewLeft: calendarSync.reviewLeft,
    })
  if (!taken) return null
  const { news, fullAt, reviewAll, reviewLeft } = taken
  return { teacherId, id, news, fullAt, elsewhere: reviewAll ? (reviewLeft ?? 'all') : 'none' }
}

/**
 * A class has come to where its event stands, or to another hour: it is to be compared with what was read before, although the calendar has no news.
 * In the transaction that changed the class, after it was locked. A comparison that is under way is followed by another.
 */
export async function wantReview(tx: Tx, teacherId: string): Promise<void> {
  await tx
    .update(calendarSync)
    .set({ reviewWanted: true, news: sql`${calendarSync.news} + 1` })
    .where(eq(calendarSync.teacherId, teacherId))
}

/** Gives the right back. True: more was read meanwhile. */
export async function endReview(
  handle: Handle,
  { teacherId, id, news, fullAt, elsewhere: before }: ReviewTurn,
  { isDone, unreadable, elsewhere }: Reviewed,
): Promise<boolean> {
  // Read from scratch meanwhile: all of them are wanted once more.
  const unlessWantedAgain = <T>(then: SQL<T>, column: PgColumn) =>
    sql<T>`CASE WHEN ${calendarSync.fullAt} IS NOT DISTINCT FROM ${fullAt}::timestamptz THEN ${then} ELSE ${column} END`
  const all = elsewhere && {
    reviewAll: unlessWantedAgain(sql`${elsewhere.left.length > 0}::boolean`, calendarSync.reviewAll),
    reviewLeft: unlessWantedAgain(sql`${sql.param(elsewhere.left, calendarSync.reviewLeft)}::uuid[]`, calendarSync.reviewLeft),
    unreadableElsewhere: sql`${elsewhere.refused}::int + ${before === 'all' ? sql`0` : calendarSync.unreadableElsewhere}`,
  }
  const [ended] = await handle
    .update(calendarSync)
    .set({
      reviewId: null,
      reviewUntil: null,
      reviewWanted: sql`NOT (${isDone}::boolean AND ${calendarSync.news} = ${news}::int)`,
      unreadable,
      ...all,
    })
    .where(and(eq(calendarSync.teacherId, teacherId), eq(calendarSync.reviewId, id)))
    .returning({ news: calendarSync.news })
  return ended !== undefined && ended.news !== news
}

/** Writes what stands in the window and takes out what does not (any more). */
export async function keepEvents(
  tx: Tx,
  teacherId: string,
  round: number,
  window: { from: Date; to: Date },
  events: readonly SyncedEvent[],
): Promise<void> {
  // Of several words about one event the last one counts.
  const latest = [...new Map(events.map((event) => [event.eventId, event])).values()]
  const stands = (event: SyncedEvent) =>
    !event.cancelled && event.endsAt > event.startsAt && event.endsAt > window.from && event.startsAt < window.to
  const gone = latest.filter((event) => !stands(event)).map(({ eventId }) => eventId)
  if (gone.length > 0)
    await tx.delete(calendarEvent).where(and(eq(calendarEvent.teacherId, teacherId), inArray(calendarEvent.eventId, gone)))
  const rows = latest.filter(stands).map((event) => {
    const { eventId, recurringId, etag, startsAt, endsAt, allDay, blocks } = event
    const classId = ownClassOf(event)
    return {
      teacherId,
      eventId,
      classId,
      recurringId,
      etag,
      startsAt,
      endsAt,
      allDay,
      blocks,
      contentHash: classId && contentHash(event),
      round,
    }
  })
  if (rows.length === 0) return
  await tx
    .insert(calendarEvent)
    .values(rows)
    .onConflictDoUpdate({
      target: [calendarEvent.teacherId, calendarEvent.eventId],
      set: Object.fromEntries(
        ['class_id', 'recurring_id', 'etag', 'starts_at', 'ends_at', 'all_day', 'blocks', 'content_hash', 'round'].map((name) => [
          name.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
          sql.raw(`excluded.${name}`),
        ]),
      ),
    })
}

/** Takes out what a complete reading has not met. */
export async function dropUnseen(tx: Tx, teacherId: string, round: number): Promise<void> {
  await tx.delete(calendarEvent).where(and(eq(calendarEvent.teacherId, teacherId), lt(calendarEvent.round, round)))
}

/** When the calendar was last read completely, and how far; null before the first time. */
export async function findMirror(handle: Handle, teacherId: string): Promise<{ readAt: Date; coversTo: Date } | null> {
  const [row] = await readMirror(handle, { teacherId })
  return row?.readAt && row.coversTo ? { readAt: row.readAt, coversTo: row.coversTo } : null
}

const readMirror = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select({ readAt: calendarSync.readAt, coversTo: calendarSync.coversTo })
    .from(calendarSync)
    .where(eq(calendarSync.teacherId, later('teacherId'))),
)

/**
 * Time in [from, to) that the mirrored calendars of these teachers keep from being offered. Events of our own classes count where their class is
 * (which the classes themselves say), except one that stands elsewhere because a hand put it there: that hour is the teacher's until it is
 * settled. What is on its way out, or has not followed its class yet, counts for nothing.
 */
export async function mirroredBusy(
  handle: Handle,
  teacherIds: readonly string[],
  from: Date,
  to: Date,
): Promise<(Interval & { teacherId: string })[]> {
  return readMirrored(handle, { teacherIds, from, to })
}

const readMirrored = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) => {
  const own = handle
    .select({ startsAt: calendarEvent.startsAt, endsAt: calendarEvent.endsAt })
    .from(calendarEvent)
    .leftJoin(virtualClass, and(eq(virtualClass.id, calendarEvent.classId), eq(virtualClass.teacherId, calendarEvent.teacherId)))
    .where(
      and(
        eq(calendarEvent.teacherId, teacher.id),
        sql`${calendarEvent.blocks}`,
        lt(calendarEvent.startsAt, later('to')),
        gt(calendarEvent.endsAt, later('from')),
        sql`(${virtualClass.id} IS NULL OR ${virtualClass.status} <> 'cancelled' AND ${virtualClass.calendarState} IN ('none', 'synced'))`,
      ),
    )
    .orderBy(asc(calendarEvent.startsAt))
    // Of each teacher, so that a full calendar never pushes out what stands in another.
    .limit(INTERVALS_MAX)
    .as('own')
  return handle
    .select({ teacherId: teacher.id, startsAt: own.startsAt, endsAt: own.endsAt })
    .from(teacher)
    .crossJoinLateral(own)
    .where(sql`${teacher.id} = ANY(${later('teacherIds')}::uuid[])`)
})

/** Events that somebody else made and that take time in [from, to). */
export async function foreignEvents(handle: Handle, teacherId: string, from: Date, to: Date): Promise<(Interval & { eventId: string })[]> {
  return handle
    .select({ eventId: calendarEvent.eventId, startsAt: calendarEvent.startsAt, endsAt: calendarEvent.endsAt })
    .from(calendarEvent)
    .where(
      and(
        eq(calendarEvent.teacherId, teacherId),
        isNull(calendarEvent.classId),
        eq(calendarEvent.blocks, true),
        lt(calendarEvent.startsAt, to),
        gt(calendarEvent.endsAt, from),
      ),
    )
    .orderBy(asc(calendarEvent.startsAt), asc(calendarEvent.eventId))
    .limit(INTERVALS_MAX)
}

/** What another calendar said is nothing to this one. What hands did about classes stays noted: it is settled by what is read from now on. */
export async function forgetMirror(tx: Tx, teacherId: string): Promise<void> {
  await tx.delete(calendarEvent).where(eq(calendarEvent.teacherId, teacherId))
  await tx.delete(calendarSync).where(eq(calendarSync.teacherId, teacherId))
  await tx.delete(calendarChannel).where(eq(calendarChannel.teacherId, teacherId))
}
