import { PgBoss } from 'pg-boss'
import type { Database } from '../db/client.ts'
import type { Deps } from '../deps.ts'
import type { Clock } from '../kernel/clock.ts'
import { systemClock } from '../kernel/clock.ts'
import { describeFailure } from '../kernel/failure.ts'
import type { Log } from '../kernel/log.ts'
import type { JobDefinition } from './define.ts'

export interface EnqueueOptions {
  /** At most one job with this key waits at a time; a second request while one waits is the same request, at the earlier of both times. */
  key: string
  /** Not before this instant. */
  startAfter?: Date
}

export interface JobQueue {
  /** Inside a transaction the job exists exactly when the transaction commits. */
  enqueue<Payload extends object>(job: JobDefinition<Payload>, payload: Payload, options: EnqueueOptions): Promise<void>
}

export interface JobRunner extends JobQueue {
  /** Creates the queues' tables and the queues. */
  prepare(): Promise<void>
  /** Runs jobs as they come due until `stop`. */
  start(deps: Deps): void
  /** Looks for due jobs now, for example because the clock was moved. */
  wake(): void
  /** Runs every job that is due, including those they enqueue, and returns how many ran. For tests: no timers involved. */
  drain(deps: Deps, limit?: number): Promise<number>
  /** Waits for running jobs (bounded) and stops. */
  stop(): Promise<void>
  /** Jobs that failed for good. */
  countDead(): Promise<number>
}

const SCHEMA = 'pgboss'
const POLL_MS = 1_000
/** How often runs are looked for whose process died, and old rows are thrown away; the first time at once. */
const SUPERVISE_EVERY_MS = 15_000
const CONCURRENCY_MAX = 8
const BATCH = 8
const STOP_TIMEOUT_MS = 20_000
const RETRY_DELAYS_SECONDS = 15
const DEAD_LETTER = 'dead-letter'
const ENQUEUE_TRIES_MAX = 5
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
): JobRunner {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]))
  const boss = new PgBoss({
    db: { executeSql: (text, values) => database.execute(onClock(text), values) },
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

  /** pg-boss reads database time through one function; with a clock that can be moved its answer is replaced by ours. */
  function onClock(text: string): string {
    if (clock === systemClock || /\bFUNCTION\b/i.test(text)) return text
    return text.replaceAll(`${SCHEMA}.job_now()`, `timestamptz '${clock.now().toISOString()}'`)
  }

  const running = new Set<Promise<void>>()
  let wakeUp: () => void = () => {}
  let woken = false
  let stopping = false
  let loop: Promise<void> = Promise.resolve()

  function wake(): void {
    woken = true
    wakeUp()
  }

  /**
   * Makes a waiting job serve this request: brings it forward from a long pause when this one is due sooner, and locks it until the
   * open transaction ends, so that no worker runs it before what it has to see is committed. False when none waits any more.
   */
  async function joinWaiting(name: string, key: string, dueAt: Date): Promise<boolean> {
    const { rows } = await database.execute(
      `UPDATE ${SCHEMA}.job SET start_after = LEAST(start_after, $3) WHERE name = $1 AND singleton_key = $2 AND state = 'created' RETURNING id`,
      [name, key, dueAt],
    )
    return rows.length > 0
  }

  async function dueQueues(): Promise<string[]> {
    const { rows } = await database.execute(
      `SELECT DISTINCT name FROM ${SCHEMA}.job WHERE state < 'active' AND start_after <= $1 AND name <> '${DEAD_LETTER}'`,
      [clock.now()],
    )
    return rows.map((row) => String(row.name)).filter((name) => byName.has(name))
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
    if (Math.abs(now - supervisedAt) < SUPERVISE_EVERY_MS) return
    supervisedAt = now
    await boss.supervise()
  }

  async function runLoop(deps: Deps): Promise<void> {
    while (!stopping) {
      woken = false
      try {
        await superviseWhenDue()
        for (const name of await dueQueues()) {
          const free = CONCURRENCY_MAX - running.size
          if (free <= 0) break
          for (const job of await boss.fetch(name, { batchSize: Math.min(free, BATCH) })) {
            const run = perform(deps, name, job).catch((error: unknown) =>
              log.error({ job: name, ...describeFailure(error) }, 'job could not be settled'),
            )
            running.add(run)
            void run.finally(() => {
              running.delete(run)
              wake()
            })
          }
        }
      } catch (error) {
        log.error(describeFailure(error), 'looking for jobs failed')
      }
      if (woken || stopping) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  return {
    async prepare() {
      // pg-boss's own guard does not hold for several processes on an empty database.
      await database.withAdvisoryLock(INSTALL_LOCK, () => boss.start())
      const existing = new Set((await boss.getQueues()).map((queue) => queue.name))
      if (!existing.has(DEAD_LETTER)) await boss.createQueue(DEAD_LETTER, { retentionSeconds: DEAD_KEPT_SECONDS })
      for (const { name, retriesMax, timeoutSeconds } of definitions) {
        if (existing.has(name)) continue
        await boss.createQueue(name, {
          policy: 'short',
          retryLimit: retriesMax,
          retryDelay: RETRY_DELAYS_SECONDS,
          expireInSeconds: timeoutSeconds,
          // One that is never repeated is made up for by the next of its kind: nothing for a person to look at.
          ...(retriesMax > 0 ? { deadLetter: DEAD_LETTER } : {}),
        })
      }
    },
    async enqueue(job, payload, options) {
      const { key, startAfter } = options
      for (let tries = 0; tries < ENQUEUE_TRIES_MAX; tries++) {
        if (await boss.send(job.name, payload, { singletonKey: key, ...(startAfter ? { startAfter } : {}) })) break
        // One waits already. It counts as this one, too, unless a worker took it a moment ago: that one may have looked before our commit.
        if (await joinWaiting(job.name, key, startAfter ?? clock.now())) break
      }
      database.afterCommit(wake)
    },
    start(deps) {
      loop = runLoop(deps)
    },
    wake,
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
    async stop() {
      stopping = true
      wake()
      await loop
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, STOP_TIMEOUT_MS).unref())
      await Promise.race([Promise.allSettled(running), timeout])
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
