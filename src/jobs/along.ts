import { type SQL, sql } from 'drizzle-orm'
import type { Database } from '../db/client.ts'

/** Puts our time into a statement of pg-boss. */
type OnClock = (text: string, values: unknown[]) => [text: string, values: unknown[]]

/** As much of a database as pg-boss wants for one statement. */
export interface Along {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: { id: string }[] }>
  /** What the row that was written said of the job that may wait already. */
  rests: boolean
}

/**
 * Makes one statement of `insert` and of the one with which pg-boss writes a job, so that both rows exist or neither does, in one trip to the
 * database instead of the four of a transaction.
 */
export function writeAlong(database: Database, insert: SQL, onClock: OnClock): Along {
  const along: Along = {
    rests: false,
    async executeSql(text, values = []) {
      const { rows } = await database.handle.execute<{ rests: boolean; id: string | null }>(
        sql`WITH written AS (${insert}), queued AS (${asPart(...onClock(text, values))}) SELECT rests, id FROM written LEFT JOIN queued ON true`,
      )
      along.rests = rows[0]?.rests === true
      // Without an id one of that key waits already.
      return { rows: rows.flatMap(({ id }) => (id === null ? [] : [{ id }])) }
    },
  }
  return along
}

/** A finished statement as a part of another, in which all values are numbered anew. */
function asPart(text: string, values: readonly unknown[]): SQL {
  return sql.join(text.split(/\$(\d+)/).map((piece, index) => (index % 2 === 0 ? sql.raw(piece) : sql`${values[Number(piece) - 1]}`)))
}
