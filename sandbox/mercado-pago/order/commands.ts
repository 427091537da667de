import { nextOrderId } from '../ids.ts'
import { announce, orderEvent } from '../notifier/announce.ts'
import { termsOf } from '../preference/terms.ts'
import { roundHalfUp } from '../wire.ts'
import { keep, type Order, type Payment, type Preference, type World } from '../world.ts'

/** The order that collects the attempts on a preference; null when none is open. */
export function findOpenOrder(world: World, preferenceId: string): Order | null {
  return ordersOf(world, preferenceId).findLast((order) => !order.closed && !order.cancelled) ?? null
}

export const ordersOf = (world: World, preferenceId: string): Order[] =>
  [...world.state.orders.values()].filter((order) => order.preferenceId === preferenceId)

export function openOrder(world: World, preference: Preference): Order {
  const terms = termsOf(preference)
  const id = nextOrderId(world.state.numbering)
  const at = world.stamp()
  const order: Order = {
    id,
    preferenceId: preference.id,
    total: terms.total,
    externalReference: terms.externalReference,
    paymentIds: [],
    closed: false,
    cancelled: false,
    createdAt: at,
    updatedAt: at,
  }
  keep(world.state.orders, id, order)
  announce(world, preference.id, [orderEvent(order, 'create')])
  return order
}

/** Closes the order when the payments that were ever approved cover it. Once closed it stays closed. */
export function settleOrder(world: World, order: Order): void {
  const covered = paymentsOf(world, order).reduce((sum, payment) => (payment.approvedAt ? sum + payment.amount : sum), 0)
  if (roundHalfUp(covered) >= order.total) order.closed = true
  order.updatedAt = world.stamp()
}

/** Ends an order that nobody paid; one that holds money, or may still receive it, is left alone. */
export function cancelOrder(world: World, order: Order): boolean {
  const alive = paymentsOf(world, order).some((payment) => ['approved', 'pending', 'in_process', 'authorized'].includes(payment.status))
  if (order.closed || alive) return false
  order.cancelled = true
  order.updatedAt = world.stamp()
  announce(world, order.preferenceId, [orderEvent(order, 'update')])
  return true
}

export const paymentsOf = (world: World, order: Order): Payment[] =>
  order.paymentIds.map((id) => world.state.payments.get(id)).filter((payment) => payment !== undefined)
