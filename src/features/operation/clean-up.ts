import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Handle } from '../../db/client.ts'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'

/** No limit counts over more than a day: what began before two days counts nowhere any more. */
const LONGEST_WINDOW_MS = 2 * DAY_MS

/** Rows that one statement deletes at most: none holds locks for long. */
export const ROWS_AT_ONCE = 5_000
/** What is left after so many statements waits for tomorrow. */
const STATEMENTS_MAX = 400

/** Timed, daily: forgets what is no longer needed (behaviour 7). */
export const cleanUpJob = defineJob({
  name: 'operation.clean-up',
  payload: z.object({}),
  run: async ({ db: { handle }, clock }) => {
    const now = clock.now()
    await forget(handle, sql`webhook_inbox`, sql`received_at < ${plus(now, -90 * DAY_MS)}`)
    await forget(handle, sql`idempotency_key`, sql`created_at < ${plus(now, -DAY_MS)}`)
    await forget(handle, sql`rate_limit`, sql`window_start < ${plus(now, -LONGEST_WINDOW_MS)}`)
    await forget(handle, sql`sign_in_attempt`, sql`expires_at < ${now}`)
    await forget(handle, sql`vacated_interval`, sql`ends_at < ${plus(now, -DAY_MS)}`)
    await forget(
      handle,
      sql`left_event`,
      sql`EXISTS (SELECT FROM virtual_class AS c WHERE c.id = left_event.class_id AND c.ends_at < ${plus(now, -2 * DAY_MS)})`,
    )
    await forget(handle, sql`google_usage`, sql`hour < ${plus(now, -8 * DAY_MS)}`)
    await forget(handle, sql`google_turn`, sql`NOT EXISTS (SELECT FROM google_connection WHERE id = grant_id)`)
    await forget(handle, sql`session`, sql`expires_at < ${now}`)
  },
})

async function forget(handle: Handle, table: SQL, isOver: SQL): Promise<void> {
  for (let statement = 0; statement < STATEMENTS_MAX; statement++) {
    const { rows } = await handle.execute<{ gone: number }>(sql`
      WITH gone AS (
        DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${isOver} LIMIT ${ROWS_AT_ONCE})) RETURNING 1
      ) SELECT count(*)::int AS gone FROM gone`)
    if ((rows[0]?.gone ?? 0) < ROWS_AT_ONCE) return
  }
}
