import type { Deps } from '../../deps.ts'
import { findOrderOfClass, lockOrder } from '../payment/store.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { lockClass } from '../virtual-class/store.ts'

/**
 * Paid but still without an event when it should begin: the class is cancelled and the money goes back in full (behaviour 7). Money that a
 * claim holds stays owed until it can go back.
 */
export async function giveUp(deps: Deps, { id: classId }: { id: string }): Promise<void> {
  const order = await findOrderOfClass(deps.db.handle, classId)
  await deps.db.transaction(async (tx) => {
    const locked = order ? await lockOrder(tx, order.id) : null
    const current = await lockClass(tx, classId)
    if (current?.status !== 'pending' || !current.paidAt || current.roomUrl || deps.clock.now() < current.startsAt) return
    await cancelLocked(deps, tx, current, locked, { reason: 'event_failed', byId: null, refund: 'full' })
  })
}
