import { and, asc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { blackout, openingInterval, teacher } from '../../db/tables.ts'
import type { Interval, OpeningInterval, Schedule } from './rules.ts'
import type { Teacher } from './store.ts'

export interface BlackoutEntry extends Interval {
  id: string
  note: string
}

export type Hours = Pick<Schedule, 'opening' | 'blackouts'>

const BLACKOUTS_MAX = 500

/** Opening hours, limits and the blackouts that touch [from, to). */
export async function loadSchedule(handle: Handle, of: Teacher, from: Date, to: Date): Promise<Schedule> {
  return scheduleOf(of, await loadHours(handle, [of.id], from, to))
}

/** The limits of a teacher with hours that were read of several. */
export function scheduleOf({ id, slotMinutes, minNoticeMinutes, horizonDays }: Teacher, hours: ReadonlyMap<string, Hours>): Schedule {
  return { slotMinutes, minNoticeMinutes, horizonDays, ...(hours.get(id) ?? { opening: [], blackouts: [] }) }
}

/** By teacher, opening hours and the blackouts that touch [from, to): two statements, however many teachers. */
export async function loadHours(handle: Handle, teacherIds: readonly string[], from: Date, to: Date): Promise<ReadonlyMap<string, Hours>> {
  const [opening, blackouts] = await Promise.all([openingOf(handle, teacherIds), readBlackouts(handle, { teacherIds, from, to })])
  const blackoutsBy = Map.groupBy(blackouts, ({ teacherId }) => teacherId)
  return new Map(teacherIds.map((id) => [id, { opening: opening.get(id) ?? [], blackouts: blackoutsBy.get(id) ?? [] }]))
}

/** By teacher, in the order of the week. */
export async function openingOf(handle: Handle, teacherIds: readonly string[]): Promise<ReadonlyMap<string, OpeningInterval[]>> {
  const by = new Map<string, OpeningInterval[]>(teacherIds.map((id) => [id, []]))
  for (const { teacherId, weekday, opens, closes } of await readOpening(handle, { teacherIds }))
    by.get(teacherId)?.push({ weekday, opens: opens.slice(0, 5), closes: closes.slice(0, 5) })
  return by
}

const readOpening = hotRead((handle, later: (name: 'teacherIds') => Later) =>
  handle
    .select()
    .from(openingInterval)
    .where(sql`${openingInterval.teacherId} = ANY(${later('teacherIds')}::uuid[])`)
    .orderBy(asc(openingInterval.weekday), asc(openingInterval.opens)),
)

/** By start. */
export async function blackoutsOf(handle: Handle, teacherId: string, from: Date, to: Date): Promise<BlackoutEntry[]> {
  return readBlackouts(handle, { teacherIds: [teacherId], from, to })
}

const readBlackouts = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) => {
  const own = handle
    .select({ id: blackout.id, startsAt: blackout.startsAt, endsAt: blackout.endsAt, note: blackout.note })
    .from(blackout)
    .where(and(eq(blackout.teacherId, teacher.id), gt(blackout.endsAt, later('from')), lt(blackout.startsAt, later('to'))))
    .orderBy(asc(blackout.startsAt))
    .limit(BLACKOUTS_MAX)
    .as('own')
  return handle
    .select({ teacherId: teacher.id, id: own.id, startsAt: own.startsAt, endsAt: own.endsAt, note: own.note })
    .from(teacher)
    .crossJoinLateral(own)
    .where(sql`${teacher.id} = ANY(${later('teacherIds')}::uuid[])`)
    .orderBy(asc(own.startsAt))
})
