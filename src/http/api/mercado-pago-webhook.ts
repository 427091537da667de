import { z } from 'zod'
import type { Config } from '../../config.ts'
import { type NotificationTopic, receiveNotification } from '../../features/payment/notification.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, limitRate, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

/** Unsigned notifications from one address in ten minutes; each only makes us look at one of our own orders (behaviour R35). */
const UNSIGNED_LIMIT = 600
const ResourceId = z.string().regex(/^\d{1,20}$/)
const PROVIDER_ORIGINS = ['https://api.mercadopago.com', 'https://api.mercadolibre.com']

type Recognised =
  | { form: 'signed'; topic: NotificationTopic; id: string | null; signedId: string | null; isDispute: boolean }
  | { form: 'old'; topic: 'merchant_order'; resource: string | null }
  | { form: 'none' }

export const webhookEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/mercado-pago/webhook',
  summary: 'Avisos de Mercado Pago: se verifican, se anotan y se responden; un trabajo lee la verdad',
  auth: 'none',
  responses: {
    200: { description: 'Recibido', schema: z.object({ ok: z.literal(true) }) },
    400: { description: 'Recurso inválido' },
    401: { description: 'Firma inválida' },
    500: { description: 'No se pudo anotar; hay que reintentar' },
  },
  async handle(c) {
    const { config } = c.get('deps')
    const body = await readJson(c)
    const recognised = recognise(new URL(c.req.url).searchParams, body.ok ? body.value : null)
    switch (recognised.form) {
      case 'none':
        return accepted(c)
      case 'signed':
        return receiveSigned(c, recognised)
      case 'old': {
        if (!config.mercadoPago.acceptIpn || !recognised.resource) return accepted(c)
        const id = idOfResource(recognised.resource, config)
        if (!id) return fail(c, 400, 'Recurso inválido')
        return recordUnsigned(c, { topic: 'merchant_order', externalId: id })
      }
    }
  },
}

function accepted(c: AppContext): Response {
  return c.json({ ok: true })
}

async function receiveSigned(c: AppContext, notification: Extract<Recognised, { form: 'signed' }>): Promise<Response> {
  const { config, payments, log } = c.get('deps')
  const verdict = payments.verifyNotification({
    xSignature: c.req.header('x-signature') ?? null,
    xRequestId: c.req.header('x-request-id') ?? null,
    dataId: notification.signedId,
  })
  if (verdict !== 'valid' && config.mercadoPago.webhookSecrets.length > 0) {
    log.warn({ verdict, topic: notification.topic }, 'notification with a bad signature')
    return fail(c, 401, 'Firma inválida')
  }
  // A dispute that does not say which payment it is about is found by the daily check.
  if (notification.id === null && notification.isDispute) return accepted(c)
  const id = ResourceId.safeParse(notification.id)
  if (!id.success) return fail(c, 400, 'Recurso inválido')
  const recorded = { topic: notification.topic, externalId: id.data }
  return verdict === 'valid' ? record(c, { ...recorded, signed: true }) : recordUnsigned(c, recorded)
}

async function recordUnsigned(c: AppContext, notification: { topic: NotificationTopic; externalId: string }): Promise<Response> {
  const limited = await limitRate(c, 'webhook-unsigned', UNSIGNED_LIMIT)
  return limited ?? record(c, { ...notification, signed: false })
}

async function record(c: AppContext, notification: { topic: NotificationTopic; externalId: string; signed: boolean }): Promise<Response> {
  const requestId = c.req.header('x-request-id')?.slice(0, 100) ?? null
  const received = await receiveNotification(c.get('deps'), { ...notification, requestId })
  // The only case in which the provider should send it again (behaviour W7b).
  return received.ok ? accepted(c) : fail(c, 500, API_TEXT.internal)
}

const SIGNED_TOPICS: Record<string, NotificationTopic> = {
  payment: 'payment',
  topic_merchant_order_wh: 'merchant_order',
  topic_chargebacks_wh: 'payment',
}

/**
 * Which of the documented forms this is (behaviour 4.3). The signature covers the `data.id` of the query, so that is the id we look at.
 * A dispute has a number of its own there; the payment it is about stands in the body, and only makes us look at that payment (W28).
 */
function recognise(query: URLSearchParams, body: unknown): Recognised {
  const fields = isObject(body) ? body : {}
  const type = textOf(fields.type) ?? query.get('type')
  const topic = type ? SIGNED_TOPICS[type] : undefined
  if (topic) {
    const data = isObject(fields.data) ? fields.data : {}
    const inBody = textOf(data.id) ?? (topic === 'merchant_order' ? textOf(fields.id) : null)
    const signedId = query.get('data.id')
    const isDispute = type === 'topic_chargebacks_wh'
    return { form: 'signed', topic, id: isDispute ? textOf(data.payment_id) : (signedId ?? inBody), signedId, isDispute }
  }
  if ((textOf(fields.topic) ?? query.get('topic')) === 'merchant_order') {
    return { form: 'old', topic: 'merchant_order', resource: textOf(fields.resource) ?? query.get('id') }
  }
  return { form: 'none' }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

/**
 * The order number of a `resource`: bare, or after exactly one of the provider's own addresses, letter for letter: no port, no user, no
 * query, no escapes. The address itself is never called (behaviour W5).
 */
function idOfResource(resource: string, config: Pick<Config, 'mercadoPago'>): string | null {
  if (ResourceId.safeParse(resource).success) return resource
  const [, origin, id] = /^([a-z0-9.:/-]{1,200})\/merchant_orders\/(\d{1,20})$/.exec(resource) ?? []
  const origins = [...PROVIDER_ORIGINS, new URL(config.mercadoPago.apiUrl).origin]
  return origin && id && origins.includes(origin) ? id : null
}
