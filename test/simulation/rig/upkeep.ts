import type pg from 'pg'
import { PgBoss } from 'pg-boss'
import type { VirtualClock } from './clock.ts'

const SCHEMA = 'pgboss'

/** pg-boss's upkeep on its own, at the virtual time: the workers' timers would do it once a minute. */
export function openUpkeep(pool: pg.Pool, clock: VirtualClock): () => Promise<void> {
  const boss = new PgBoss({
    db: {
      async executeSql(text: string, values?: unknown[]) {
        const onClock = text.replaceAll(`${SCHEMA}.job_now()`, `timestamptz '${clock.now().toISOString()}'`)
        const result: pg.QueryResult | pg.QueryResult[] = await pool.query(onClock, values)
        return { rows: Array.isArray(result) ? result.flatMap(({ rows }) => rows) : result.rows }
      },
    },
    schema: SCHEMA,
    backend: 'pglite',
    supervise: false,
    schedule: false,
    reindex: false,
    monitorVacuum: false,
  })
  return async () => {
    // Once a minute at most, says the queue's row; time may stand earlier than in the history before.
    await pool.query(`UPDATE ${SCHEMA}.queue SET monitor_on = NULL, monitor_claim_on = NULL, maintain_on = NULL`)
    await boss.supervise()
  }
}
