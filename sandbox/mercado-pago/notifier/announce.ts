import { nextNotificationId, nextUuid } from '../ids.ts'
import { termsOf } from '../preference/terms.ts'
import { type Json, wireDate } from '../wire.ts'
import { type Chargeback, keep, type Notification, type NotificationTopic, type Order, type Payment, type World } from '../world.ts'

/** Something that happened to one resource and that the seller is told about. */
export interface Event {
  topic: NotificationTopic
  resourceId: string
  action: string
  facts: Json
}

export const paymentEvent = (payment: Payment, action: 'payment.created' | 'payment.updated'): Event => ({
  topic: 'payment',
  resourceId: String(payment.id),
  action,
  facts: {},
})

export const orderEvent = (order: Order, action: 'create' | 'update'): Event => ({
  topic: 'merchant_order',
  resourceId: String(order.id),
  action,
  facts: { status: order.closed ? 'closed' : order.cancelled ? 'expired' : 'opened' },
})

export const chargebackEvent = (chargeback: Chargeback): Event => ({
  topic: 'chargeback',
  resourceId: chargeback.id,
  action: 'changed_case_status',
  facts: { payment_id: chargeback.paymentId, date_updated: wireDate(chargeback.updatedAt) },
})

/** Queues what the seller of this preference hears about things that happened together. */
export function announce(world: World, preferenceId: string, events: Event[]): void {
  const eventRequestId = nextUuid(world.state.numbering, 'request')
  for (const event of events) {
    const target = targetOf(world, preferenceId, event.topic)
    if (!target) continue
    for (const format of target.formats) {
      for (let copy = 0; copy <= world.state.settings.notificationCopies; copy += 1) {
        enqueue(world, { ...event, format, url: target.url, eventRequestId })
      }
    }
  }
  world.context.changed()
}

interface Target {
  url: string
  formats: ('webhook' | 'ipn')[]
}

/** The preference's own URL goes before the panel's; chargebacks belong to the panel. The panel only knows Webhooks. */
function targetOf(world: World, preferenceId: string, topic: NotificationTopic): Target | null {
  const preference = world.state.preferences.get(preferenceId)
  const own = preference ? termsOf(preference).notificationUrl : null
  const panel = world.state.settings.panelNotificationUrl
  if (panel && (!own || topic === 'chargeback')) return { url: panel, formats: ['webhook'] }
  return own ? { url: own, formats: formatsFor(own, topic) } : null
}

/** `source_news` chooses the format; without it both arrive (of merchant orders only the IPN one). */
function formatsFor(url: string, topic: NotificationTopic): ('webhook' | 'ipn')[] {
  const choice = new URL(url).searchParams.get('source_news')
  if (choice === 'webhooks') return ['webhook']
  if (choice === 'ipn') return ['ipn']
  return topic === 'merchant_order' ? ['ipn'] : ['webhook', 'ipn']
}

function enqueue(
  world: World,
  seed: Pick<Notification, 'format' | 'topic' | 'resourceId' | 'action' | 'facts' | 'url' | 'eventRequestId'>,
): Notification {
  const { settings, numbering, notifications } = world.state
  const dropped = settings.notificationsToDrop > 0
  if (dropped) settings.notificationsToDrop -= 1
  const id = nextNotificationId(numbering)
  return keep(notifications, id, {
    ...seed,
    id,
    state: dropped ? 'dropped' : 'pending',
    createdAt: world.stamp(),
    dueAt: new Date(world.now().getTime() + settings.notificationDelayMs).toISOString(),
    firstTriedAt: null,
    rung: 0,
    tries: [],
  })
}
