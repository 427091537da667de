import { and, gt, lt, type SQL, sql } from 'drizzle-orm'
import type { Later } from '../../db/hot-read.ts'
import { virtualClass } from '../../db/tables.ts'

/** Classes that touch [from, to). */
export function touching(from: Date | Later, to: Date | Later): SQL | undefined {
  return and(lt(virtualClass.startsAt, to), endingAfter(from))
}

/**
 * Classes that end after `from`. None lasts longer than a day (`virtual_class_length`), so none of them began more than a day before: said to the
 * database, too, which would else read everything there was before in order to see when it ended.
 */
export function endingAfter(from: Date | Later): SQL | undefined {
  const instant = from instanceof Date ? from.toISOString() : from
  return and(gt(virtualClass.endsAt, from), sql`${virtualClass.startsAt} > ${instant}::timestamptz - interval '1 day'`)
}
