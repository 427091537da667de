import { type SQLWrapper, sql } from 'drizzle-orm'
import type { Handle } from './client.ts'

/** How many rows a read finds that says itself where it ends (`limit`). */
export async function countRows(handle: Handle, read: SQLWrapper): Promise<number> {
  const { rows } = await handle.execute<{ rows: number }>(sql`SELECT count(*)::int AS rows FROM (${read}) AS counted`)
  return rows[0]?.rows ?? 0
}
