import { sql } from 'drizzle-orm'
import type { Deps } from '../../deps.ts'
import type { CallTurns } from './provider.ts'

/**
 * Spreads the calls of each grant over all processes, so that no second ever holds more than `perSecond` of them and at most `waitingMax` wait. By
 * the database's clock, not ours: these are real seconds, and machines agree on no other.
 */
export function createSharedTurns({ db }: Pick<Deps, 'db'>, perSecond: number, waitingMax: number): CallTurns {
  // As many as still decide about the next one.
  const kept = Math.max(perSecond, waitingMax)
  // Nobody waits longer. What is planned beyond that was planned before the clock was set back, and counts no more.
  const next = sql`turn.planned[cardinality(turn.planned) + 1 - ${perSecond}::int] + interval '1 second'`
  const ahead = sql`clock_timestamp() + ${Math.ceil(waitingMax / perSecond) + 1}::int * interval '1 second'`
  return {
    async take(grantId) {
      const { rows } = await db.handle.execute<{ wait_ms: string }>(sql`
        INSERT INTO google_turn AS turn (grant_id, planned) VALUES (${grantId}::uuid, ARRAY[clock_timestamp()])
        ON CONFLICT (grant_id) DO UPDATE SET planned = (turn.planned || greatest(
            clock_timestamp(), CASE WHEN ${next} > ${ahead} THEN ${ahead} ELSE ${next} END
          ))[greatest(1, cardinality(turn.planned) + 2 - ${kept}::int):]
          WHERE (turn.planned[cardinality(turn.planned) + 1 - ${waitingMax}::int] BETWEEN clock_timestamp() AND ${ahead}) IS NOT TRUE
        RETURNING extract(epoch FROM planned[cardinality(planned)] - clock_timestamp()) * 1000 AS wait_ms`)
      return rows[0] ? Math.max(0, Math.ceil(Number(rows[0].wait_ms))) : null
    },
  }
}
