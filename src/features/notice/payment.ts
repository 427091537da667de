import type { Tx } from '../../db/client.ts'
import type { PaymentOrderRow, ProviderPaymentRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { plus } from '../../kernel/clock.ts'
import { rejectionGroup } from '../payment/rejection.ts'
import { notify } from './commands.ts'
import { SETTLING_MS } from './rules.ts'

const IN_PROCESS = new Set(['pending', 'in_process', 'authorized'])

/**
 * Tells the buyer of an order that nothing has paid yet what became of the attempts: that one is in process, once, and for what kind of
 * reason one was rejected, once per kind. Mails leave only if it is still so in a moment.
 */
export async function announceAttempts(
  deps: Deps,
  tx: Tx,
  order: Pick<PaymentOrderRow, 'id' | 'userId' | 'classId'>,
  payments: readonly Pick<ProviderPaymentRow, 'status' | 'statusDetail'>[],
): Promise<void> {
  const sendAfter = plus(deps.clock.now(), SETTLING_MS)
  const about = { userId: order.userId, classId: order.classId }
  if (payments.some(({ status }) => IN_PROCESS.has(status))) {
    const dedupeKey = `payment-pending:${order.id}`
    await notify(deps, tx, { ...about, kind: 'payment-pending', dedupeKey, data: { orderId: order.id } }, sendAfter)
  }
  const groups = new Set(payments.filter(({ status }) => status === 'rejected').map(({ statusDetail }) => rejectionGroup(statusDetail)))
  for (const group of groups) {
    const dedupeKey = `payment-rejected:${order.id}:${group}`
    await notify(deps, tx, { ...about, kind: 'payment-rejected', dedupeKey, data: { orderId: order.id, group } }, sendAfter)
  }
}

/** Tells whoever had tried to pay that the hold is over. Who never tried knows that nothing was booked. */
export async function announceHoldEnd(
  deps: Deps,
  tx: Tx,
  order: Pick<PaymentOrderRow, 'id' | 'userId' | 'classId'>,
  payments: readonly unknown[],
): Promise<void> {
  if (payments.length === 0) return
  const { id: orderId, userId, classId } = order
  await notify(deps, tx, { userId, classId, kind: 'hold-expired', dedupeKey: `hold-expired:${orderId}`, data: { orderId } })
}
