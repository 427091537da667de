import { and, eq, gt, lt, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { type VirtualClassRow, vacatedInterval, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Interval } from '../academy/rules.ts'
import { issueCode, queueForHours, retireCode, updateClass } from './store.ts'
import type { TeachersTime } from './taken.ts'

/**
 * Gives a locked, scheduled class its new times and a new code; the old code is remembered as expired (behaviour D10). What the event in
 * the calendar still occupies is written down until the event has followed. Returns the new code. The exclusion constraints refuse a slot that
 * somebody else has, and an hour in which the host has another class.
 */
export async function moveClass(
  deps: Deps,
  tx: Tx,
  current: VirtualClassRow,
  move: Interval & { rescheduleCount: number; refundLapsed: boolean; previousStartsAt: Date },
  now: Date,
): Promise<string> {
  await queueForHours(tx, current, move)
  await updateClass(tx, current.id, now, {
    startsAt: move.startsAt,
    endsAt: move.endsAt,
    previousStartsAt: move.previousStartsAt,
    rescheduleCount: move.rescheduleCount,
    refundLapsed: move.refundLapsed,
    moveCount: current.moveCount + 1,
    fixedAt: now,
    sharesHour: false,
    calendarState: 'queued',
    calendarError: null,
  })
  await tx.insert(vacatedInterval).values({ classId: current.id, startsAt: current.startsAt, endsAt: current.endsAt }).onConflictDoNothing()
  await retireCode(tx, current.id, 'rescheduled', now)
  return issueCode(deps, tx, current.id, now)
}

/** Time that events of these teachers' moved classes may still occupy in the calendar: it must not count as busy. */
export async function vacatedIntervals(handle: Handle, teacherIds: readonly string[], from: Date, to: Date): Promise<TeachersTime[]> {
  return readVacated(handle, { teacherIds, from, to, max: VACATED_MAX * teacherIds.length })
}

/** Of each teacher. Beyond it an hour stays busy until its event has followed. */
const VACATED_MAX = 1_000

const readVacated = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to' | 'max') => Later) =>
  handle
    .select({ teacherId: virtualClass.teacherId, startsAt: vacatedInterval.startsAt, endsAt: vacatedInterval.endsAt })
    .from(vacatedInterval)
    .innerJoin(virtualClass, eq(virtualClass.id, vacatedInterval.classId))
    .where(
      and(
        sql`${virtualClass.teacherId} = ANY(${later('teacherIds')}::uuid[])`,
        lt(vacatedInterval.startsAt, later('to')),
        gt(vacatedInterval.endsAt, later('from')),
      ),
    )
    .limit(later('max')),
)

/** The event stands where its class is, or is gone. */
export async function forgetVacated(handle: Handle, classId: string): Promise<void> {
  await handle.delete(vacatedInterval).where(eq(vacatedInterval.classId, classId))
}
