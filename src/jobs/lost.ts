import type { Database } from '../db/client.ts'
import { FAILURES_UNTIL_ALARM } from '../kernel/backoff.ts'
import { DEAD_ID, DEAD_LETTER, IS_DEAD, SCHEMA } from './dead-letter.ts'

/** A job that is lost so often in a row may be what ends the process. */
export const LOSSES_MAX = FAILURES_UNTIL_ALARM

const WHY = {
  'process-ended': 'The process ended while this job was at work',
  overdue: 'This job did not end within its time: its process died, or it hangs',
} as const

/** How it is known that a run is lost: its process has ended, whichever it was; or its time is over. */
export type Loss = keyof typeof WHY

export interface LostJob {
  id: string
  name: string
  /** In a row, this one included. */
  losses: number
  isGivenUp: boolean
  message: string
}

/**
 * Takes up the jobs that were at work and whose run nobody finished. A loss is no try of the job, because most of those that are lost have only stood
 * beside what ended the process. It has a count of its own: the first time the job is due again at once, then after the pauses of one that throws, at
 * chance, so that it does not meet the same neighbours again; the last time it is left `active`, prepared for whoever fails it to go to the dead-letter
 * list. A run that ends by itself, well or not, begins the count anew. A job of that name and key that was given up before leaves the next one a single life.
 */
export async function takeUpLost(database: Database, now: Date, loss: Loss): Promise<LostJob[]> {
  const { rows } = await database.execute(
    `WITH given_up AS (SELECT ${DEAD_ID} AS id FROM ${SCHEMA}.job WHERE ${IS_DEAD} AND jsonb_exists(source_output, 'losses')),
     lost AS (
       SELECT id, name, 1 + CASE
           WHEN name || ':' || coalesce(singleton_key, '') IN (SELECT id FROM given_up) THEN $2::int - 1
           ELSE coalesce((output ->> 'losses')::int, 0) END AS losses
       FROM ${SCHEMA}.job AS at_work
       WHERE state = 'active' AND ($3::boolean OR started_on + expire_seconds * interval '1s' < $1::timestamptz)
       FOR UPDATE OF at_work SKIP LOCKED)
     UPDATE ${SCHEMA}.job AS job SET
       output = jsonb_build_object('message', $4::text, 'losses', lost.losses),
       state = CASE WHEN lost.losses < $2 THEN 'retry' ELSE job.state END,
       started_on = CASE WHEN lost.losses < $2 THEN NULL ELSE job.started_on END,
       start_after = CASE WHEN lost.losses = 1 THEN $1
         ELSE $1 + LEAST(retry_delay_max, retry_delay * 2 ^ (lost.losses - 2) * (1 + random())) * interval '1s' END,
       retry_limit = CASE WHEN lost.losses < $2 THEN retry_limit ELSE retry_count END,
       dead_letter = CASE WHEN lost.losses < $2 THEN dead_letter ELSE '${DEAD_LETTER}' END
     FROM lost WHERE job.id = lost.id AND job.name = lost.name
     RETURNING job.id, job.name, lost.losses`,
    [now, LOSSES_MAX, loss === 'process-ended', WHY[loss]],
  )
  return rows.map(({ id, name, losses }) => ({
    id: String(id),
    name: String(name),
    losses: Number(losses),
    isGivenUp: Number(losses) >= LOSSES_MAX,
    message: WHY[loss],
  }))
}
