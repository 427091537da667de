import { sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { lookAfterActivitiesJob } from '../features/activity/generate.ts'
import { readAttendanceJob } from '../features/attendance/commands.ts'
import { checkConnectionsJob } from '../features/meeting/check.ts'
import { checkLinksJob } from '../features/meeting/links.ts'
import { reviveMeetingsJob } from '../features/meeting/revive.ts'
import { tendChannelsJob } from '../features/mirror/channels.ts'
import { pollCalendarsJob } from '../features/mirror/sync.ts'
import { remindJob } from '../features/notice/reminders.ts'
import { cleanUpJob } from '../features/operation/clean-up.ts'
import { watchDeadJobsJob } from '../features/operation/dead-jobs.ts'
import { checkPaymentsJob } from '../features/payment/reconcile.ts'
import { reviveRefundsJob } from '../features/payment/refund.ts'
import { makeStatementsJob } from '../features/statement/jobs.ts'
import { completeClassesJob } from '../features/virtual-class/complete.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import type { JobDefinition } from './define.ts'

/** All timed jobs on one screen. Each is queued once per interval, however many workers look. */
const TIMED: readonly { job: JobDefinition<Record<string, never>>; everyMs: number }[] = [
  { job: checkPaymentsJob, everyMs: 10 * SECOND_MS },
  { job: completeClassesJob, everyMs: 15 * SECOND_MS },
  { job: pollCalendarsJob, everyMs: MINUTE_MS },
  { job: tendChannelsJob, everyMs: 10 * MINUTE_MS },
  { job: watchDeadJobsJob, everyMs: MINUTE_MS },
  { job: lookAfterActivitiesJob, everyMs: 5 * MINUTE_MS },
  { job: checkLinksJob, everyMs: 5 * MINUTE_MS },
  { job: makeStatementsJob, everyMs: 5 * MINUTE_MS },
  { job: remindJob, everyMs: 5 * MINUTE_MS },
  { job: reviveMeetingsJob, everyMs: MINUTE_MS },
  { job: readAttendanceJob, everyMs: 10 * MINUTE_MS },
  { job: reviveRefundsJob, everyMs: HOUR_MS },
  { job: checkConnectionsJob, everyMs: DAY_MS },
  { job: cleanUpJob, everyMs: DAY_MS },
]

/** Their names. */
export const TIMED_JOBS: readonly string[] = TIMED.map(({ job }) => job.name)

/**
 * Queues every timed job whose interval has passed on the clock, in one transaction. The rows in `timed_job` decide between workers.
 * `considered`: the names of those that are looked at, for whoever chooses the order of things himself.
 */
export async function queueTimedJobs(deps: Deps, considered: (name: string) => boolean = () => true): Promise<void> {
  if (deps.db.isDiskLow()) return
  const jobs = TIMED.filter(({ job }) => considered(job.name))
  const every = JSON.stringify(Object.fromEntries(jobs.map(({ job, everyMs }) => [job.name, everyMs])))
  await deps.db.transaction(async (tx) => {
    // A clock that was moved back must not stop the jobs until it has caught up.
    const { rows } = await tx.execute<{ name: string }>(sql`
      INSERT INTO timed_job (name, last_queued_at) SELECT name, ${deps.clock.now()}::timestamptz FROM json_object_keys(${every}::json) AS name ORDER BY name
      ON CONFLICT (name) DO UPDATE SET last_queued_at = excluded.last_queued_at
      WHERE timed_job.last_queued_at <= excluded.last_queued_at - (${every}::json ->> timed_job.name)::bigint * interval '1 millisecond'
        OR timed_job.last_queued_at > excluded.last_queued_at + interval '1 minute'
      RETURNING name`)
    const due = new Set(rows.map(({ name }) => name))
    for (const { job } of jobs) if (due.has(job.name)) await deps.jobs.enqueue(job, {}, { key: job.name })
  })
}
