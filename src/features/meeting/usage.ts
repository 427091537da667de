import { and, eq, gt, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { googleUsage } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, HOUR_MS, plus } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'

/** How a call to Google ended. `limited`: turned away because of a quota. */
export type CallEnd = 'done' | 'limited' | 'failed'

/** Counts calls by grant's teacher and hour. A count that cannot be written is missed by nobody. */
export function createUsageCounter({ db, clock, log }: Pick<Deps, 'db' | 'clock' | 'log'>) {
  return async (grantId: string, end: CallEnd): Promise<void> => {
    const hour = new Date(Math.floor(clock.now().getTime() / HOUR_MS) * HOUR_MS)
    try {
      await db.handle.execute(sql`
        INSERT INTO google_usage (teacher_id, hour, calls, limited, failed)
        SELECT teacher_id, ${hour}::timestamptz, 1, ${end === 'limited' ? 1 : 0}::int, ${end === 'failed' ? 1 : 0}::int
        FROM google_connection WHERE id = ${grantId}::uuid
        ON CONFLICT (teacher_id, hour) DO UPDATE SET calls = google_usage.calls + 1,
          limited = google_usage.limited + excluded.limited, failed = google_usage.failed + excluded.failed`)
    } catch (error) {
      log.warn(describeFailure(error), 'a call to Google could not be counted')
    }
  }
}

export interface Usage {
  lastHour: number
  lastDay: number
  limitedLastDay: number
  failedLastDay: number
}

/** What was asked of Google for a teacher lately. */
export async function usageOf(handle: Handle, teacherId: string, now: Date): Promise<Usage> {
  const since = plus(now, -DAY_MS)
  const total = (column: typeof googleUsage.calls | typeof googleUsage.limited | typeof googleUsage.failed) =>
    sql<number>`coalesce(sum(${column}), 0)::int`
  const [row] = await handle
    .select({
      lastHour: sql<number>`coalesce(sum(${googleUsage.calls}) FILTER (WHERE ${googleUsage.hour} > ${plus(now, -HOUR_MS)}::timestamptz), 0)::int`,
      lastDay: total(googleUsage.calls),
      limitedLastDay: total(googleUsage.limited),
      failedLastDay: total(googleUsage.failed),
    })
    .from(googleUsage)
    .where(and(eq(googleUsage.teacherId, teacherId), gt(googleUsage.hour, since)))
  return row ?? { lastHour: 0, lastDay: 0, limitedLastDay: 0, failedLastDay: 0 }
}
