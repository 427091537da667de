import { sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { lookAfterActivitiesJob } from '../features/activity/generate.ts'
import { refreshBusyJob } from '../features/meeting/busy.ts'
import { checkConnectionsJob } from '../features/meeting/check.ts'
import { reviveMeetingsJob } from '../features/meeting/revive.ts'
import { remindJob } from '../features/notice/reminders.ts'
import { cleanUpJob } from '../features/operation/clean-up.ts'
import { watchDeadJobsJob } from '../features/operation/dead-jobs.ts'
import { checkPaymentsJob } from '../features/payment/reconcile.ts'
import { reviveRefundsJob } from '../features/payment/refund.ts'
import { makeStatementsJob } from '../features/statement/jobs.ts'
import { completeClassesJob } from '../features/virtual-class/complete.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../kernel/clock.ts'
import type { JobDefinition } from './define.ts'

/** All timed jobs on one screen. Each is queued once per interval, however many workers look. */
const TIMED: readonly { job: JobDefinition<Record<string, never>>; everyMs: number }[] = [
  { job: checkPaymentsJob, everyMs: 10 * SECOND_MS },
  { job: completeClassesJob, everyMs: 15 * SECOND_MS },
  { job: refreshBusyJob, everyMs: MINUTE_MS },
  { job: watchDeadJobsJob, everyMs: MINUTE_MS },
  { job: lookAfterActivitiesJob, everyMs: 5 * MINUTE_MS },
  { job: makeStatementsJob, everyMs: 5 * MINUTE_MS },
  { job: remindJob, everyMs: 5 * MINUTE_MS },
  { job: reviveMeetingsJob, everyMs: MINUTE_MS },
  { job: reviveRefundsJob, everyMs: HOUR_MS },
  { job: checkConnectionsJob, everyMs: DAY_MS },
  { job: cleanUpJob, everyMs: DAY_MS },
]

/** Queues every timed job whose interval has passed on the clock. The row in `timed_job` decides between workers. */
export async function queueTimedJobs(deps: Deps): Promise<void> {
  if (deps.db.isDiskLow()) return
  for (const { job, everyMs } of TIMED) {
    const now = deps.clock.now()
    await deps.db.transaction(async (tx) => {
      // A clock that was moved back must not stop the jobs until it has caught up.
      const { rows } = await tx.execute(sql`
        INSERT INTO timed_job (name, last_queued_at) VALUES (${job.name}, ${now})
        ON CONFLICT (name) DO UPDATE SET last_queued_at = excluded.last_queued_at
        WHERE timed_job.last_queued_at <= ${plus(now, -everyMs)} OR timed_job.last_queued_at > ${plus(now, MINUTE_MS)}
        RETURNING name`)
      if (rows.length > 0) await deps.jobs.enqueue(job, {}, { key: job.name })
    })
  }
}
