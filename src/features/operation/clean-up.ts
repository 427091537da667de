import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'

/** No limit counts over more than a day: what began before two days counts nowhere any more. */
const LONGEST_WINDOW_MS = 2 * DAY_MS

/** Timed, daily: forgets what is no longer needed (behaviour 7). */
export const cleanUpJob = defineJob({
  name: 'operation.clean-up',
  payload: z.object({}),
  run: async ({ db, clock }) => {
    const now = clock.now()
    await db.handle.execute(sql`DELETE FROM webhook_inbox WHERE received_at < ${plus(now, -90 * DAY_MS)}`)
    await db.handle.execute(sql`DELETE FROM idempotency_key WHERE created_at < ${plus(now, -DAY_MS)}`)
    await db.handle.execute(sql`DELETE FROM rate_limit WHERE window_start < ${plus(now, -LONGEST_WINDOW_MS)}`)
    await db.handle.execute(sql`DELETE FROM sign_in_attempt WHERE expires_at < ${now}`)
    await db.handle.execute(sql`DELETE FROM vacated_interval WHERE ends_at < ${plus(now, -DAY_MS)}`)
    await db.handle.execute(
      sql`DELETE FROM left_event USING virtual_class AS c WHERE c.id = left_event.class_id AND c.ends_at < ${plus(now, -2 * DAY_MS)}`,
    )
    await db.handle.execute(sql`DELETE FROM google_usage WHERE hour < ${plus(now, -8 * DAY_MS)}`)
    await db.handle.execute(sql`DELETE FROM google_turn WHERE NOT EXISTS (SELECT FROM google_connection WHERE id = grant_id)`)
    await db.handle.execute(sql`DELETE FROM session WHERE expires_at < ${now}`)
  },
})
