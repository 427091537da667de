import { and, asc, count, desc, eq, inArray, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { appUser, virtualClass } from '../../db/tables.ts'
import { ARGENTINA } from '../../kernel/zoned-time.ts'
import { belongsTo, type MyClass, myClasses } from './queries.ts'
import { FOLDING, type SearchWord } from './search.ts'

export type HistoryFilter = 'upcoming' | 'all'

/** Which of a person's classes; no words: all of them. */
export interface HistoryQuery {
  filter: HistoryFilter
  words: readonly SearchWord[]
}

/** Every class of a person that was ever confirmed, and own bookings that were cancelled before that; never `pending` (behaviour 4.10, R26). */
export async function historyOfClasses(
  handle: Handle,
  userId: string,
  query: HistoryQuery,
  page: { limit: number; offset: number },
): Promise<MyClass[]> {
  return myClasses(handle, userId, { where: historyWhere(userId, query), order: historyOrder(query.filter), ...page })
}

export interface HistoryTotals {
  total: number
  scheduled: number
  completed: number
  cancelled: number
}

export async function countHistory(handle: Handle, userId: string, query: HistoryQuery): Promise<HistoryTotals> {
  const rows = await handle
    .select({ status: virtualClass.status, classes: count() })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .where(and(belongsTo(userId), historyWhere(userId, query)))
    .groupBy(virtualClass.status)
  const of = (status: string) => rows.find((row) => row.status === status)?.classes ?? 0
  return {
    total: rows.reduce((sum, row) => sum + row.classes, 0),
    scheduled: of('scheduled'),
    completed: of('completed'),
    cancelled: of('cancelled'),
  }
}

function historyWhere(userId: string, { filter, words }: HistoryQuery): SQL | undefined {
  const status = filter === 'upcoming' ? eq(virtualClass.status, 'scheduled') : ne(virtualClass.status, 'pending')
  return and(status, ...words.map((word) => fits(userId, word)))
}

function historyOrder(filter: HistoryFilter): SQL[] {
  return filter === 'upcoming' ? [asc(virtualClass.startsAt), asc(virtualClass.id)] : [desc(virtualClass.startsAt), desc(virtualClass.id)]
}

/**
 * One word of a search. Looked at for the person's own classes only, which an index finds, so that no search reads anybody else's. The host
 * is told who joined, a guest only who invited: what nobody may know cannot be searched either.
 */
function fits(userId: string, { text, statuses, reasons, types, date }: SearchWord): SQL | undefined {
  const isHost = eq(virtualClass.bookedById, userId)
  const objective = contains(sql`${virtualClass.learningFocus}`, text)
  const host = and(ne(virtualClass.bookedById, userId), contains(sql`${appUser.name}`, text))
  const guests = and(
    isHost,
    sql`EXISTS (SELECT 1 FROM participation AS seat JOIN app_user AS guest ON guest.id = seat.user_id
      WHERE seat.class_id = ${virtualClass.id} AND seat.rol = 'participante' AND ${contains(sql`guest.name`, text)})`,
  )
  return or(
    objective,
    host,
    guests,
    ...(statuses.length > 0 ? [inArray(virtualClass.status, statuses)] : []),
    ...(reasons.length > 0 ? [inArray(virtualClass.cancelReason, reasons)] : []),
    ...(types.length > 0 ? [inArray(virtualClass.classType, types)] : []),
    ...(date ? [onDate(date)] : []),
  )
}

function contains(column: SQL, text: string): SQL {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return sql`translate(lower(${column}), ${FOLDING.from}::text, ${FOLDING.to}::text) LIKE ${pattern}`
}

/** The parts of the date on a wall in Argentina. */
function onDate({ day, month, year, weekday }: NonNullable<SearchWord['date']>): SQL | undefined {
  const part = (field: SQL, value: number | undefined) =>
    value === undefined ? undefined : sql`extract(${field} FROM ${virtualClass.startsAt} AT TIME ZONE ${ARGENTINA}::text) = ${value}::int`
  return and(part(sql`day`, day), part(sql`month`, month), part(sql`year`, year), part(sql`isodow`, weekday))
}
