import { reviveMeetingsJob } from '../../../src/features/meeting/revive.ts'
import { pollCalendarsJob } from '../../../src/features/mirror/sync.ts'
import { reviveRefundsJob } from '../../../src/features/payment/refund.ts'
import { makeStatementsJob } from '../../../src/features/statement/jobs.ts'
import { MINUTE_MS } from '../../../src/kernel/clock.ts'
import { ADMIN_EMAIL } from '../rig/simulation.ts'
import type { Driver, TimedJobs } from './drive.ts'
import { settleRefunds } from './perform.ts'
import { SLOTS, slotAt } from './plan.ts'
import type { Stage } from './stage.ts'
import { reconnect, reconnectSecond } from './teacher.ts'

const STOPS_MAX = 40
/** Timed jobs that tell a person only at their second look. */
const SECOND_LOOKS: TimedJobs = new Set([makeStatementsJob.name, reviveMeetingsJob.name, reviveRefundsJob.name])
const POLL: TimedJobs = new Set([pollCalendarsJob.name])
const HOUR_MS = 60 * MINUTE_MS
const NOTICED_WITHIN_MS = 10 * MINUTE_MS
const POLLS = 2
const SETTLED_WITHIN_MS = 3 * HOUR_MS

/**
 * Nothing goes wrong any more: faults end, notifications flow, a revoked grant is given again, refunds in process come through. Then time
 * goes on past every hold, every class and the daily looks at everything.
 */
export async function settle(stage: Stage, driver: Driver): Promise<{ settledFromMs: number }> {
  const { sim } = stage
  await driver.settle()
  await driver.pump()
  sim.trace.push('# faults end')
  stage.faults.end()
  sim.useCrashes({ dies: () => false })
  await driver.pump()
  await stage.control('/mercado-pago/settings', { notificationsToDrop: 0, notificationSignature: 'valid' }, 'PATCH')
  await stage.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
  await stage.control('/mercado-pago/notifications/resume', {})
  await stage.control('/google/conference', { mode: 'success' })
  await settleRefunds(stage)
  if (stage.isShared) await sim.scheduler.run(reconnectSecond(stage))
  const [connection] = await sim.execute(`SELECT status FROM google_connection WHERE email = '${ADMIN_EMAIL}'`)
  if (connection?.status !== 'connected' || (await grants(stage)) === 0) {
    const again = reconnect(stage)
    await sim.scheduler.run(again)
  }
  // What hands did until now is noticed by a poll some minutes later, while its classes are still to come: after that the clock jumps by hours. The
  // first one may only bring to its end a reading that had begun before.
  let due = await driver.pump()
  for (let poll = 0; poll < POLLS; poll++) {
    await driver.moveTo(sim.clock.milliseconds + NOTICED_WITHIN_MS / POLLS, due, 3)
    due = await driver.pump(POLL)
  }
  const settledFromMs = sim.clock.milliseconds
  // Soon: what was being tried again, holds, notifications on their way.
  const soon = sim.clock.milliseconds + SETTLED_WITHIN_MS
  for (let stop = 0; stop < STOPS_MAX; stop++) {
    if (due === null || due > soon) break
    await driver.moveTo(due, null)
    due = await driver.pump()
  }
  due = await driver.pump('all')
  // Then from class to class, and twice the daily looks; they come before the last class, too, which is days away.
  const ends = SLOTS.flatMap((_, index) => [Date.parse(slotAt(index).start), Date.parse(slotAt(index).end)])
  ends.push(Math.max(...ends) - 2 * HOUR_MS)
  for (const instant of ends.sort((a, b) => a - b)) {
    if (instant < sim.clock.milliseconds) continue
    await driver.moveTo(instant + 1_000, due, 3)
    due = await driver.pump()
  }
  const last = Math.max(sim.clock.milliseconds, ...ends)
  const looks: readonly [hours: number, also?: TimedJobs][] = [[1], [25, 'all'], [50, SECOND_LOOKS]]
  for (const [hours, also] of looks) {
    await driver.moveTo(last + hours * HOUR_MS, due, hours === 1 ? 6 : 4)
    due = await driver.pump(also)
  }
  return { settledFromMs }
}

async function grants(stage: Stage): Promise<number> {
  const all = (await stage.control('/google/grants')).grants as { email: string; refresh_tokens: number }[]
  return all.filter(({ email }) => email === ADMIN_EMAIL).reduce((sum, grant) => sum + grant.refresh_tokens, 0)
}
