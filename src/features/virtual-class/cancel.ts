import type { Tx } from '../../db/client.ts'
import type { CancelReason, PaymentOrderRow, VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { queueRemoval } from '../meeting/remove.ts'
import { announceCancellation } from '../notice/cancellation.ts'
import { audit, closeCases } from '../operation/attention.ts'
import { closePreferenceJob } from '../payment/close-preference.ts'
import { refundOrder } from '../payment/refund.ts'
import { markCancelled } from './store.ts'

export interface Cancellation {
  reason: CancelReason
  /** Who cancelled; null: a rule did. */
  byId: string | null
  /** `full`: what was paid is owed to the buyer from now on. `none`: it is not. Null: the money has gone its own way already. */
  refund: 'full' | 'none' | null
  /** In the words of whoever cancelled; kept in the audit log. */
  explanation?: string
}

/**
 * The one way a class becomes cancelled: frees the slot, retires the code, asks for the money it owes, takes the event out of the calendar or
 * closes the preference, closes what was open about it, tells host and guests of a paid class, and writes it down. Order and class must be
 * locked, in this order. Money that cannot go back now (a claim holds it) stays owed: `settle` asks for it as soon as it can.
 */
export async function cancelLocked(
  deps: Deps,
  tx: Tx,
  virtualClass: VirtualClassRow,
  order: PaymentOrderRow | null,
  { reason, byId, refund, explanation }: Cancellation,
): Promise<void> {
  const { id: classId, paidAt } = virtualClass
  const now = deps.clock.now()
  const isOwed = refund === 'full' && paidAt !== null
  await markCancelled(tx, classId, { reason, byId, at: now, refundOwed: isOwed })
  if (isOwed && order) await refundOrder(deps, tx, order, reason, byId)
  // Also while the event is being made: it may exist at Google before we have heard of it.
  if (paidAt) await queueRemoval(deps, classId)
  // Also behind a paid class: until its own end the preference could be paid a second time.
  if (order && (!paidAt || order.expiresAt > now)) await deps.jobs.enqueue(closePreferenceJob, { orderId: order.id }, { key: order.id })
  await closeCases(deps, tx, { subject: 'class', subjectId: classId }, byId)
  await audit(deps, tx, {
    actorId: byId,
    action: 'class.cancel',
    subject: 'class',
    subjectId: classId,
    detail: { reason, ...(refund ? { refund } : {}), ...(explanation ? { explanation } : {}) },
  })
  const isRest = isOwed && order !== null && order.refundedCentavos > 0
  if (paidAt) await announceCancellation(deps, tx, virtualClass, isRest ? 'rest' : (refund ?? undefined))
}
