import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMercadoPagoSandbox } from '../../sandbox/mercado-pago/index.ts'
import {
  ACCESS_TOKEN,
  type AnyJson,
  COLLECTOR_ID,
  HOUR,
  MINUTE,
  NOW,
  type Received,
  type Rig,
  startRig,
  topicOf,
  verdictOn,
  WEBHOOK_SECRET,
  WEBHOOK_URL,
} from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

/** Pays and lets the first deliveries happen. */
async function payAndDeliver(preferenceChanges: Record<string, unknown> = {}, payChanges: Record<string, unknown> = {}) {
  const preference = await rig.preference(preferenceChanges)
  const payment = await rig.pay(preference.id, payChanges)
  await rig.advance(500)
  return { preference, payment }
}

const topics = () => rig.received.map(topicOf)
const payments = () => rig.received.filter(({ url }) => url.searchParams.get('type') === 'payment')
const queue = async (query = ''): Promise<AnyJson[]> => (await rig.control('GET', `/notifications${query}`)).body.notifications

describe('delivery', () => {
  test('the retry ladder, re-signed with new ids each time, then it gives up', async () => {
    rig.answerWith(() => new Response('no', { status: 503 }))
    await payAndDeliver()
    const start = Date.parse(NOW) + 500
    for (const step of [500, 15 * MINUTE, 30 * MINUTE, 6 * HOUR, 48 * HOUR, 96 * HOUR]) {
      const before = payments().length
      rig.clock.set(new Date(start + step - 1))
      await rig.part.tick()
      expect(payments().length).toBe(before)
      await rig.advance(1)
      expect(payments().length).toBe(before + 1)
    }
    await rig.advance(1_000 * HOUR)
    expect(payments()).toHaveLength(7)
    expect(payments().map((received) => verdictOn(received))).toEqual(Array.from({ length: 7 }, () => 'valid'))
    expect(new Set(payments().map(({ body }) => JSON.parse(body).id)).size).toBe(7)
    expect(new Set(payments().map(({ headers }) => headers.get('x-request-id'))).size).toBe(7)
    expect(payments().map(({ headers }) => headers.get('x-retry'))).toEqual(['0', '1', '2', '3', '4', '5', '6'])
    expect((await queue('?topic=payment'))[0]).toMatchObject({ state: 'exhausted' })
  })

  test.each([
    [200, 'delivered'],
    [201, 'delivered'],
    [202, 'pending'],
    [204, 'pending'],
    [302, 'pending'],
    [401, 'pending'],
    [500, 'pending'],
  ])('an answer of %i leaves it %s', async (status, state) => {
    rig.answerWith(() => new Response(null, { status }))
    await payAndDeliver()
    expect((await queue('?topic=payment'))[0]).toMatchObject({ state, tries: [{ status }] })
    await rig.advance(HOUR)
    expect(payments().length > 1).toBe(state === 'pending')
  })

  test('nothing is sent before its time; the delay is a setting', async () => {
    await rig.control('PATCH', '/settings', { notificationDelayMs: 10_000 })
    await rig.pay((await rig.preference()).id)
    await rig.advance(9_999)
    expect(rig.received).toEqual([])
    await rig.advance(1)
    expect(rig.received).toHaveLength(3)
  })

  test('a receiver that never answers times out and is tried again; other notifications still arrive', async () => {
    await rig.control('PATCH', '/settings', { deliveryTimeoutMs: 300 })
    rig.answerWith(({ url }) => (url.searchParams.get('type') === 'payment' ? new Promise(() => undefined) : new Response('ok')))
    await payAndDeliver()
    expect(await queue('?state=delivered')).toHaveLength(2)
    expect((await queue('?topic=payment'))[0]).toMatchObject({
      state: 'pending',
      tries: [{ status: null, error: 'no answer within 300 ms' }],
    })
  })

  test('deliveries of one notification never overlap, however often the clock ticks', async () => {
    const gate = Promise.withResolvers<void>()
    let inside = 0
    let most = 0
    rig.answerWith(async ({ url }) => {
      if (url.searchParams.get('type') !== 'payment') return new Response('ok')
      inside += 1
      most = Math.max(most, inside)
      await gate.promise
      inside -= 1
      return new Response('no', { status: 500 })
    })
    await rig.pay((await rig.preference()).id)
    rig.clock.advance(HOUR)
    const ticks = [rig.part.tick(), rig.part.tick(), rig.part.tick()]
    const [waiting] = await queue('?topic=payment')
    expect((await rig.control('POST', `/notifications/${waiting.id}/replay`)).status).toBe(409)
    gate.resolve()
    await Promise.all(ticks)
    expect([most, payments().length]).toEqual([1, 1])
  })

  test('over the network: a real server gets them, anything beyond this computer is never called', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(`${request.method} ${request.url}`)
      response.end('ok')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const receiver = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?source_news=webhooks`
    const part = createMercadoPagoSandbox(
      { clock: rig.clock, log: rig.log, origin: rig.origin, changed: () => undefined },
      { accessToken: ACCESS_TOKEN, webhookSecret: WEBHOOK_SECRET, collectorId: COLLECTOR_ID },
    )
    const call = async (path: string, body: unknown) =>
      (await part.control.request(path, { method: 'POST', body: JSON.stringify(body) })).json() as Promise<AnyJson>
    const here = await call('/notifications/forge', { url: receiver, signature: 'valid' })
    expect(here.answer).toEqual({ status: 200, error: null, text: 'ok' })
    expect(seen).toEqual(['POST /hook?source_news=webhooks&data.id=123456&type=payment'])
    const elsewhere = await call('/notifications/forge', { url: 'https://clases.example/hook' })
    expect(elsewhere.answer).toMatchObject({ status: null, error: 'only receivers on this computer are called' })
    await part.close()
    await new Promise((resolve) => server.close(resolve))
  })
})

describe('the queue by hand', () => {
  test('pause keeps, resume sends; flush sends what is not yet due', async () => {
    await rig.control('POST', '/notifications/pause')
    await rig.pay((await rig.preference()).id)
    await rig.advance(HOUR)
    expect(rig.received).toEqual([])
    await rig.control('POST', '/notifications/resume')
    await rig.advance(0)
    expect(rig.received).toHaveLength(3)
    await rig.pay((await rig.preference()).id)
    const { body } = await rig.control('POST', '/notifications/flush')
    expect(body.sent.map((sent: AnyJson) => sent.status)).toEqual([200, 200, 200])
    await rig.advance(HOUR)
    expect(rig.received).toHaveLength(6)
  })

  test('drop, delay, duplicate, replay one notification', async () => {
    await rig.pay((await rig.preference()).id)
    const [opened, payment, closed] = (await queue()) as [AnyJson, AnyJson, AnyJson]
    await rig.control('POST', `/notifications/${opened.id}/drop`)
    await rig.control('POST', `/notifications/${closed.id}/delay`, { milliseconds: HOUR })
    await rig.control('POST', `/notifications/${payment.id}/duplicate`, { copies: 2 })
    await rig.advance(500)
    expect(topics()).toEqual(['payment', 'payment', 'payment'])
    await rig.advance(HOUR)
    expect(topics().at(-1)).toBe('topic_merchant_order_wh')
    const replayed = await rig.control('POST', `/notifications/${payment.id}/replay`)
    expect(replayed.body).toMatchObject({ answer: { status: 200 }, notification: { state: 'delivered' } })
    expect(payments()).toHaveLength(4)
    expect(await queue('?state=dropped')).toHaveLength(1)
  })

  test('the queue can be turned around', async () => {
    await rig.control('PATCH', '/settings', { deliveriesInParallel: 1 })
    const preference = await rig.preference()
    await rig.pay(preference.id, { holder: 'OTHE' })
    const approved = await rig.pay(preference.id)
    await rig.control('POST', '/notifications/reorder', { order: 'reverse' })
    await rig.advance(HOUR)
    expect(payments().map(({ url }) => url.searchParams.get('data.id'))).toEqual([String(approved.id), String(approved.id - 1)])
  })

  test('the next ones can be lost, and all can come twice', async () => {
    await rig.control('PATCH', '/settings', { notificationsToDrop: 2, notificationCopies: 1 })
    await payAndDeliver()
    expect(topics()).toEqual(['payment', 'payment', 'topic_merchant_order_wh', 'topic_merchant_order_wh'])
    expect(await queue('?state=dropped')).toHaveLength(2)
  })

  test.each([
    ['none', 'MissingSignatureHeader'],
    ['garbage', 'SignatureMismatch'],
    ['second', 'SignatureMismatch'],
    ['uppercase', 'SignatureMismatch'],
    ['empty-secret', 'SignatureMismatch'],
    ['other-id', 'SignatureMismatch'],
    ['valid', 'valid'],
  ] as const)('a forged notification with signature "%s" is %s', async (signature, verdict) => {
    await rig.preference()
    rig.answerWith(() => new Response('{"ok":true}', { status: 401 }))
    const { body } = await rig.control('POST', '/notifications/forge', { signature })
    expect(body.answer).toEqual({ status: 401, error: null, text: '{"ok":true}' })
    const [received] = rig.received as [Received]
    expect(received.url.href).toBe(`${WEBHOOK_URL}&data.id=123456&type=payment`)
    expect(verdictOn(received)).toBe(verdict)
  })

  test('a forged notification can have any age, body, query and header', async () => {
    await rig.control('POST', '/notifications/forge', {
      url: 'http://localhost:3000/hook',
      format: 'ipn',
      body: '{"resource":"http://169.254.169.254/merchant_orders/1","topic":"merchant_order"}',
      query: {},
      headers: { 'x-forwarded-for': '1.2.3.4' },
      signature: 'valid',
      ageSeconds: -86_400,
    })
    const [received] = rig.received as [Received]
    expect(received.url.href).toBe('http://localhost:3000/hook')
    expect(received.body).toContain('169.254.169.254')
    expect(received.headers.get('x-forwarded-for')).toBe('1.2.3.4')
    expect(received.headers.get('x-signature')).toContain(`ts=${Date.parse(NOW) / 1000 - 86_400},`)
  })
})
