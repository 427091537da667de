import { z } from 'zod'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { succeed } from '../../kernel/outcome.ts'
import { findOrder } from './store.ts'

/** A hold that ends by its time is closed a little after it. */
const CLOSING_AFTER_END_MS = 5 * MINUTE_MS

/**
 * Closes the preference of a hold that is over, and one that we never heard of because the answer to its creation was lost. Tried until it is
 * done or the preference's own end has come: from then on nobody can pay it. Money that comes all the same follows its own rule (D7b).
 */
async function closePreference(deps: Deps, orderId: string, failures: number): Promise<void> {
  const order = await findOrder(deps.db.handle, orderId)
  if (!order) return
  const closed = await closeAll(deps, order)
  if (closed.ok || closed.reason === 'refused') return
  const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids, closed.detail?.retryAfterMs))
  if (startAfter >= plus(order.expiresAt, CLOSING_AFTER_END_MS)) return
  await deps.jobs.enqueue(closePreferenceJob, { orderId, failures: failures + 1 }, { key: orderId, startAfter })
}

async function closeAll(deps: Deps, order: PaymentOrderRow): ReturnType<Deps['payments']['closePreference']> {
  const found = order.preferenceId ? succeed([order.preferenceId]) : await deps.payments.findPreferences(order.id)
  if (!found.ok) return found
  // The provider refuses an end that is not after the beginning.
  const at = new Date(Math.max(deps.clock.now().getTime(), order.createdAt.getTime() + SECOND_MS))
  for (const preferenceId of found.value) {
    const closed = await deps.payments.closePreference(preferenceId, at)
    if (!closed.ok) return closed
  }
  return succeed(null)
}

export const closePreferenceJob = defineJob({
  name: 'payment.close-preference',
  payload: z.object({ orderId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { orderId, failures }) => closePreference(deps, orderId, failures ?? 0),
})
