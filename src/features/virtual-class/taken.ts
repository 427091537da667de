import { and, asc, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { teacher, virtualClass } from '../../db/tables.ts'
import type { Interval } from '../academy/rules.ts'
import { LIVE } from './store.ts'
import { touching } from './touching.ts'

/** Time of one of several teachers. */
export type TeachersTime = Interval & { teacherId: string }

/** Of each teacher, so that the many of one never push out another's. */
const LIVE_MAX = 5_000
const LEAVING_MAX = 1_000

/** Live classes of these teachers that touch [from, to). */
export async function liveIntervals(handle: Handle, teacherIds: readonly string[], from: Date, to: Date): Promise<TeachersTime[]> {
  return readLive(handle, { teacherIds, from, to })
}

const readLive = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) => {
  const own = handle
    .select({ startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .where(and(eq(virtualClass.teacherId, teacher.id), inArray(virtualClass.status, [...LIVE]), touching(later('from'), later('to'))))
    .orderBy(asc(virtualClass.startsAt))
    .limit(LIVE_MAX)
    .as('own')
  return handle
    .select({ teacherId: teacher.id, startsAt: own.startsAt, endsAt: own.endsAt })
    .from(teacher)
    .crossJoinLateral(own)
    .where(sql`${teacher.id} = ANY(${later('teacherIds')}::uuid[])`)
})

export interface LeavingClass extends TeachersTime {
  id: string
  cancelledAt: Date
  googleEventId: string | null
  eventGeneration: number
}

/** Cancelled classes of these teachers whose event may still stand in a calendar: its time, and nothing else, must not count as busy. */
export async function leavingClasses(handle: Handle, teacherIds: readonly string[], from: Date, to: Date): Promise<LeavingClass[]> {
  const rows = await readLeaving(handle, { teacherIds, from, to })
  return rows.flatMap(({ cancelledAt, ...row }) => (cancelledAt ? [{ ...row, cancelledAt }] : []))
}

const readLeaving = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) => {
  const own = handle
    .select({
      id: virtualClass.id,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      cancelledAt: virtualClass.cancelledAt,
      googleEventId: virtualClass.googleEventId,
      eventGeneration: virtualClass.eventGeneration,
    })
    .from(virtualClass)
    .where(
      and(
        eq(virtualClass.teacherId, teacher.id),
        eq(virtualClass.status, 'cancelled'),
        isNotNull(virtualClass.paidAt),
        sql`${virtualClass.calendarState} <> 'none'`,
        touching(later('from'), later('to')),
      ),
    )
    .orderBy(asc(virtualClass.startsAt))
    .limit(LEAVING_MAX)
    .as('own')
  return handle
    .select({
      teacherId: teacher.id,
      id: own.id,
      startsAt: own.startsAt,
      endsAt: own.endsAt,
      cancelledAt: own.cancelledAt,
      googleEventId: own.googleEventId,
      eventGeneration: own.eventGeneration,
    })
    .from(teacher)
    .crossJoinLateral(own)
    .where(sql`${teacher.id} = ANY(${later('teacherIds')}::uuid[])`)
})
