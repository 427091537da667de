import type { EmbeddedPool } from '../../../src/db/open.ts'
import { photograph } from './snapshot.ts'

/** Keeps the one database as it is at a moment, with everything that both ends of its connection know then. */
export function keeper({ pool, pglite, planned }: EmbeddedPool): { keep(): Promise<void>; rewind(): void } {
  let kept: { restore(): void; planned: typeof planned } | null = null
  /** Every statement that was ever planned, also those that a rewind made the database forget. */
  const seen: typeof planned = new Map()
  const look = () => {
    for (const [text, statement] of planned) seen.set(text, statement)
  }

  return {
    async keep() {
      look()
      await settings(pool)
      await planAgain()
      await planAll(pool)
      kept = { restore: photograph(pglite), planned: new Map(planned) }
    },
    rewind() {
      if (!kept) throw new Error('Nothing was kept')
      look()
      kept.restore()
      planned.clear()
      for (const [text, statement] of kept.planned) planned.set(text, statement)
    },
  }

  async function planAgain(): Promise<void> {
    for (const [text, { name, fields }] of seen) {
      if (planned.has(text)) continue
      await pool.query(`PREPARE again_${name} AS ${text}`)
      planned.set(text, { name: `again_${name}`, fields })
    }
  }
}

async function settings(pool: EmbeddedPool['pool']): Promise<void> {
  // Planned once for all values, which is faster, and no plan depends on what was asked before.
  await pool.query('SET plan_cache_mode = force_generic_plan')
  // Nothing here has to outlive the process.
  await pool.query('SET synchronous_commit = off')
  // Nobody reads what the database would count and say of its own work.
  await pool.query('SET track_activities = off')
  await pool.query('SET track_counts = off')
  await pool.query('SET jit = off')
}

/** Emptied tables make the database forget how it meant to answer: it thinks once more, for all histories. */
async function planAll(pool: EmbeddedPool['pool']): Promise<void> {
  const { rows } = await pool.query<{ name: string; parameters: number }>(
    'SELECT name, cardinality(parameter_types) AS parameters FROM pg_prepared_statements',
  )
  for (const { name, parameters } of rows)
    await pool.query(`EXPLAIN EXECUTE ${name}${parameters > 0 ? `(${Array(parameters).fill('NULL').join(', ')})` : ''}`)
}
