import { createDriver } from './history/drive.ts'
import type { History } from './history/plan.ts'
import { settle } from './history/settle.ts'
import { setStage } from './history/stage.ts'
import { differences, digest, fingerprintOf } from './judge/digest.ts'
import { breachesAtRest, breachesNow } from './judge/invariants.ts'
import { LostItsWay } from './rig/scheduler.ts'
import type { Simulation } from './rig/simulation.ts'

/** After how many actions of a hundred everything is looked at; a breach of a row's life is remembered anyway. */
const LOOKED_AT = 30

export interface Result {
  history: History
  violations: string[]
  /** What happened, line by line. The same history gives the same trace. */
  trace: string[]
  traceFingerprint: string
  steps: number
}

/** Plays a history to its end and judges it. */
export async function runHistory(sim: Simulation, history: History): Promise<Result> {
  const stage = await setStage(sim, history)
  const driver = createDriver(stage)
  try {
    for (const action of history.actions) {
      await driver.play(action)
      if (stage.random.percent(LOOKED_AT)) stage.violations.push(...(await breachesNow(sim)))
      if (stage.violations.length > 0) break
    }
    // What is true of classes to come only is looked at before all of them are over.
    stage.violations.push(...(await breachesNow(sim)))
    if (stage.violations.length === 0) {
      const { settledFromMs } = await settle(stage, driver)
      stage.violations.push(...(await breachesAtRest(stage, history, settledFromMs)))
      if (stage.violations.length === 0) {
        const before = await digest(sim)
        await replayNotifications(stage)
        await driver.pump()
        const changed = differences(before, await digest(sim))
        if (changed.length > 0) stage.violations.push(`replay: notifications delivered once more changed ${changed.join(', ')}`)
      }
    }
  } catch (error) {
    if (!(error instanceof LostItsWay)) throw error
    stage.violations.push(`stuck: ${error.message}`)
  }
  return {
    history,
    violations: [...new Set(stage.violations)],
    trace: [...sim.trace],
    traceFingerprint: fingerprintOf(sim.trace),
    steps: sim.scheduler.steps,
  }
}

async function replayNotifications(stage: Awaited<ReturnType<typeof setStage>>): Promise<void> {
  const { notifications } = (await stage.control('/mercado-pago/notifications')) as { notifications: { id: number; state: string }[] }
  const replayed = notifications
    .filter(({ state }) => state === 'delivered')
    .slice(0, 60)
    .map(({ id }) => stage.sim.books.control(`/mercado-pago/notifications/${id}/replay`, {}))
  await stage.sim.scheduler.run(Promise.all(replayed))
}
