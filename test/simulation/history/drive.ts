import { queueTimedJobs } from '../../../src/jobs/schedule.ts'
import { Crashed } from '../rig/process.ts'
import type { Process } from '../rig/simulation.ts'
import { perform, slotAt } from './perform.ts'
import type { Action, When } from './plan.ts'
import type { Stage } from './stage.ts'

/** Rounds of one pump, and stops on the way to a later instant: enough for what a history brings about, and an end. */
const ROUNDS_MAX = 14
const STOPS_MAX = 5
const JOBS_AT_ONCE_MAX = 200
const TIMED_EVERY_MS = 10_000
const MINUTE_MS = 60_000

export interface Driver {
  /** Plays one action; what it began may still be under way afterwards. */
  play(action: Action): Promise<void>
  /** Waits for everything that is under way. */
  settle(): Promise<void>
  /** Restarts who died, delivers what is due, and works until no job is due. */
  pump(): Promise<void>
  /** Moves the clock, stopping where something is due. `stopsMax`: then it jumps. */
  moveTo(instantMs: number, stopsMax?: number): Promise<void>
}

export function createDriver(stage: Stage): Driver {
  const { sim } = stage
  let underWay: Promise<unknown>[] = []
  let timedAt = 0
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

  function queueTimed(): void {
    const process = stage.anyProcess()
    if (!process || sim.clock.milliseconds - timedAt < TIMED_EVERY_MS) return
    timedAt = sim.clock.milliseconds
    begin(Promise.race([sim.as(process, () => queueTimedJobs(process.deps)), process.life.died]))
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
        await driver.pump()
        await driver.moveTo(instantOf(stage, action.when))
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
    async pump() {
      for (let round = 0; round < ROUNDS_MAX; round++) {
        restartTheDead()
        begin(deliverDue(stage))
        queueTimed()
        await driver.settle()
        if (await expireLostJobs(stage)) await sim.scheduler.runIdle()
        if (!(await anythingDue(stage))) return
        for (const process of sim.processes) work(process)
        await driver.settle()
      }
    },
    async moveTo(instantMs, stopsMax = STOPS_MAX) {
      for (let stop = 0; stop < stopsMax && sim.clock.milliseconds < instantMs; stop++) {
        const due = await nextDue(stage)
        if (due === null || due >= instantMs) break
        jump(stage, due)
        await driver.pump()
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
export function noteBug(stage: Stage, error: unknown): void {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) if (cause instanceof Crashed) return
  stage.violations.push(`bug: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`)
}

async function deliverDue(stage: Stage): Promise<void> {
  const { mp, google } = stage.sim.sandboxes
  await mp.tick()
  await google.tick()
}

async function anythingDue(stage: Stage): Promise<boolean> {
  const { sim } = stage
  const rows = await sim.execute(
    `SELECT EXISTS (SELECT FROM pgboss.job WHERE state < 'active' AND start_after <= $1 AND name <> 'dead-letter') AS due`,
    [sim.clock.now()],
  )
  return rows[0]?.due === true
}

/** Jobs whose worker died count as lost after their time; pg-boss finds them in its upkeep. True when there were some. */
async function expireLostJobs(stage: Stage): Promise<boolean> {
  const { sim } = stage
  const rows = await sim.execute(
    `SELECT EXISTS (SELECT FROM pgboss.job WHERE state = 'active' AND started_on + make_interval(secs => expire_seconds) < $1) AS lost`,
    [sim.clock.now()],
  )
  if (rows[0]?.lost !== true) return false
  await sim.execute('UPDATE pgboss.queue SET monitor_on = NULL, monitor_claim_on = NULL')
  sim.maintenance.run()
  return true
}

/** When something is to happen next; null when nothing is. */
export async function nextDue(stage: Stage): Promise<number | null> {
  const { sim } = stage
  const rows = await sim.execute(
    `SELECT extract(epoch FROM min(at)) * 1000 AS due FROM (
       SELECT min(start_after) AS at FROM pgboss.job WHERE state < 'active' AND start_after > $1 AND name <> 'dead-letter'
       UNION ALL SELECT min(started_on + make_interval(secs => expire_seconds + 1)) FROM pgboss.job WHERE state = 'active'
       UNION ALL SELECT min(next_check_at) FROM payment_order WHERE next_check_at > $1 AND status IN ('pending', 'rejected') AND checks < 8
       UNION ALL SELECT min(hold_expires_at) FROM virtual_class WHERE status = 'pending' AND hold_expires_at > $1
       UNION ALL SELECT min(starts_at) FROM virtual_class WHERE status = 'pending' AND paid_at IS NOT NULL AND starts_at > $1
       UNION ALL SELECT min(ends_at) FROM virtual_class WHERE status = 'scheduled' AND ends_at > $1) AS dues`,
    [sim.clock.now()],
  )
  const due = rows[0]?.due
  const notified = await nextNotification(stage)
  const times = [...(due === null || due === undefined ? [] : [Number(due)]), ...(notified === null ? [] : [notified])]
  return times.length === 0 ? null : Math.max(sim.clock.milliseconds + 1, Math.ceil(Math.min(...times)))
}

async function nextNotification(stage: Stage): Promise<number | null> {
  const { notifications, paused } = (await stage.sim.books.control('/mercado-pago/notifications?state=pending')) as {
    notifications: { dueAt: string }[]
    paused: boolean
  }
  if (paused || notifications.length === 0) return null
  return Math.min(...notifications.map(({ dueAt }) => Date.parse(dueAt)))
}
