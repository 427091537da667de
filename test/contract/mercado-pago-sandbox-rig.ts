import { InvalidWebhookSignatureError, MercadoPagoConfig, type SignatureFailureReason, WebhookSignatureValidator } from 'mercadopago'
import { AppConfig } from 'mercadopago/dist/utils/config/index.js'
import { createSandboxClock, type SandboxClock } from '../../sandbox/kernel/clock.ts'
import type { SandboxPart } from '../../sandbox/kernel/parts.ts'
import { createRequestLog, type RequestLog } from '../../sandbox/kernel/request-log.ts'
import { openServer } from '../../sandbox/kernel/server.ts'
import { createMercadoPagoSandbox } from '../../sandbox/mercado-pago/index.ts'

export const ACCESS_TOKEN = 'APP_USR-6295877106812064-112611-sandbox-2115257370'
export const WEBHOOK_SECRET = 'local-sandbox-secret'
export const COLLECTOR_ID = 2_115_257_370
export const NOW = '2026-11-26T15:00:00.000Z'
export const WEBHOOK_URL = 'http://localhost:3000/api/mercado-pago/webhook?ref=abc&source_news=webhooks'
export const BOTH_FORMATS_URL = 'http://localhost:3000/api/mercado-pago/webhook?ref=abc'

/** One notification as the seller's server sees it. */
export interface Received {
  url: URL
  headers: Headers
  body: string
}

// biome-ignore lint/suspicious/noExplicitAny: answers of an untyped JSON API, examined field by field
export type AnyJson = any

export interface Rig {
  origin: string
  clock: SandboxClock
  part: SandboxPart
  log: RequestLog
  /** Notifications received by the seller, oldest first. */
  received: Received[]
  /** What the seller answers; default 200. */
  answerWith(answer: (received: Received, request: Request) => Response | Promise<Response>): void
  /** A fresh SDK configuration, as every operation must use. */
  config(options?: Record<string, unknown>): MercadoPagoConfig
  api(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: AnyJson }>
  control(method: string, path: string, body?: unknown): Promise<{ status: number; body: AnyJson }>
  /** A page of the checkout; redirects are not followed. */
  page(path: string): Promise<{ status: number; text: string; headers: Headers }>
  submit(path: string, fields: Record<string, string>): Promise<{ status: number; location: string; text: string }>
  preference(changes?: Record<string, unknown>): Promise<AnyJson>
  pay(preferenceId: string, changes?: Record<string, unknown>): Promise<AnyJson>
  /** Moves the virtual clock and runs what became due. */
  advance(milliseconds: number): Promise<void>
  close(): Promise<void>
}

/** A sandbox on a real port of 127.0.0.1 whose clock moves only by hand. Throws on any request that would leave this computer. */
export async function startRig(): Promise<Rig> {
  const fixed = Date.parse(NOW)
  const clock = createSandboxClock(0, () => fixed)
  const log = createRequestLog(() => clock.now())
  const server = await openServer('mercado-pago', 0)
  const received: Received[] = []
  let answer: (received: Received, request: Request) => Response | Promise<Response> = () => new Response('ok')
  const part = createMercadoPagoSandbox(
    { clock, log, origin: server.origin, changed: () => undefined },
    {
      accessToken: ACCESS_TOKEN,
      webhookSecret: WEBHOOK_SECRET,
      collectorId: COLLECTOR_ID,
      deliver: async (request) => {
        const seen = { url: new URL(request.url), headers: request.headers, body: await request.text() }
        received.push(seen)
        return answer(seen, request)
      },
    },
  )
  server.answerWith((request, env) => part.app.fetch(request, env))
  const restoreFetch = keepFetchOnLoopback()
  const defaultBaseUrl = AppConfig.BASE_URL
  ;(AppConfig as { BASE_URL: string }).BASE_URL = server.origin

  const call = async (pending: Promise<Response>) => {
    const response = await pending
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : JSON.parse(text) }
  }
  const json = (method: string, body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const rig: Rig = {
    origin: server.origin,
    clock,
    part,
    log,
    received,
    answerWith(next) {
      answer = next
    },
    config: (options = {}) => new MercadoPagoConfig({ accessToken: ACCESS_TOKEN, options: { timeout: 5_000, maxRetries: 0, ...options } }),
    api: (method, path, body, headers) =>
      call(fetch(`${server.origin}${path}`, json(method, body, { authorization: `Bearer ${ACCESS_TOKEN}`, ...headers }))),
    control: (method, path, body) => call(Promise.resolve(part.control.request(path, json(method, body)))),
    async page(path) {
      const response = await fetch(`${server.origin}${path}`, { redirect: 'manual' })
      return { status: response.status, text: await response.text(), headers: response.headers }
    },
    async submit(path, fields) {
      const response = await fetch(`${server.origin}${path}`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
      return { status: response.status, location: response.headers.get('location') ?? '', text: await response.text() }
    },
    async preference(changes = {}) {
      const created = await rig.api('POST', '/checkout/preferences', { ...PREFERENCE, ...changes })
      if (created.status !== 201) throw new Error(`preference refused: ${JSON.stringify(created.body)}`)
      return created.body
    },
    async pay(preferenceId, changes = {}) {
      const paid = await rig.control('POST', '/pay', { preferenceId, ...changes })
      if (paid.status !== 201) throw new Error(`payment refused: ${JSON.stringify(paid.body)}`)
      return paid.body.payment
    },
    async advance(milliseconds) {
      clock.advance(milliseconds)
      await part.tick()
    },
    async close() {
      ;(AppConfig as { BASE_URL: string }).BASE_URL = defaultBaseUrl
      restoreFetch()
      await part.close()
      await server.close()
    },
  }
  return rig
}

export const PREFERENCE = {
  items: [
    {
      id: 'user-1',
      title: 'HablaInglesYa - Clase virtual para 1 persona(s)',
      quantity: 1,
      unit_price: 15_000,
      currency_id: 'ARS',
    },
  ],
  external_reference: '5a3f5a0e-6d5c-4c0b-9f5e-0a5e5f9f1a11',
  notification_url: WEBHOOK_URL,
  back_urls: {
    success: 'https://clases.example/checkout/callback/success',
    pending: 'https://clases.example/checkout/callback/pending',
    failure: 'https://clases.example/checkout/callback/failure',
  },
  auto_return: 'approved',
}

export const MINUTE = 60_000
export const HOUR = 3_600_000
export const DAY = 86_400_000

function keepFetchOnLoopback(): () => void {
  const original = globalThis.fetch
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    if (url.hostname !== '127.0.0.1') throw new Error(`A request left this computer: ${url.href}`)
    return original(input, init)
  }
  return () => {
    globalThis.fetch = original
  }
}

/** What the official validator says about a received notification. */
export function verdictOn({ url, headers }: Received, secret = WEBHOOK_SECRET): SignatureFailureReason | 'valid' {
  try {
    WebhookSignatureValidator.validate({
      xSignature: headers.get('x-signature') ?? undefined,
      xRequestId: headers.get('x-request-id') ?? undefined,
      dataId: url.searchParams.get('data.id') ?? undefined,
      secret,
    })
    return 'valid'
  } catch (error) {
    if (error instanceof InvalidWebhookSignatureError) return error.reason
    throw error
  }
}

/** A notification's type (Webhook) or topic (IPN). */
export const topicOf = ({ url }: Received): string => url.searchParams.get('type') ?? `ipn ${url.searchParams.get('topic')}`
