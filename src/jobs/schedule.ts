import { type SQL, sql } from 'drizzle-orm'
import type { Deps } from '../deps.ts'
import { hasActivitiesToLookAfter, lookAfterActivitiesJob } from '../features/activity/generate.ts'
import { readAttendanceJob } from '../features/attendance/commands.ts'
import { anyUnreadClass } from '../features/attendance/store.ts'
import { checkConnectionsJob } from '../features/meeting/check.ts'
import { checkLinksJob, hasLinksToCheck } from '../features/meeting/links.ts'
import { hasMeetingsToRevive, reviveMeetingsJob } from '../features/meeting/revive.ts'
import { tendChannelsJob } from '../features/mirror/channels.ts'
import { pollCalendarsJob } from '../features/mirror/sync.ts'
import { hasTimeToTell, remindJob } from '../features/notice/reminders.ts'
import { cleanUpJob } from '../features/operation/clean-up.ts'
import { watchDeadJobsJob } from '../features/operation/dead-jobs.ts'
import { checkPaymentsJob } from '../features/payment/reconcile.ts'
import { hasRefundsToRevive, reviveRefundsJob } from '../features/payment/refund.ts'
import { anyOrderToCheck } from '../features/payment/store.ts'
import { hasDaysToState, makeStatementsJob } from '../features/statement/jobs.ts'
import { completeClassesJob } from '../features/virtual-class/complete.ts'
import { anyEnded } from '../features/virtual-class/store.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts'
import { describeFailure } from '../kernel/failure.ts'
import { HAS_DEAD_JOBS } from './dead-letter.ts'
import type { JobDefinition } from './define.ts'

/** What is asked together, in one transaction. */
type Tx = Parameters<Parameters<Deps['db']['transaction']>[0]>[0]

interface TimedJob {
  job: JobDefinition<Record<string, never>>
  everyMs: number
  /** Whether it would find something to do now. It may say yes when there is nothing, and never no when there is. Without it: always. */
  hasWork?: (deps: Deps) => SQL
}

/** All timed jobs on one screen. Each is queued at most once per interval, however many workers look; not when it would find nothing to do. */
const TIMED: readonly TimedJob[] = [
  { job: checkPaymentsJob, everyMs: 10 * SECOND_MS, hasWork: ({ clock }) => anyOrderToCheck(clock.now()) },
  { job: completeClassesJob, everyMs: 15 * SECOND_MS, hasWork: ({ clock }) => anyEnded(clock.now()) },
  { job: pollCalendarsJob, everyMs: MINUTE_MS },
  { job: tendChannelsJob, everyMs: 10 * MINUTE_MS },
  { job: watchDeadJobsJob, everyMs: MINUTE_MS, hasWork: () => sql.raw(HAS_DEAD_JOBS) },
  { job: lookAfterActivitiesJob, everyMs: 5 * MINUTE_MS, hasWork: hasActivitiesToLookAfter },
  { job: checkLinksJob, everyMs: 5 * MINUTE_MS, hasWork: hasLinksToCheck },
  { job: makeStatementsJob, everyMs: 5 * MINUTE_MS, hasWork: hasDaysToState },
  { job: remindJob, everyMs: 5 * MINUTE_MS, hasWork: hasTimeToTell },
  { job: reviveMeetingsJob, everyMs: MINUTE_MS, hasWork: hasMeetingsToRevive },
  { job: readAttendanceJob, everyMs: 10 * MINUTE_MS, hasWork: ({ clock }) => anyUnreadClass(clock.now()) },
  { job: reviveRefundsJob, everyMs: HOUR_MS, hasWork: hasRefundsToRevive },
  { job: checkConnectionsJob, everyMs: DAY_MS },
  { job: cleanUpJob, everyMs: DAY_MS },
]

/** Their names. */
export const TIMED_JOBS: readonly string[] = TIMED.map(({ job }) => job.name)

/**
 * Queues every timed job whose interval has passed on the clock and that has something to do, in one transaction. The rows in `timed_job` decide
 * between workers. `considered`: the names of those that are looked at, for whoever chooses the order of things himself.
 */
export async function queueTimedJobs(deps: Deps, considered: (name: string) => boolean = () => true): Promise<void> {
  if (deps.db.isDiskLow()) return
  const jobs = TIMED.filter(({ job }) => considered(job.name))
  try {
    await queueDue(deps, jobs)
  } catch (error) {
    if (!(error instanceof UnansweredQuestion)) throw error
    // The question of one job must not stop all the others; and without an answer there may be work.
    deps.log.error({ job: error.job, ...describeFailure(error.cause) }, 'a timed job could not tell whether it has anything to do')
    await queueDue(
      deps,
      jobs.map(({ job, everyMs }) => ({ job, everyMs })),
    )
  }
}

async function queueDue(deps: Deps, jobs: readonly TimedJob[]): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const due = await takeTurns(deps, tx, jobs)
    for (const timed of jobs) {
      const { name } = timed.job
      if (due.has(name) && (await finds(deps, tx, timed))) await deps.jobs.enqueue(timed.job, {}, { key: name })
    }
  })
}

class UnansweredQuestion extends Error {
  readonly job: string
  constructor(job: string, cause: unknown) {
    super(`Whether ${job} has anything to do could not be asked`, { cause })
    this.job = job
  }
}

/** Names of those whose interval has passed; for everybody else it begins now. */
async function takeTurns(deps: Deps, tx: Tx, jobs: readonly TimedJob[]): Promise<ReadonlySet<string>> {
  const every = JSON.stringify(Object.fromEntries(jobs.map(({ job, everyMs }) => [job.name, everyMs])))
  // A clock that was moved back must not stop the jobs until it has caught up.
  const { rows } = await tx.execute<{ name: string }>(sql`
    INSERT INTO timed_job (name, last_queued_at) SELECT name, ${deps.clock.now()}::timestamptz FROM json_object_keys(${every}::json) AS name ORDER BY name
    ON CONFLICT (name) DO UPDATE SET last_queued_at = excluded.last_queued_at
    WHERE timed_job.last_queued_at <= excluded.last_queued_at - (${every}::json ->> timed_job.name)::bigint * interval '1 millisecond'
      OR timed_job.last_queued_at > excluded.last_queued_at + interval '1 minute'
    RETURNING name`)
  return new Set(rows.map(({ name }) => name))
}

/** Asking costs much less than a job, and most of the time there is nothing. One small question each: what is not due is not looked up. */
async function finds(deps: Deps, tx: Tx, { job, hasWork }: TimedJob): Promise<boolean> {
  if (!hasWork) return true
  try {
    const { rows } = await tx.execute<{ found: boolean }>(sql`SELECT ${hasWork(deps)} AS found`)
    return rows[0]?.found === true
  } catch (error) {
    throw new UnansweredQuestion(job.name, error)
  }
}
