import type { Tx } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { SECOND_MS } from '../../kernel/clock.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Teacher } from '../academy/store.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass, insertOrder, lockOrder } from '../payment/store.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { priceOf } from '../virtual-class/rules.ts'
import { findClass, insertPending, lockClass, queueForHours } from '../virtual-class/store.ts'
import { type StartedCheckout, startCheckout } from './checkout.ts'
import { makePreference, orderRow, type Preference } from './preference.ts'
import type { BookingOutcome } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { checkSlot, classRow, hasRoom, lockHost, orNotStored, takeFirstFree } from './slot.ts'

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
    const allowed = await checkSlot(deps, request, request.teacherId)
    if (!allowed.ok) return allowed
    const candidates = await sameTeacherFirst(deps, allowed.value, oldClassIds)
    const order = orderRow(deps, deps.ids.uuid(), userId, request, priceOf(deps.config.pricing, request.classType, request.count))
    let preference: BookingOutcome<Preference> | null = null
    // What goes makes room for what comes, so the holds are counted when both are known.
    const swapped = await takeFirstFree(deps, userId, candidates, request, async (teacher) => {
      // Once for all teachers who might give the class.
      preference ??= await askThenPrefer(deps, oldClassIds, order, request)
      return preference.ok ? swap(deps, userId, oldClassIds, teacher, request, order, preference.value) : preference
    })
    if (swapped.ok) return swapped
    await discard(deps, order, preference)
    if (swapped.reason !== 'slot-taken' && swapped.reason !== 'own-class') return swapped
    // Paid meanwhile, or the same person was faster in another window: then this finds what they hold now.
    return startCheckout(deps, userId, request)
  })
}

/** Whoever may be taught by anybody stays with whom they have. */
async function sameTeacherFirst(deps: Deps, teachers: readonly Teacher[], oldClassIds: readonly string[]): Promise<readonly Teacher[]> {
  const olds = await Promise.all(oldClassIds.map((classId) => findClass(deps.db.handle, classId)))
  const isSame = ({ id }: Teacher) => olds.some((old) => old?.teacherId === id)
  return [...teachers.filter(isSame), ...teachers.filter((teacher) => !isSame(teacher))]
}

/** No hold ends without asking: what was paid a moment ago must be known before its slot is given to something else. */
async function askThenPrefer(
  deps: Deps,
  oldClassIds: readonly string[],
  order: ReturnType<typeof orderRow>,
  request: SlotRequest,
): Promise<BookingOutcome<Preference>> {
  for (const classId of oldClassIds) {
    const old = await findOrderOfClass(deps.db.handle, classId)
    if (old) await reconcileOrder(deps, old.id)
  }
  return makePreference(deps, order, request)
}

async function swap(
  deps: Deps,
  userId: string,
  oldClassIds: readonly string[],
  teacher: Teacher,
  request: SlotRequest,
  order: ReturnType<typeof orderRow>,
  preference: Preference,
): Promise<BookingOutcome<StartedCheckout>> {
  const row = classRow(deps.ids.uuid(), userId, teacher, request, order.amountCentavos)
  return deps.db.transaction(async (tx) => {
    if (!(await lockHost(tx, userId))) return refuse('no-account')
    const olds = await lockOlds(tx, userId, oldClassIds)
    if (olds.some(({ held }) => held.status !== 'pending' || held.paidAt)) return refuse('slot-taken')
    // Those that ended meanwhile make no room.
    if (!(await hasRoom(deps, tx, userId, olds.length))) return refuse('too-many-holds')
    // Before the old ones go: whoever has the turn of this hour may be waiting for what becomes of them.
    await queueForHours(tx, row, row)
    for (const { held, order: old } of olds)
      await cancelLocked(deps, tx, held, old, { reason: 'host_cancelled', byId: userId, refund: 'none' })
    await insertPending(tx, { ...row, holdExpiresAt: order.expiresAt, paidAt: null }, order.createdAt)
    await insertOrder(tx, { ...order, ...preference, classId: row.id, preferenceAt: deps.clock.now() })
    return succeed({ classId: row.id, ...preference, holdExpiresAt: order.expiresAt, price: order.amountCentavos })
  })
}

/** Those that still stand, locked: first all orders, then all classes. */
async function lockOlds(tx: Tx, userId: string, oldClassIds: readonly string[]) {
  const orders = []
  for (const classId of oldClassIds.toSorted()) {
    const known = await findOrderOfClass(tx, classId)
    orders.push({ classId, order: known && (await lockOrder(tx, known.id)) })
  }
  const olds: { held: VirtualClassRow; order: (typeof orders)[number]['order'] }[] = []
  for (const { classId, order } of orders) {
    const held = await lockClass(tx, classId)
    if (held?.bookedById === userId && held.status !== 'cancelled') olds.push({ held, order })
  }
  return olds
}

/** Nobody was given the address of this preference, and it ends by itself; that it is closed sooner is only tidy. */
async function discard(deps: Deps, order: ReturnType<typeof orderRow>, made: BookingOutcome<Preference> | null): Promise<void> {
  if (!made?.ok) return
  const now = deps.clock.now().getTime()
  await deps.payments.closePreference(made.value.preferenceId, new Date(Math.max(now, order.createdAt.getTime() + SECOND_MS)))
}
