import type { Tx } from '../../db/client.ts'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { announceCancellation } from '../notice/cancellation.ts'
import { audit, closeCases, openCase } from '../operation/attention.ts'
import { refundOrder } from '../payment/refund.ts'
import { findOrderOfClass, lockOrder, refundsOfOrder } from '../payment/store.ts'
import { lockClass, markCancelled } from '../virtual-class/store.ts'
import { queueRemoval } from './remove.ts'

/**
 * Paid but still without an event when it should begin: the class is cancelled and the money goes back in full (behaviour 7). Money that we
 * cannot give back, because it is in dispute or gone, is a case for the admin, and nothing is promised to the host.
 */
export async function giveUp(deps: Deps, { id: classId }: { id: string }): Promise<void> {
  const order = await findOrderOfClass(deps.db.handle, classId)
  await deps.db.transaction(async (tx) => {
    const now = deps.clock.now()
    const locked = order ? await lockOrder(tx, order.id) : null
    const current = await lockClass(tx, classId)
    if (current?.status !== 'pending' || !current.paidAt || now < current.startsAt) return
    await markCancelled(tx, classId, { reason: 'event_failed', byId: null, at: now })
    const goesBack = locked !== null && (await giveBack(deps, tx, locked))
    await queueRemoval(deps, classId)
    await closeCases(deps, tx, { subject: 'class', subjectId: classId })
    await audit(deps, tx, {
      actorId: null,
      action: 'class.cancel',
      subject: 'class',
      subjectId: classId,
      detail: { reason: 'event_failed', refund: goesBack ? 'full' : 'none' },
    })
    await announceCancellation(deps, tx, current, goesBack ? 'full' : undefined)
  })
}

/** False when the money stays where it is for now. */
async function giveBack(deps: Deps, tx: Tx, order: PaymentOrderRow): Promise<boolean> {
  if (await refundOrder(deps, tx, order, 'event_failed')) return true
  if (order.status === 'refunded' || (await refundsOfOrder(tx, order.id)).length > 0) return true
  const detail = 'La clase no llegó a tener su evento y el pago no se pudo devolver: está en un reclamo o contracargo'
  await openCase(deps, tx, { subject: 'order', subjectId: order.id, reason: 'refund_failed', detail })
  return false
}
