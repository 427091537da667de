import { z } from 'zod'
import type { Config } from '../../config.ts'
import { type NotificationTopic, receiveNotification } from '../../features/payment/notification.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, limitRate, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

/** Unsigned notifications from one address in ten minutes; each only makes us look at one of our own orders (behaviour R35). */
const UNSIGNED_LIMIT = 600
const ResourceId = z.string().regex(/^\d{1,20}$/)
const PROVIDER_HOSTS = ['api.mercadopago.com', 'api.mercadolibre.com']

type Recognised =
  | { form: 'signed'; topic: NotificationTopic; id: string | null; signedId: string | null }
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
        const limited = await limitRate(c, 'webhook-unsigned', UNSIGNED_LIMIT)
        return limited ?? record(c, { topic: 'merchant_order', externalId: id, signed: false })
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
  const id = ResourceId.safeParse(notification.id)
  if (!id.success) return fail(c, 400, 'Recurso inválido')
  return record(c, { topic: notification.topic, externalId: id.data, signed: verdict === 'valid' })
}

async function record(c: AppContext, notification: { topic: NotificationTopic; externalId: string; signed: boolean }): Promise<Response> {
  try {
    await receiveNotification(c.get('deps'), { ...notification, requestId: c.req.header('x-request-id')?.slice(0, 100) ?? null })
    return accepted(c)
  } catch (error) {
    // The only case in which the provider should send it again (behaviour W7b).
    c.get('deps').log.error({ error: error instanceof Error ? error.message : String(error) }, 'a notification could not be stored')
    return fail(c, 500, API_TEXT.internal)
  }
}

const SIGNED_TOPICS: Record<string, NotificationTopic> = { payment: 'payment', topic_merchant_order_wh: 'merchant_order' }

/** Which of the documented forms this is (behaviour 4.3). The signature covers the `data.id` of the query, so that is the id we look at. */
function recognise(query: URLSearchParams, body: unknown): Recognised {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {}
  const type = textOf(fields.type) ?? query.get('type')
  const topic = type ? SIGNED_TOPICS[type] : undefined
  if (topic) {
    const data = typeof fields.data === 'object' && fields.data !== null ? (fields.data as Record<string, unknown>) : {}
    const inBody = textOf(data.id) ?? (topic === 'merchant_order' ? textOf(fields.id) : null)
    const signedId = query.get('data.id')
    return { form: 'signed', topic, id: signedId ?? inBody, signedId }
  }
  if ((textOf(fields.topic) ?? query.get('topic')) === 'merchant_order') {
    return { form: 'old', topic: 'merchant_order', resource: textOf(fields.resource) ?? query.get('id') }
  }
  return { form: 'none' }
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : null
}

/**
 * The order number of a `resource`: bare, or the last part of the provider's own address. The address itself is never called (behaviour W5).
 */
export function idOfResource(resource: string, config: Pick<Config, 'mercadoPago'>): string | null {
  if (ResourceId.safeParse(resource).success) return resource
  const url = URL.parse(resource)
  if (!url || url.username || url.password || url.search || url.hash) return null
  // The parsed form must be the text itself: no port, no escapes, no tricks.
  if (url.href !== resource) return null
  const isProvider = url.protocol === 'https:' && url.port === '' && PROVIDER_HOSTS.includes(url.hostname)
  const isConfigured = url.origin === new URL(config.mercadoPago.apiUrl).origin
  const match = /^\/merchant_orders\/(\d{1,20})$/.exec(url.pathname)
  return (isProvider || isConfigured) && match?.[1] ? match[1] : null
}
