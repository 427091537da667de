import { nextMessageId, nextUuid } from '../ids.ts'
import { type Json, wireDate } from '../wire.ts'
import type { Notification, World } from '../world.ts'
import { signatureHeader } from './signature.ts'

/** One HTTP request to the seller, as it goes out. */
export interface Message {
  url: string
  headers: Record<string, string>
  body: string
}

/** Secret of nobody: IPN carries a signature that no seller can verify, and "garbage" imitates a forger. */
const UNKNOWN_SECRET = 'a-secret-that-no-seller-has'

/** Builds one try: a new request id, timestamp and body id each time; only the first try of an event shares its request id. */
export function buildMessage(world: World, notification: Notification): Message {
  const first = notification.tries.length === 0
  const requestId = first ? notification.eventRequestId : nextUuid(world.state.numbering, 'request')
  const ts = timestamp(world)
  const message = notification.format === 'webhook' ? webhook(world, notification) : ipn(world, notification)
  const { settings } = world.state
  const signing = notification.format === 'ipn' ? 'garbage' : settings.notificationSignature
  const dataId = message.query.find(([name]) => name === 'data.id')?.[1]
  const secrets = { valid: world.account.webhookSecret, second: settings.secondSecret, garbage: UNKNOWN_SECRET }
  return {
    url: appendQuery(notification.url, message.query),
    headers: {
      'content-type': 'application/json',
      accept: '*/*',
      'user-agent': message.userAgent,
      'x-request-id': requestId,
      'x-socket-timeout': '22000',
      'x-retry': String(notification.rung),
      ...(signing !== 'none' && { 'x-signature': signatureHeader(secrets[signing], { dataId, requestId, ts }) }),
    },
    body: message.body,
  }
}

export function timestamp(world: World): string {
  const milliseconds = world.now().getTime()
  return String(world.state.settings.notificationTimestamp === 'milliseconds' ? milliseconds : Math.floor(milliseconds / 1000))
}

interface Parts {
  query: [string, string][]
  userAgent: string
  body: string
}

const WEBHOOK_TYPES = { payment: 'payment', merchant_order: 'topic_merchant_order_wh', chargeback: 'topic_chargebacks_wh' } as const
const IPN_TOPICS = { payment: 'payment', merchant_order: 'merchant_order', chargeback: 'chargebacks' } as const

function webhook(world: World, notification: Notification): Parts {
  const type = WEBHOOK_TYPES[notification.topic]
  const withId = notification.topic !== 'merchant_order' || world.state.settings.orderIdInQuery
  return {
    query: [...(withId ? [['data.id', notification.resourceId] as [string, string]] : []), ['type', type]],
    userAgent: `MercadoPago WebHook v1.0 ${type}`,
    body: WEBHOOK_BODIES[notification.topic](world, notification),
  }
}

const APPLICATION_ID = '6295877106812064'

const WEBHOOK_BODIES = {
  payment: (world: World, notification: Notification): string =>
    JSON.stringify({
      action: notification.action,
      api_version: 'v1',
      data: { id: notification.resourceId },
      date_created: wireDate(notification.createdAt),
      id: nextMessageId(world.state.numbering),
      live_mode: true,
      type: 'payment',
      user_id: world.account.collectorId,
    }),
  /** The order's number is the top-level id; there is no `data.id` and no payment id. */
  merchant_order: (world: World, notification: Notification): string =>
    JSON.stringify({
      action: notification.action,
      application_id: APPLICATION_ID,
      data: { currency_id: '', marketplace: 'NONE', status: notification.facts['status'] },
      date_created: wireDate(notification.createdAt),
      id: notification.resourceId,
      live_mode: false,
      status: notification.facts['status'],
      type: 'topic_merchant_order_wh',
      user_id: world.account.collectorId,
      version: 1,
    }),
  /** `data.id` is a bare number above 2^53, so it is written into the text and never passes through a double. */
  chargeback: (world: World, notification: Notification): string => {
    const { payment_id, date_updated } = notification.facts
    const body: Json = {
      actions: [notification.action],
      api_version: 'v1',
      application_id: APPLICATION_ID,
      data: { checkout: 'PRO', date_updated, id: '#', payment_id, product_id: '', site_id: 'MLA', transaction_intent_id: '' },
      date_created: wireDate(notification.createdAt),
      id: nextMessageId(world.state.numbering),
      live_mode: true,
      type: 'topic_chargebacks_wh',
      user_id: world.account.collectorId,
      version: 1,
    }
    return JSON.stringify(body).replace('"#"', notification.resourceId)
  },
}

function ipn(world: World, notification: Notification): Parts {
  const topic = IPN_TOPICS[notification.topic]
  const resource =
    notification.topic === 'merchant_order' ? `${world.origin}/merchant_orders/${notification.resourceId}` : notification.resourceId
  return {
    query: [
      ['id', notification.resourceId],
      ['topic', topic],
    ],
    userAgent: `MercadoPago Feed v2.0 ${topic}`,
    body: JSON.stringify({ resource, topic }),
  }
}

/** The seller's own parameters stay where they are. */
export function appendQuery(url: string, query: [string, string][]): string {
  const target = new URL(url)
  for (const [name, value] of query) target.searchParams.append(name, value)
  return target.href
}
