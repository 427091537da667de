import { violates } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { SECOND_MS } from '../../kernel/clock.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass, insertOrder, lockOrder } from '../payment/store.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { priceOf } from '../virtual-class/rules.ts'
import { insertPending, lockClass, NO_OVERLAP } from '../virtual-class/store.ts'
import { type StartedCheckout, startCheckout } from './checkout.ts'
import { makePreference, orderRow, type Preference } from './preference.ts'
import type { BookingOutcome } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { checkSlot, classRow, countHoldsLocked, makeRoom, orNotStored, slotTaken } from './slot.ts'

/**
 * Takes own unpaid holds out of the way and holds the slot anew, because a person changed their mind about a class in the same hour. The new
 * preference comes first and needs no hold: if it cannot be made, or the process dies, the old hold stands as it did. Then one transaction puts
 * the new hold where the old one was, so that there are never two and nobody else gets in between.
 */
export async function exchangeHolds(
  deps: Deps,
  userId: string,
  request: SlotRequest,
  oldClassIds: readonly string[],
): Promise<BookingOutcome<StartedCheckout>> {
  return orNotStored(deps, 'not-stored', async () => {
    const allowed = await checkSlot(deps, request)
    if (!allowed.ok) return allowed
    const teacher = allowed.value
    // One goes for the one that comes: the limit of holds stays as far away as it was.
    const ready = await makeRoom(deps, userId, teacher, request, false)
    if (!ready.ok) return ready
    // No hold ends without asking: what was paid a moment ago must be known before its slot is given to something else.
    for (const classId of oldClassIds) {
      const order = await findOrderOfClass(deps.db.handle, classId)
      if (order) await reconcileOrder(deps, order.id)
    }
    const price = priceOf(deps.config.pricing, request.classType, request.count)
    const order = orderRow(deps, deps.ids.uuid(), userId, request, price)
    const made = await makePreference(deps, order, request)
    if (!made.ok) return made
    const row = classRow(deps.ids.uuid(), userId, teacher, request, price)
    const swapped = await swap(deps, userId, oldClassIds, row, order, made.value)
    if (swapped === 'swapped') {
      return succeed({ classId: row.id, ...made.value, holdExpiresAt: order.expiresAt, price })
    }
    await discard(deps, order, made.value)
    if (swapped === 'no-account') return refuse('no-account')
    // Paid meanwhile, or the same person was faster in another window: then this finds what they hold now.
    return swapped === 'paid' ? slotTaken(deps, request) : startCheckout(deps, userId, request)
  })
}

async function swap(
  deps: Deps,
  userId: string,
  oldClassIds: readonly string[],
  row: ReturnType<typeof classRow>,
  order: ReturnType<typeof orderRow>,
  preference: Preference,
): Promise<'swapped' | 'paid' | 'taken' | 'no-account'> {
  try {
    return await deps.db.transaction(async (tx) => {
      if ((await countHoldsLocked(deps, tx, userId)) === 'no-account') return 'no-account'
      const olds = []
      for (const classId of oldClassIds.toSorted()) {
        const known = await findOrderOfClass(tx, classId)
        olds.push({ classId, order: known && (await lockOrder(tx, known.id)) })
      }
      for (const old of olds) {
        const held = await lockClass(tx, old.classId)
        if (!held || held.bookedById !== userId || held.status === 'cancelled') continue
        if (held.status !== 'pending' || held.paidAt) return 'paid'
        await cancelLocked(deps, tx, held, old.order, { reason: 'host_cancelled', byId: userId, refund: 'none' })
      }
      await insertPending(tx, { ...row, holdExpiresAt: order.expiresAt, paidAt: null }, order.createdAt)
      await insertOrder(tx, { ...order, ...preference, classId: row.id, preferenceAt: deps.clock.now() })
      return 'swapped'
    })
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return 'taken'
    throw error
  }
}

/** Nobody was given the address of this preference, and it ends by itself; that it is closed sooner is only tidy. */
async function discard(deps: Deps, order: ReturnType<typeof orderRow>, { preferenceId }: Preference): Promise<void> {
  const now = deps.clock.now().getTime()
  await deps.payments.closePreference(preferenceId, new Date(Math.max(now, order.createdAt.getTime() + SECOND_MS)))
}
