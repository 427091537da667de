import { and, count, eq, inArray, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { virtualClass } from '../../db/tables.ts'
import type { Interval } from '../academy/rules.ts'
import { touching } from './touching.ts'

/** By teacher, how many classes they have in a week, given ones included, and whether one of those that are to come touches an hour of it. */
export async function teacherLoads(
  handle: Handle,
  week: Interval,
  hour: Interval,
): Promise<Map<string, { classes: number; isTaken: boolean }>> {
  const rows = await handle
    .select({
      teacherId: virtualClass.teacherId,
      classes: count(),
      isTaken: sql<boolean>`coalesce(bool_or(
        ${virtualClass.status} <> 'completed' AND ${virtualClass.startsAt} < ${hour.endsAt} AND ${virtualClass.endsAt} > ${hour.startsAt}), false)`,
    })
    .from(virtualClass)
    .where(and(inArray(virtualClass.status, ['pending', 'scheduled', 'completed']), touching(week.startsAt, week.endsAt)))
    .groupBy(virtualClass.teacherId)
  return new Map(rows.map(({ teacherId, ...load }) => [teacherId, load]))
}

/** Whether a person has booked a live class that touches that time, with whomever. Only for words: what is allowed the constraint says. */
export async function hasOwnClass(handle: Handle, userId: string, { startsAt, endsAt }: Interval): Promise<boolean> {
  const rows = await handle
    .select({ id: virtualClass.id })
    .from(virtualClass)
    .where(and(eq(virtualClass.bookedById, userId), inArray(virtualClass.status, ['pending', 'scheduled']), touching(startsAt, endsAt)))
    .limit(1)
  return rows.length > 0
}
