import type { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'
import { photograph } from './snapshot.ts'

/** What node-postgres remembers of the statements that its connection has prepared, by name. */
interface Prepared {
  parsedStatements: Record<string, string>
  submittedNamedStatements: Record<string, string>
}

/** Keeps the one database as it is at a moment, with everything that both ends of its connection know then. */
export function keeper(pool: pg.Pool, pglite: PGlite): { keep(): Promise<void>; rewind(): Promise<void> } {
  let kept: { restore(): void; statements: Record<string, string> } | null = null

  async function connection(): Promise<Prepared> {
    const client = await pool.connect()
    client.release()
    return (client as unknown as { connection: Prepared }).connection
  }

  return {
    async keep() {
      await planAll(pool)
      const { parsedStatements } = await connection()
      kept = { restore: photograph(pglite), statements: { ...parsedStatements } }
    },
    async rewind() {
      if (!kept) throw new Error('Nothing was kept')
      const ours = await connection()
      kept.restore()
      ours.parsedStatements = { ...kept.statements }
      ours.submittedNamedStatements = {}
    },
  }
}

/** Emptied tables make the database forget how it meant to answer: it thinks once more, for all histories. */
async function planAll(pool: pg.Pool): Promise<void> {
  // Planned once for all values, which is faster, and no plan depends on what was asked before.
  await pool.query('SET plan_cache_mode = force_generic_plan')
  const { rows } = await pool.query<{ name: string; parameters: number }>(
    'SELECT name, cardinality(parameter_types) AS parameters FROM pg_prepared_statements',
  )
  for (const { name, parameters } of rows)
    await pool.query(`EXPLAIN EXECUTE ${name}${parameters > 0 ? `(${Array(parameters).fill('NULL').join(', ')})` : ''}`)
}
