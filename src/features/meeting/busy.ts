import { and, asc, eq, gt, lt } from 'drizzle-orm'
import { z } from 'zod'
import { busyInterval, busySnapshot } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Interval } from '../academy/rules.ts'
import { findTeacher, listTeachers } from '../academy/store.ts'
import { vacatedIntervals } from '../virtual-class/moves.ts'
import { leavingIntervals } from '../virtual-class/store.ts'
import { calendarAccess, findConnection, recordFailure, recordSuccess } from './connection.ts'
import type { BusyInterval } from './provider.ts'

/** Last known busy time is believed for this long while the calendar cannot be read; then slots close (behaviour 4.9). */
const BELIEVED_MS = 30 * MINUTE_MS
/** A page may show busy time this old without asking again. */
const FRESH_ENOUGH_MS = 60 * SECOND_MS
/** Google answers free/busy for about three months at once; a longer horizon takes several questions. */
const RANGE_MS = 60 * DAY_MS

/**
 * Busy time of the teacher's calendar that touches [from, to), without what our own leaving events still occupy. `now`: read it
 * again first (right before a hold is granted); otherwise only when the snapshot is older than a minute. With no calendar
 * connected there is no busy time; with one that cannot be read for 30 minutes the answer is a refusal.
 */
export async function busyTime(
  deps: Deps,
  teacherId: string,
  from: Date,
  to: Date,
  read: 'now' | 'recent',
): Promise<Outcome<Interval[], 'calendar-unreadable'>> {
  const connection = await findConnection(deps, teacherId)
  if (!connection) return succeed([])
  const now = deps.clock.now()
  let snapshot = await findSnapshot(deps, teacherId)
  const age = snapshot ? Math.abs(now.getTime() - snapshot.readAt.getTime()) : Number.POSITIVE_INFINITY
  const mayAsk = connection.status !== 'disconnected'
  if (mayAsk && (read === 'now' || age > FRESH_ENOUGH_MS)) {
    if (await refreshBusy(deps, teacherId)) snapshot = await findSnapshot(deps, teacherId)
  }
  if (!snapshot || Math.abs(now.getTime() - snapshot.readAt.getTime()) > BELIEVED_MS) return refuse('calendar-unreadable')
  const rows = await deps.db.handle
    .select({ startsAt: busyInterval.startsAt, endsAt: busyInterval.endsAt })
    .from(busyInterval)
    .where(and(eq(busyInterval.teacherId, teacherId), lt(busyInterval.startsAt, to), gt(busyInterval.endsAt, from)))
    .orderBy(asc(busyInterval.startsAt))
    .limit(5_000)
  const leaving = await leavingIntervals(deps.db.handle, teacherId, from, to)
  const vacated = await vacatedIntervals(deps.db.handle, teacherId, from, to)
  return succeed(subtract(rows, [...leaving, ...vacated]))
}

/** Reads free/busy and replaces the snapshot. False when the calendar could not be read. */
export async function refreshBusy(deps: Deps, teacherId: string): Promise<boolean> {
  const access = await calendarAccess(deps, teacherId)
  const teacher = await findTeacher(deps.db.handle, teacherId)
  if (!access || !teacher) return false
  const readAt = deps.clock.now()
  const from = plus(readAt, -DAY_MS)
  const to = plus(readAt, (teacher.horizonDays + 2) * DAY_MS)
  const busy: BusyInterval[] = []
  for (let start = from; start < to; start = plus(start, RANGE_MS)) {
    const end = Math.min(start.getTime() + RANGE_MS, to.getTime())
    const answer = await deps.calendar.freeBusy(access, start, new Date(end))
    if (!answer.ok) {
      await recordFailure(deps, teacherId, access.grantId, answer)
      return false
    }
    busy.push(...answer.value)
  }
  await deps.db.transaction(async (tx) => {
    const row = { coversFrom: from, coversTo: to, readAt }
    await tx
      .insert(busySnapshot)
      .values({ teacherId, ...row })
      .onConflictDoUpdate({ target: busySnapshot.teacherId, set: row })
    await tx.delete(busyInterval).where(eq(busyInterval.teacherId, teacherId))
    const rows = busy.filter((interval) => interval.endsAt > interval.startsAt).map((interval) => ({ teacherId, ...interval }))
    if (rows.length > 0) await tx.insert(busyInterval).values(rows).onConflictDoNothing()
  })
  await recordSuccess(deps, teacherId)
  return true
}

async function findSnapshot(deps: Deps, teacherId: string): Promise<{ readAt: Date } | null> {
  const [row] = await deps.db.handle.select({ readAt: busySnapshot.readAt }).from(busySnapshot).where(eq(busySnapshot.teacherId, teacherId))
  return row ?? null
}

/** What remains of `intervals` outside `holes`. */
export function subtract(intervals: readonly Interval[], holes: readonly Interval[]): Interval[] {
  let rest = [...intervals]
  for (const hole of holes) {
    rest = rest.flatMap((interval) => {
      if (hole.endsAt <= interval.startsAt || hole.startsAt >= interval.endsAt) return [interval]
      const parts: Interval[] = []
      if (hole.startsAt > interval.startsAt) parts.push({ startsAt: interval.startsAt, endsAt: hole.startsAt })
      if (hole.endsAt < interval.endsAt) parts.push({ startsAt: hole.endsAt, endsAt: interval.endsAt })
      return parts
    })
  }
  return rest
}

/** Timed: keeps the snapshot of every connected calendar recent, so that pages rarely wait for Google. */
export const refreshBusyJob = defineJob({
  name: 'meeting.refresh-busy',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    for (const teacher of await listTeachers(deps.db.handle)) await refreshBusy(deps, teacher.id)
  },
})
