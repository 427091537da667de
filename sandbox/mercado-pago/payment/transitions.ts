import { announce, type Event, orderEvent, paymentEvent } from '../notifier/announce.ts'
import { settleOrder } from '../order/commands.ts'
import type { Payment, World } from '../world.ts'

/** Puts a payment into a state, settles its order and announces both. The caller decides whether the change is allowed. */
export function moveTo(world: World, payment: Payment, status: string, statusDetail: string, alsoAnnounce: Event[] = []): void {
  payment.status = status
  payment.statusDetail = statusDetail
  touch(world, payment)
  if (status === 'approved') {
    payment.approvedAt ??= world.stamp()
    payment.expiresAt = null
  }
  payment.goneAt = GONE.includes(status) ? (payment.goneAt ?? world.stamp()) : null
  announceUpdate(world, payment, alsoAnnounce)
}

const GONE = ['refunded', 'charged_back']

export function announceUpdate(world: World, payment: Payment, alsoAnnounce: Event[] = []): void {
  const events: Event[] = [paymentEvent(payment, 'payment.updated')]
  const order = world.state.orders.get(payment.orderId)
  if (order) {
    settleOrder(world, order)
    events.push(orderEvent(order, 'update'))
  }
  announce(world, payment.preferenceId, [...events, ...alsoAnnounce])
}

/** `date_last_updated` grows with every change, also when the virtual clock stands still. */
export function touch(world: World, payment: Payment): void {
  const after = new Date(payment.updatedAt).getTime() + 1
  payment.updatedAt = new Date(Math.max(world.now().getTime(), after)).toISOString()
}

export const isUnpaid = (payment: Payment): boolean => ['pending', 'in_process', 'authorized'].includes(payment.status)

/** Cancels what nobody paid in time. Returns how many payments died. */
export function expireUnpaid(world: World): number {
  const now = world.now()
  const due = [...world.state.payments.values()].filter(
    (payment) => isUnpaid(payment) && payment.expiresAt !== null && new Date(payment.expiresAt) <= now,
  )
  for (const payment of due) moveTo(world, payment, 'cancelled', 'expired')
  return due.length
}
