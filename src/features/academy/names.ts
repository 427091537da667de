import { type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { virtualClass } from '../../db/tables.ts'

/**
 * Who gives the class of a row of `virtual_class`, for whoever it is shown to. Null while the academy has one teacher only: then it goes without
 * saying, everywhere at once (decision 025).
 */
export function teacherNameOf(): SQL<string | null> {
  return sql<string | null>`(
    SELECT t.display_name FROM teacher AS t WHERE t.id = ${virtualClass.teacherId} AND (SELECT count(*) FROM teacher) > 1)`
}

/** The same of one teacher. */
export async function nameAmongSeveral(handle: Handle, teacherId: string): Promise<string | null> {
  const { rows } = await handle.execute<{ name: string }>(sql`
    SELECT display_name AS name FROM teacher WHERE id = ${teacherId} AND (SELECT count(*) FROM teacher) > 1`)
  return rows[0]?.name ?? null
}
