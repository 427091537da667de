import { checkPaymentsJob } from '../../../src/features/payment/reconcile.ts'
import { completeClassesJob } from '../../../src/features/virtual-class/complete.ts'
import { queueTimedJobs } from '../../../src/jobs/schedule.ts'
import { Crashed } from '../rig/process.ts'
import type { Process } from '../rig/simulation.ts'
import { perform } from './perform.ts'
import { type Action, slotAt, type When } from './plan.ts'
import type { Stage } from './stage.ts'

/** Rounds of one pump, and stops on the way to a later instant: enough for what a history brings about, and an end. */
const ROUNDS_MAX = 14
const STOPS_MAX = 5
const JOBS_AT_ONCE_MAX = 200
/** In percent: how often timed jobs are looked at although nothing is known to wait for one; how many of the others are looked at then. */
const TIMED_BY_CHANCE = 8
const OTHERS_BY_CHANCE = 20
/** In percent: how often both processes look for due jobs at the same time, and not one of them. */
const BOTH_WORK = 40
const MINUTE_MS = 60_000

/** Names of timed jobs. */
export type TimedJobs = ReadonlySet<string> | 'all'

export interface Driver {
  /** Plays one action; what it began may still be under way afterwards. */
  play(action: Action): Promise<void>
  /** Waits for everything that is under way. */
  settle(): Promise<void>
  /**
   * Restarts who died, delivers what is due, and works until no job is due. When something is to happen next; null when nothing is. Timed jobs
   * that have something to do are looked at, those of `also`, and now and then some of the others.
   */
  pump(also?: TimedJobs): Promise<number | null>
  /** Moves the clock, stopping where something is due, for the first time at `firstDue`. `stopsMax`: then it jumps. */
  moveTo(instantMs: number, firstDue: number | null, stopsMax?: number): Promise<void>
}

export function createDriver(stage: Stage): Driver {
  const { sim } = stage
  let underWay: Promise<unknown>[] = []
  const working = new Set<object>()

  const begin = (work: Promise<unknown>) => {
    underWay.push(work.catch((error: unknown) => noteBug(stage, error)))
  }

  /** A worker of this process works off what is due, unless one of it is at it already. */
  function work(process: Process): void {
    const { life } = process
    if (!life.alive || working.has(life)) return
    working.add(life)
    const drained = sim.as(process, async () => {
      await life.park('work')
      await process.jobs.drain(process.deps, JOBS_AT_ONCE_MAX)
    })
    begin(Promise.race([drained, life.died]).finally(() => working.delete(life)))
  }

  /**
   * The worker's look at the timed jobs. In production it comes once a second; here when one of them has something to do, and with it come
   * others by chance: all of them every time would be most of what a history does.
   */
  function queueTimed(due: TimedJobs): void {
    const process = stage.anyProcess()
    if (!process) return
    const considered = (name: string) => due === 'all' || due.has(name) || stage.random.percent(OTHERS_BY_CHANCE)
    begin(Promise.race([sim.as(process, () => queueTimedJobs(process.deps, considered)), process.life.died]))
  }

  function workSomewhere(): void {
    if (stage.random.percent(BOTH_WORK)) for (const process of sim.processes) work(process)
    else work(stage.random.pick(sim.processes))
  }

  function restartTheDead(): void {
    for (const process of sim.processes) {
      if (process.life.alive) continue
      sim.trace.push(`  ${process.name} starts again`)
      sim.restart(process)
    }
  }

  const driver: Driver = {
    async play(action) {
      const alone = action.deed.do === 'attack'
      if (!action.meanwhile || alone) {
        await driver.settle()
        const due = await driver.pump()
        await driver.moveTo(instantOf(stage, action.when), due)
      }
      sim.trace.push(`# ${JSON.stringify(action.deed)}`)
      begin(perform(stage, action.deed))
      if (alone) return driver.settle()
      if (stage.random.percent(25)) restartTheDead()
      for (const process of sim.processes) if (stage.random.percent(50)) work(process)
      if (stage.random.percent(30)) begin(deliverDue(stage))
    },
    async settle() {
      while (underWay.length > 0) {
        const now = underWay
        underWay = []
        await sim.scheduler.run(Promise.all(now))
      }
    },
    async pump(also) {
      let timed: TimedJobs | null = also ?? (stage.random.percent(TIMED_BY_CHANCE) ? new Set() : null)
      const queued = new Set<string>()
      for (let round = 0; round < ROUNDS_MAX; round++) {
        restartTheDead()
        begin(deliverDue(stage))
        if (timed) queueTimed(timed)
        await driver.settle()
        let seen = await look(stage)
        if (seen.lost) {
          await sim.scheduler.during(sim.expireJobs())
          seen = await look(stage)
        }
        const waits = seen.timed.filter((name) => !queued.has(name))
        if (!seen.due && waits.length === 0) return seen.nextMs
        timed = waits.length > 0 ? new Set(waits) : null
        for (const name of waits) queued.add(name)
        if (seen.due) workSomewhere()
      }
      await driver.settle()
      return (await look(stage)).nextMs
    },
    async moveTo(instantMs, firstDue, stopsMax = STOPS_MAX) {
      let due = firstDue
      for (let stop = 0; stop < stopsMax && due !== null && due < instantMs; stop++) {
        jump(stage, due)
        due = await driver.pump()
      }
      if (sim.clock.milliseconds < instantMs) jump(stage, instantMs)
    },
  }
  return driver
}

function jump(stage: Stage, instantMs: number): void {
  stage.sim.trace.push(`~ ${new Date(instantMs).toISOString()}`)
  stage.sim.clock.set(new Date(Math.max(instantMs, stage.sim.clock.milliseconds)))
}

function instantOf(stage: Stage, when: When): number {
  const now = stage.sim.clock.milliseconds
  if ('afterMinutes' in when) return now + when.afterMinutes * MINUTE_MS
  return Math.max(now, Date.parse(slotAt(when.slot).start) + when.minutes * MINUTE_MS)
}

/** A process that was killed explains every failure of its own; anything else is a bug. */
function noteBug(stage: Stage, error: unknown): void {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) if (cause instanceof Crashed) return
  stage.violations.push(`bug: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
}

async function deliverDue(stage: Stage): Promise<void> {
  const { mp, google } = stage.sim.sandboxes
  await mp.tick()
  await google.tick()
}

interface Seen {
  /** A job can run now. */
  due: boolean
  /** A job's worker died too long ago. */
  lost: boolean
  /** Timed jobs that have something to do. */
  timed: string[]
  nextMs: number | null
}

const LOOK = `
  SELECT count(*) FILTER (WHERE kind = 'job' AND at <= $1) > 0 AS due, count(*) FILTER (WHERE kind = 'lost' AND at <= $1) > 0 AS lost,
    count(*) FILTER (WHERE kind = 'check' AND at <= $1) > 0 AS "check", count(*) FILTER (WHERE kind = 'end' AND at <= $1) > 0 AS "end",
    extract(epoch FROM min(at) FILTER (WHERE at > $1)) * 1000 AS next
  FROM (
    SELECT 'job' AS kind, start_after AS at FROM pgboss.job_common WHERE state < 'active' AND name <> 'dead-letter'
    UNION ALL SELECT 'lost', started_on + make_interval(secs => expire_seconds + 1) FROM pgboss.job_common WHERE state = 'active'
    UNION ALL SELECT 'check', next_check_at FROM payment_order WHERE next_check_at <= $1 OR status IN ('pending', 'rejected') AND checks < 8
    UNION ALL SELECT 'hold', hold_expires_at FROM virtual_class WHERE status = 'pending'
    UNION ALL SELECT 'start', starts_at FROM virtual_class WHERE status = 'pending' AND paid_at IS NOT NULL
    UNION ALL SELECT 'end', ends_at FROM virtual_class WHERE status = 'scheduled') AS dues`

/** What is due, and when something is next. */
async function look(stage: Stage): Promise<Seen> {
  const { sim } = stage
  const [row] = await sim.execute(LOOK, [sim.clock.now()])
  const notified = sim.sandboxes.mp.nextDueMs()
  const times = [...(row?.next === null ? [] : [Number(row?.next)]), ...(notified === null ? [] : [notified])]
  const nextMs = times.length === 0 ? null : Math.max(sim.clock.milliseconds + 1, Math.ceil(Math.min(...times)) + 1)
  const timed = [...(row?.check === true ? [checkPaymentsJob.name] : []), ...(row?.end === true ? [completeClassesJob.name] : [])]
  return { due: row?.due === true, lost: row?.lost === true, timed, nextMs }
}
