import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import { findOrder } from './store.ts'

const CLOSING_FAILURES_MAX = 5

/** Closes the preference of a hold that is over. Best effort: money that comes all the same follows its own rule (behaviour D7b). */
async function closePreference(deps: Deps, orderId: string, failures: number): Promise<void> {
  const order = await findOrder(deps.db.handle, orderId)
  if (!order?.preferenceId) return
  const closed = await deps.payments.closePreference(order.preferenceId, deps.clock.now())
  if (closed.ok || closed.reason === 'refused' || failures >= CLOSING_FAILURES_MAX) return
  const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids))
  await deps.jobs.enqueue(closePreferenceJob, { orderId, failures: failures + 1 }, { key: orderId, startAfter })
}

export const closePreferenceJob = defineJob({
  name: 'payment.close-preference',
  payload: z.object({ orderId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { orderId, failures }) => closePreference(deps, orderId, failures ?? 0),
})
