import type { SQL } from 'drizzle-orm'
import { PgBoss } from 'pg-boss'
import type { Database } from '../db/client.ts'
import type { Deps } from '../deps.ts'
import type { Clock } from '../kernel/clock.ts'
import { systemClock } from '../kernel/clock.ts'
import { describeFailure } from '../kernel/failure.ts'
import type { Log } from '../kernel/log.ts'
import { patiently } from '../kernel/patience.ts'
import { writeAlong } from './along.ts'
import { DEAD_ID, DEAD_LETTER, IS_DEAD, SCHEMA } from './dead-letter.ts'
import type { JobDefinition } from './define.ts'
import { type Loss, takeUpLost } from './lost.ts'
import { createWorker, type Worker } from './worker.ts'

export interface EnqueueOptions {
  /** At most one job with this key waits at a time; a second request while one waits is the same request, at the earlier of both times. */
  key: string
  /** Not before this instant. */
  startAfter?: Date
  /** A job that waits is brought forward to no sooner than this long after it was queued: however often one asks, it does not run more often. */
  restMs?: number
  /** A job that waits takes this payload: it begins anew, without the failures that it had counted. */
  replaces?: boolean
  /**
   * A row that is written in one statement with the job, for whoever would open a transaction for these two alone: both exist then, or neither. An
   * INSERT that returns as `rests` whether `restMs` counts.
   */
  along?: SQL
}

/** A job that failed for good. Several under one name and key count as one. */
export interface DeadJob {
  /** Name and key: "payment.refund:<refund id>". */
  id: string
  error: string
}

export interface JobQueue {
  /** Inside a transaction the job exists exactly when the transaction commits. */
  enqueue<Payload extends object>(job: JobDefinition<Payload>, payload: Payload, options: EnqueueOptions): Promise<void>
  /** How the job with this key stands: `waiting` (or at work), `died` when the last one failed for good, `none` when there is nothing left to do. */
  stateOf<Payload extends object>(job: JobDefinition<Payload>, key: string): Promise<JobState>
  /** Jobs that failed for good and were neither revived nor dismissed. */
  deadJobs(limit: number): Promise<DeadJob[]>
  /** Runs a dead job again, with the payload it last had. False when there is none of that id. */
  reviveDead(id: string): Promise<boolean>
  /** Forgets a dead job: a person has dealt with what it was about. */
  dismissDead(id: string): Promise<void>
}

export type JobState = 'waiting' | 'died' | 'none'

export interface JobRunner extends JobQueue {
  /** Creates the queues' tables and the queues. */
  prepare(): Promise<void>
  /** Runs jobs as they come due until `stop`. */
  start(deps: Deps): void
  /** Looks for due jobs now, for example because the clock was moved. */
  wake(): void
  /** Looks for jobs whose run is lost, and throws old rows away. Whoever was started does so by himself. */
  supervise(): Promise<void>
  /** Runs every job that is due, including those they enqueue, and returns how many ran. For tests: no timers involved. */
  drain(deps: Deps, limit?: number): Promise<number>
  /** Takes no more jobs and waits for running ones (bounded). Jobs can still be queued, for whoever works next. */
  finish(): Promise<void>
  /** The same, and stops for good. */
  stop(): Promise<void>
  /** Jobs that failed for good. */
  countDead(): Promise<number>
}

const QUEUE_NOW = `${SCHEMA}.job_now()`
/** The statement with which pg-boss fails the jobs whose time is over. */
const IS_EXPIRY = /failJobsByTimeout/
/** Statements that take values. */
const IS_ONE = /^\s*(select|insert|update|delete|with)\b/i
/** On which a process that only queues tells the workers that there is something. */
const CHANNEL = 'jobs'
/** A burst is told once. */
const TOLD_TOGETHER_MS = 5
/** How often runs are looked for whose process died, and old rows are thrown away; the first time at once. */
const SUPERVISE_EVERY_MS = 15_000
const BATCH = 8
/** Jobs at work have this long once the product is told to stop; those that need more are run again elsewhere. */
export const JOBS_FINISH_MS = 20_000
/** A run that throws is repeated after 8 to 16 seconds, then after twice that, up to a quarter of an hour. */
const RETRIES = { retryBackoff: true, retryDelay: 8, retryDelayMax: 900 }
const ENQUEUE_TRIES_MAX = 10
/** Any fixed number: whoever installs the queue's tables holds this advisory lock. */
const INSTALL_LOCK = 7_204_912
const DEAD_KEPT_SECONDS = 90 * 86_400

/**
 * Durable jobs on pg-boss, over the application's own database so that enqueuing joins the open transaction.
 * pg-boss keeps the rows, retries and dead letters; this module decides when to look for due jobs, because one loop that asks
 * for all queues at once is both faster to wake and cheaper when idle than one polling worker per queue, and tests drive it by hand.
 */
export function createJobs(
  database: Database,
  clock: Clock,
  log: Log,
  definitions: readonly JobDefinition[],
  backend: 'postgres' | 'pglite',
  options: { tellWorkers?: boolean } = {},
): JobRunner {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const boss = new PgBoss({
    db: { executeSql: (text, values) => (IS_EXPIRY.test(text) ? settleLost('overdue') : database.execute(...onClock(text, values))) },
    schema: SCHEMA,
    backend,
    schedule: false,
    // Done in the loop below: a timer that begins anew with every start finds nothing in a process that keeps dying.
    supervise: false,
    monitorIntervalSeconds: SUPERVISE_EVERY_MS / 1_000,
    reindex: false,
    monitorVacuum: false,
    clock: { ...timers, now: () => clock.now().getTime() },
  })
  boss.on('error', (error) => log.error(describeFailure(error), 'job queue failed'))

  /**
   * pg-boss reads database time through one function; with a clock that can be moved its answer is replaced by ours: as a value, where a statement takes
   * values, so that it is planned once.
   */
  function onClock(text: string, values: unknown[] = []): [text: string, values: unknown[]] {
    if (clock === systemClock || !text.includes(QUEUE_NOW) || /\bFUNCTION\b/i.test(text)) return [text, values]
    const now = clock.now().toISOString()
    if (!IS_ONE.test(text) || text.includes(';')) return [text.replaceAll(QUEUE_NOW, `timestamptz '${now}'`), values]
    return [text.replaceAll(QUEUE_NOW, `$${values.length + 1}::timestamptz`), [...values, now]]
  }

  /**
   * Makes a waiting job serve this request: brings it forward from a long pause when this one is due sooner (after its rest), and locks it until
   * the open transaction ends, so that no worker runs it before what it has to see is committed. False when none waits any more.
   */
  async function joinWaiting(
    name: string,
    payload: object,
    dueAt: Date,
    { key, restMs = 0, replaces = false }: EnqueueOptions,
  ): Promise<boolean> {
    const { rows } = await database.execute(
      `UPDATE ${SCHEMA}.job SET start_after = LEAST(start_after, GREATEST($3, created_on + $4::int * interval '1 millisecond')),
         data = coalesce($5::jsonb, data)
       WHERE name = $1 AND singleton_key = $2 AND state = 'created' RETURNING id`,
      [name, key, dueAt, restMs, replaces ? JSON.stringify(payload) : null],
    )
    return rows.length > 0
  }

  async function dueQueues(): Promise<string[]> {
    if (database.isDiskLow()) return []
    const { rows } = await database.execute(
      `SELECT DISTINCT name FROM ${SCHEMA}.job WHERE state < 'active' AND start_after <= $1 AND name <> '${DEAD_LETTER}'`,
      [clock.now()],
    )
    return rows.map((row) => String(row.name)).filter((name) => byName.has(name))
  }

  async function takeDead(id: string): Promise<{ name: string; key: string; data: unknown } | null> {
    const { rows } = await database.execute(
      `WITH taken AS (DELETE FROM ${SCHEMA}.job WHERE ${IS_DEAD} AND ${DEAD_ID} = $1 RETURNING source_name, singleton_key, data, created_on)
       SELECT * FROM taken ORDER BY created_on DESC LIMIT 1`,
      [id],
    )
    const [row] = rows
    return row ? { name: String(row.source_name), key: String(row.singleton_key ?? row.source_name), data: row.data } : null
  }

  async function perform(deps: Deps, name: string, job: { id: string; data: unknown; retryCount?: number }): Promise<void> {
    const definition = byName.get(name)
    if (!definition) return
    try {
      await definition.run(deps, definition.payload.parse(job.data))
      await boss.complete(name, job.id)
    } catch (error) {
      const failure = describeFailure(error)
      log.error({ job: name, jobId: job.id, ...failure }, 'job failed')
      await boss.fail(name, job.id, { message: failure.error })
    }
  }

  let supervisedAt = Number.NEGATIVE_INFINITY

  async function superviseWhenDue(): Promise<void> {
    const now = clock.now().getTime()
    if (database.isDiskLow() || Math.abs(now - supervisedAt) < SUPERVISE_EVERY_MS) return
    supervisedAt = now
    await boss.supervise()
  }

  let worker: Worker | null = null
  let stopListening: (() => Promise<void>) | null = null
  let telling = false
  const wake = () => {
    if (worker) worker.wake()
    else if (options.tellWorkers) tell()
  }

  /** Whoever works elsewhere looks at once instead of within a second. After the commit, so that no transaction waits in the server's queue for it. */
  function tell(): void {
    if (telling) return
    telling = true
    setTimeout(() => {
      telling = false
      database.execute('SELECT pg_notify($1, $2)', [CHANNEL, '']).catch(() => {})
    }, TOLD_TOGETHER_MS).unref()
  }

  /** pg-boss's queues as they are in the code: a limit that was changed there counts for the next job. */
  async function prepareQueues(): Promise<void> {
    const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
    if (!existing.has(DEAD_LETTER)) await boss.createQueue(DEAD_LETTER, { retentionSeconds: DEAD_KEPT_SECONDS })
    for (const { name, retriesMax, timeoutSeconds } of definitions) {
      const limits = { ...RETRIES, retryLimit: retriesMax, expireInSeconds: timeoutSeconds }
      const known = existing.get(name)
      // One that is never repeated is made up for by the next of its kind: nothing for a person to look at.
      const deadLetter = retriesMax > 0 ? { deadLetter: DEAD_LETTER } : {}
      if (!known) await boss.createQueue(name, { policy: 'short', ...deadLetter, ...limits })
      else if (known.retryLimit !== retriesMax || known.expireInSeconds !== timeoutSeconds) await boss.updateQueue(name, limits)
    }
  }

  /**
   * What became of nobody's runs. In place of pg-boss's own statement, which counts a loss as a try of the job, and just when pg-boss would send it: one
   * process of all, every 15 seconds.
   */
  async function settleLost(loss: Loss): Promise<{ rows: [] }> {
    for (const { id, name, losses, isGivenUp, message } of await takeUpLost(database, clock.now(), loss)) {
      log[isGivenUp ? 'error' : 'warn']({ job: name, jobId: id, losses, error: message }, isGivenUp ? 'job given up' : 'job lost')
      if (isGivenUp) await boss.fail(name, id, { message: `${message}, ${losses} times in a row`, losses })
    }
    return { rows: [] }
  }

  async function enqueue<Payload extends object>(job: JobDefinition<Payload>, payload: Payload, options: EnqueueOptions): Promise<void> {
    const { key, startAfter } = options
    const along = options.along && writeAlong(database, options.along, onClock)
    for (let tries = 0; tries < ENQUEUE_TRIES_MAX; tries++) {
      const first = along && tries === 0 ? { db: along } : {}
      const isQueued = await boss.send(job.name, payload, { singletonKey: key, ...(startAfter ? { startAfter } : {}), ...first })
      // One waits already. It counts as this one, too, unless a worker took it a moment ago: that one may have looked before our commit.
      const waiting = along && !along.rests ? { ...options, restMs: 0 } : options
      if (isQueued || (await joinWaiting(job.name, payload, startAfter ?? clock.now(), waiting))) return database.afterCommit(wake)
    }
    // What it belongs to must not be committed without it.
    throw new Error(`No job ${job.name} could be queued: each that waited was taken before it could be joined`)
  }

  async function finish(): Promise<void> {
    await stopListening?.()
    await worker?.stop(JOBS_FINISH_MS)
    stopListening = null
    worker = null
  }

  return {
    async prepare() {
      // pg-boss's own guard does not hold for several processes on an empty database.
      await database.withAdvisoryLock(INSTALL_LOCK, () => boss.start())
      await prepareQueues()
      // The embedded database has one process: what was at work when it ended is nobody's any more, and need not wait until its time is over.
      if (backend === 'pglite') await settleLost('process-ended')
    },
    enqueue,
    async deadJobs(limit) {
      const { rows } = await database.execute(
        `SELECT ${DEAD_ID} AS id, (array_agg(source_output->>'message' ORDER BY created_on DESC))[1] AS error
         FROM ${SCHEMA}.job WHERE ${IS_DEAD} GROUP BY 1 ORDER BY max(created_on) DESC LIMIT $1`,
        [limit],
      )
      return rows.map((row) => ({ id: String(row.id), error: String(row.error ?? '') }))
    },
    async reviveDead(id) {
      const dead = await takeDead(id)
      const definition = dead && byName.get(dead.name)
      if (!dead || !definition) return false
      await enqueue(definition, definition.payload.parse(dead.data), { key: dead.key })
      return true
    },
    async dismissDead(id) {
      await takeDead(id)
    },
    async stateOf(job, key) {
      const { rows } = await database.execute(
        `SELECT state < 'completed' AS alive, state = 'failed' AS dead FROM ${SCHEMA}.job
         WHERE name = $1 AND singleton_key = $2 ORDER BY alive DESC, created_on DESC LIMIT 1`,
        [job.name, key],
      )
      return rows[0]?.alive ? 'waiting' : rows[0]?.dead ? 'died' : 'none'
    },
    start(deps) {
      const source = {
        async dueQueues() {
          await superviseWhenDue()
          return dueQueues()
        },
        atOnceMax: (name: string) => byName.get(name)?.atOnceMax ?? 1,
        take: async (name: string, limit: number) => {
          const jobs = await boss.fetch(name, { batchSize: Math.min(limit, BATCH) })
          return jobs.map(
            (job) => () =>
              perform(deps, name, job).catch((error: unknown) =>
                log.error({ job: name, ...describeFailure(error) }, 'job could not be settled'),
              ),
          )
        },
      }
      worker = createWorker(source, log)
      // Students at their pages first.
      patiently(worker.start)
      if (backend === 'postgres') stopListening = database.listen(CHANNEL, { onMessage: wake, onOpen: wake })
    },
    wake,
    supervise: () => boss.supervise(),
    async drain(deps, limit = 500) {
      let ran = 0
      for (;;) {
        const names = await dueQueues()
        let found = 0
        for (const name of names) {
          for (const job of await boss.fetch(name, { batchSize: BATCH })) {
            found += 1
            ran += 1
            if (ran > limit) throw new Error(`More than ${limit} jobs ran without coming to rest; the last was ${name}`)
            await perform(deps, name, job)
          }
        }
        if (found === 0) return ran
      }
    },
    finish,
    async stop() {
      await finish()
      await boss.stop({ graceful: false, close: false })
    },
    async countDead() {
      const { rows } = await database.execute(`SELECT count(*)::int AS dead FROM ${SCHEMA}.job WHERE name = $1 AND state < 'active'`, [
        DEAD_LETTER,
      ])
      return Number(rows[0]?.dead ?? 0)
    },
  }
}

const timers = {
  setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
  clearTimeout: (handle: unknown) => clearTimeout(handle as NodeJS.Timeout),
  setInterval: (run: () => void, ms: number) => setInterval(run, ms).unref(),
  clearInterval: (handle: unknown) => clearInterval(handle as NodeJS.Timeout),
}
