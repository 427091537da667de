import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createApp, type Pages } from '../../src/http/app.ts'
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog, freshSlots, newcomer } from '../support/scene.ts'
import { BASE_URL, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  casesOf,
  clearFaults,
  countInbox,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  inboxOf,
  mercadoPagoSettings,
  notifyOrder,
  notifyPayment,
  orderOf,
  pay,
  payOnce,
  replacePort,
  seconds,
  setFault,
  signedHeaders,
  stateOf,
  WEBHOOK,
} from './payment-scene.ts'

const OK = { ok: true }
const BAD_SIGNATURE = { error: 'Firma inválida' }
const BAD_RESOURCE = { error: 'Recurso inválido' }
const NOBODY = '99999999999'
/** The instant of the published test vectors. */
const VECTOR_TS = 1_766_455_693

describe('POST /api/mercado-pago/webhook', () => {
  let world: World
  let canary: Server
  let canaryHits = 0
  const nextSlot = freshSlots()

  beforeAll(async () => {
    // Two secrets, one of them on its way out, and empty ones that must never count.
    world = await openWorld({ env: { MERCADO_PAGO_WEBHOOK_SECRET: 'secret-on-its-way-out, ,local-sandbox-secret,' } })
    canary = createServer((_, response) => {
      canaryHits += 1
      response.end('{}')
    })
    await new Promise<void>((resolve) => canary.listen(0, '127.0.0.1', resolve))
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterEach(async () => {
    await clearFaults(world)
    await world.control('/google/faults', undefined, 'DELETE')
  })
  afterAll(async () => {
    await new Promise((resolve) => canary.close(resolve))
    await world.close()
  })

  const post = (body: unknown, query = '', headers: Record<string, string> = {}) => world.anonymous.post(WEBHOOK + query, body, headers)

  /** What must hold after a notification that is of no use: nothing written, nothing asked of anybody. */
  async function expectNoEffect(before: number): Promise<void> {
    await world.settle()
    expect(await countInbox(world)).toBe(before)
    expect(await askedOfProvider(world)).toEqual([])
    expect(canaryHits).toBe(0)
  }

  describe('W1–W3: what says nothing is answered and forgotten', () => {
    it.each<[string, unknown, string]>([
      ['W1 empty body', '', ''],
      ['W1 blanks', '  ', ''],
      ['W1 not JSON', '{"topic":', ''],
      ['W1 HTML', '<html></html>', ''],
      ['W1 null', 'null', ''],
      ['W1 a number', '42', ''],
      ['W1 a list', [{ topic: 'merchant_order', resource: '1' }], ''],
      ['W1 an empty object', {}, ''],
      ['W1 unknown topic', { topic: 'point_integration_ipn', resource: '1' }, ''],
      ['W1 unknown topic in the query', '', '?topic=delivery_cancellation&id=1'],
      ['W1 unknown type', { type: 'subscription_preapproval', data: { id: '1' } }, '?data.id=1&type=subscription_preapproval'],
      ['W1 a type that is no text', { type: { a: 1 }, data: { id: '1' } }, ''],
      ['W1 a NUL character', '{"topic":"merchant_order","resource":"1\\u0000"}', ''],
      ['W2 old form, topic payment', { topic: 'payment', resource: '123' }, ''],
      ['W2 old form, topic payment, in the query', { topic: 'payment', resource: '123' }, '?topic=payment&id=123'],
      ['W3 no resource and no id', { topic: 'merchant_order' }, ''],
      ['W3 an empty resource', { topic: 'merchant_order', resource: '' }, ''],
      ['W3 a resource that is null', { topic: 'merchant_order', resource: null }, ''],
      ['W3 a resource that is an object', { topic: 'merchant_order', resource: { id: 1 } }, ''],
    ])('%s', async (_, body, query) => {
      const before = await countInbox(world)
      await expectAnswer(post(body, query), 200, OK)
      await expectNoEffect(before)
    })

    it('a body over 64 KiB is refused before it is read (4.0)', async () => {
      const before = await countInbox(world)
      await expectAnswer(post(JSON.stringify({ topic: 'merchant_order', resource: '1'.repeat(70_000) })), 413, {
        error: 'La solicitud es demasiado grande',
      })
      await expectNoEffect(before)
    })

    it('only POST is understood (4.0)', async () => {
      const answer = await world.anonymous.get(`${WEBHOOK}?topic=merchant_order&id=1`)
      expect(answer.status).toBe(405)
      expect(answer.headers.get('allow')).toBe('POST')
    })
  })

  describe('W5: a resource is a number or exactly the address of the provider', () => {
    const apiUrl = () => world.deps.config.mercadoPago.apiUrl
    const canaryUrl = () => `http://127.0.0.1:${(canary.address() as AddressInfo).port}`

    const HOSTILE: [string, () => string][] = [
      ['another host', () => 'https://evil.example/merchant_orders/123'],
      ['another host that listens', () => `${canaryUrl()}/merchant_orders/123`],
      ['http instead of https', () => 'http://api.mercadopago.com/merchant_orders/123'],
      ['another scheme', () => 'ftp://api.mercadopago.com/merchant_orders/123'],
      ['no scheme', () => '//api.mercadopago.com/merchant_orders/123'],
      ['a file', () => 'file:///merchant_orders/123'],
      ['user information that looks like the host', () => 'https://api.mercadopago.com@evil.example/merchant_orders/123'],
      ['user information with password', () => 'https://user:pass@api.mercadopago.com/merchant_orders/123'],
      ['empty user information', () => 'https://@api.mercadopago.com/merchant_orders/123'],
      ['user information before the listener', () => `http://api.mercadopago.com@${canaryUrl().slice(7)}/merchant_orders/123`],
      ['a port', () => 'https://api.mercadopago.com:8443/merchant_orders/123'],
      ['the standard port', () => 'https://api.mercadopago.com:443/merchant_orders/123'],
      ['a longer host', () => 'https://api.mercadopago.com.evil.example/merchant_orders/123'],
      ['a subdomain', () => 'https://x.api.mercadopago.com/merchant_orders/123'],
      ['a final dot', () => 'https://api.mercadopago.com./merchant_orders/123'],
      ['capitals', () => 'https://API.mercadopago.com/merchant_orders/123'],
      ['a look-alike letter', () => 'https://api.mercadopagо.com/merchant_orders/123'],
      ['another path', () => 'https://api.mercadopago.com/v1/payments/123'],
      ['a longer path', () => 'https://api.mercadopago.com/merchant_orders/123/refunds'],
      ['a final slash', () => 'https://api.mercadopago.com/merchant_orders/123/'],
      ['a doubled slash', () => 'https://api.mercadopago.com//merchant_orders/123'],
      ['a path that climbs', () => 'https://api.mercadopago.com/merchant_orders/../v1/payments/123'],
      ['an escaped path that climbs', () => 'https://api.mercadopago.com/merchant_orders/%2e%2e/123'],
      ['an escaped digit', () => 'https://api.mercadopago.com/merchant_orders/12%33'],
      ['a backslash', () => 'https://api.mercadopago.com\\@evil.example/merchant_orders/123'],
      ['a query', () => 'https://api.mercadopago.com/merchant_orders/123?access_token=x'],
      ['an empty query', () => 'https://api.mercadopago.com/merchant_orders/123?'],
      ['the number in the query', () => 'https://api.mercadopago.com/merchant_orders?id=123'],
      ['a redirect in the query', () => `https://api.mercadopago.com/merchant_orders/123?next=${canaryUrl()}`],
      ['a fragment', () => 'https://api.mercadopago.com/merchant_orders/123#x'],
      ['an empty fragment', () => 'https://api.mercadopago.com/merchant_orders/123#'],
      ['a line break at the end', () => 'https://api.mercadopago.com/merchant_orders/123\n'],
      ['a tab inside', () => 'https://api.mercado\tpago.com/merchant_orders/123'],
      ['a blank before', () => ' https://api.mercadopago.com/merchant_orders/123'],
      ['no number', () => 'https://api.mercadopago.com/merchant_orders/'],
      ['letters for the number', () => 'https://api.mercadopago.com/merchant_orders/abc'],
      ['a negative number', () => 'https://api.mercadopago.com/merchant_orders/-1'],
      ['a number of 21 digits', () => `https://api.mercadopago.com/merchant_orders/${'1'.repeat(21)}`],
      ['digits of another script', () => 'https://api.mercadopago.com/merchant_orders/١٢٣'],
      ['the configured address with another port', () => `${apiUrl().replace(/:\d+$/, '')}:1/merchant_orders/123`],
      ['the configured address with another name of the host', () => `${apiUrl().replace('127.0.0.1', 'localhost')}/merchant_orders/123`],
      ['the configured address with https', () => `${apiUrl().replace('http:', 'https:')}/merchant_orders/123`],
      ['the configured address with a query', () => `${apiUrl()}/merchant_orders/123?x=1`],
      ['a bare word', () => 'abc'],
      ['a bare number with a sign', () => '+123'],
      ['a bare number with a point', () => '1.5'],
      ['a bare number with blanks', () => ' 123 '],
      ['a bare number of 21 digits', () => '1'.repeat(21)],
      ['a bare path', () => '/merchant_orders/123'],
      ['hexadecimal', () => '0x7b'],
    ]

    it.each(HOSTILE)('refuses %s', async (_, resource) => {
      const before = await countInbox(world)
      await expectAnswer(post({ topic: 'merchant_order', resource: resource() }), 400, BAD_RESOURCE)
      await expectNoEffect(before)
    })

    it('refuses the same in the query', async () => {
      const before = await countInbox(world)
      for (const [, resource] of HOSTILE.filter(([name]) => !name.includes('at the end'))) {
        await expectAnswer(post('', `?topic=merchant_order&id=${encodeURIComponent(resource())}`), 400, BAD_RESOURCE)
      }
      await expectNoEffect(before)
    })

    it('accepts the bare number, both names of the provider and the configured address, and reads the configured address only', async () => {
      const { preferenceId } = await heldClass(world, nextSlot())
      const { orderNumber } = await payOnce(world, preferenceId, { holder: 'OTHE' })
      await world.settle()
      for (const resource of [
        orderNumber,
        Number(orderNumber),
        `https://api.mercadopago.com/merchant_orders/${orderNumber}`,
        `https://api.mercadolibre.com/merchant_orders/${orderNumber}`,
        `${apiUrl()}/merchant_orders/${orderNumber}`,
      ]) {
        await emptyLog(world)
        await expectAnswer(post({ topic: 'merchant_order', resource }), 200, OK)
        await world.settle()
        expect(await askedOfProvider(world, 'GET', `/merchant_orders/${orderNumber}`), String(resource)).toHaveLength(1)
      }
      await emptyLog(world)
      await expectAnswer(post('', `?topic=merchant_order&id=${orderNumber}`), 200, OK)
      await world.settle()
      expect(await askedOfProvider(world, 'GET', `/merchant_orders/${orderNumber}`)).toHaveLength(1)
    })
  })

  describe('W4: the signature of the signed form', () => {
    it.each(['none', 'garbage', 'second', 'uppercase', 'empty-secret', 'other-id'])('a forgery is refused: %s', async (signature) => {
      const { preferenceId } = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      await emptyLog(world)
      const before = await countInbox(world)
      const { answer } = (await world.control('/mercado-pago/notifications/forge', { signature, type: 'payment', id })) as {
        answer: { status: number; text: string }
      }
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.text)).toEqual(BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it.each<[string, Record<string, string>]>([
      ['no header', {}],
      ['an empty header', { 'x-signature': '' }],
      ['no time', { 'x-signature': `v1=${'a'.repeat(64)}` }],
      ['no hash', { 'x-signature': 'ts=1766455693' }],
      ['a short hash', { 'x-signature': 'ts=1766455693,v1=abc' }],
      ['words for the time', { 'x-signature': `ts=now,v1=${'a'.repeat(64)}` }],
      ['a very long header', { 'x-signature': `ts=1,v1=${'a'.repeat(8_000)}` }],
    ])('a malformed one too: %s', async (_, headers) => {
      const before = await countInbox(world)
      await expectAnswer(post({ type: 'payment', data: { id: '5' } }, '?data.id=5&type=payment', headers), 401, BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it.each<[string, string, string, string | null, string]>([
      ['with everything', '123456789', '66de1692e9f60aadbd62291030b0f7080457b69393f18d47094c0546a2dd162b', 'x', String(VECTOR_TS)],
      ['without a request id', '123456789', '2e637fc3358039007c1ca14fd604406e0b06a426907e77787f09061b6fb7e8bb', null, String(VECTOR_TS)],
      ['without data.id', '', '6671a9eb2173a42735527b52d646ef6a6fa344f229a270fa5328376cd5267d66', 'x', String(VECTOR_TS)],
      ['in milliseconds', '123456789', '10da70cdd37cf42a39d27cadefeb2a5d53cddd2f57094a324b3e98387cce9371', 'x', `${VECTOR_TS}000`],
    ])('the published vector %s is accepted', async (_, dataId, v1, requestId, ts) => {
      const now = world.clock.now()
      world.clock.set(new Date(VECTOR_TS * 1_000))
      const headers = {
        'x-signature': `ts=${ts},v1=${v1}`,
        ...(requestId ? { 'x-request-id': '11111111-2222-4333-8444-555555555555' } : {}),
      }
      const before = (await inboxOf(world, '123456789')).length
      await expectAnswer(
        post({ type: 'payment', data: { id: '123456789' } }, dataId ? `?data.id=${dataId}&type=payment` : '?type=payment', headers),
        200,
        OK,
      )
      world.clock.set(now)
      const rows = await inboxOf(world, '123456789')
      expect(rows).toHaveLength(before + 1)
      expect(rows.at(-1)).toMatchObject({ topic: 'payment', signed: true })
      await expectAnswer(post({}, `?data.id=${dataId || '1'}&type=payment`, headers), 401, BAD_SIGNATURE)
    })

    it('the parts of the header come in any order and its keys in any case', async () => {
      const { 'x-signature': signature = '', ...rest } = signedHeaders(world, { dataId: NOBODY })
      const [ts, v1] = signature.split(',')
      for (const header of [`${v1},${ts}`, ` TS${ts?.slice(2)} , V1${v1?.slice(2)} `, `v0=zzz,${signature},more=1`]) {
        const body = { type: 'payment', data: { id: NOBODY } }
        await expectAnswer(post(body, `?data.id=${NOBODY}&type=payment`, { ...rest, 'x-signature': header }), 200, OK)
      }
    })

    it('any of several secrets will do; an empty one and an unknown one never', async () => {
      await expectAnswer(notifyPayment(world, NOBODY, { secret: 'secret-on-its-way-out' }), 200, OK)
      await expectAnswer(notifyPayment(world, NOBODY, { secret: 'local-sandbox-secret' }), 200, OK)
      for (const secret of ['', ' ', ',', 'secret-on-its-way-out, ,local-sandbox-secret,', 'unknown']) {
        await expectAnswer(notifyPayment(world, NOBODY, { secret }), 401, BAD_SIGNATURE)
      }
    })

    it.each<[string, number, number]>([
      ['ten minutes old', -600, 200],
      ['ten minutes ahead', 600, 200],
      ['a second older', -601, 401],
      ['a second further ahead', 601, 401],
      ['of last year', -31_536_000, 401],
    ])('the time it carries: %s', async (_, away, status) => {
      expect((await notifyPayment(world, NOBODY, { ts: seconds(world) + away })).status).toBe(status)
      expect((await notifyPayment(world, NOBODY, { ts: (seconds(world) + away) * 1_000 })).status).toBe(status)
    })

    it('an id with capitals is accepted as signed or in lower case, and then is no number', async () => {
      for (const signed of ['ORD01ABC', 'ord01abc']) {
        const headers = signedHeaders(world, { dataId: signed })
        const before = await countInbox(world)
        await expectAnswer(
          post({ type: 'payment', data: { id: 'ORD01ABC' } }, '?data.id=ORD01ABC&type=payment', headers),
          400,
          BAD_RESOURCE,
        )
        await expectNoEffect(before)
      }
      const lower = signedHeaders(world, { dataId: 'ORD01ABC' })
      await expectAnswer(post({ type: 'payment' }, '?data.id=ord01abc&type=payment', lower), 401, BAD_SIGNATURE)
    })

    it.each(['', 'abc', '-1', '1.5', '1'.repeat(21), '1%27--', '12 3'])('a signed id that is no number is refused: "%s"', async (id) => {
      const before = await countInbox(world)
      const dataId = decodeURIComponent(id)
      const headers = signedHeaders(world, { dataId: dataId === '' ? null : dataId })
      await expectAnswer(post({ type: 'payment' }, `?data.id=${id}&type=payment`, headers), 400, BAD_RESOURCE)
      await expectNoEffect(before)
    })

    it('where query and body disagree only the signed query counts', async () => {
      const body = { type: 'payment', data: { id: '222222' } }
      await expectAnswer(post(body, '?data.id=111111&type=payment', signedHeaders(world, { dataId: '111111' })), 200, OK)
      await expectAnswer(post(body, '?data.id=111111&type=payment', signedHeaders(world, { dataId: '222222' })), 401, BAD_SIGNATURE)
      await world.settle()
      expect(await inboxOf(world, '111111')).toHaveLength(1)
      expect(await inboxOf(world, '222222')).toEqual([])
      expect(await askedOfProvider(world, 'GET', '222222')).toEqual([])
    })

    it('a signed form cannot hide behind the old one: a type decides before a topic', async () => {
      const before = await countInbox(world)
      await expectAnswer(post({ type: 'payment', data: { id: '5' }, topic: 'merchant_order', resource: '5' }), 401, BAD_SIGNATURE)
      await expectAnswer(post({ topic: 'merchant_order', resource: '5' }, '?type=payment&data.id=5'), 401, BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it('topic_merchant_order_wh carries the number in data.id, or else in the top-level id', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { orderNumber } = await payOnce(world, preferenceId)
      const body = { type: 'topic_merchant_order_wh', action: 'update', id: orderNumber, data: { status: 'closed' } }
      const unsigned = signedHeaders(world, { dataId: null, requestId: 'r-1' })
      await expectAnswer(post(body, '?type=topic_merchant_order_wh', unsigned), 200, OK)
      expect((await inboxOf(world, orderNumber)).at(-1)).toMatchObject({ topic: 'merchant_order', signed: true })
      await expectAnswer(
        post(body, `?data.id=${orderNumber}&type=topic_merchant_order_wh`, signedHeaders(world, { dataId: orderNumber })),
        200,
        OK,
      )
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      await mercadoPagoSettings(world, { notificationsPaused: false })
    })

    it('without any secret configured a signed form is a hint like the old one', async () => {
      const { webhookSecrets: _, ...mercadoPago } = world.deps.config.mercadoPago
      const app = appWith({ config: { ...world.deps.config, mercadoPago: { ...mercadoPago, webhookSecrets: [] } } })
      const answer = await app.request(`${BASE_URL}${WEBHOOK}?data.id=777&type=payment`, { method: 'POST', body: '{"type":"payment"}' })
      expect(answer.status).toBe(200)
      expect(await inboxOf(world, '777')).toMatchObject([{ signed: false }])
    })
  })

  it('W6: with the old form switched off it is answered and ignored, whatever it names', async () => {
    const { mercadoPago } = world.deps.config
    const app = appWith({ config: { ...world.deps.config, mercadoPago: { ...mercadoPago, acceptIpn: false } } })
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { id, orderNumber } = await payOnce(world, preferenceId)
    await emptyLog(world)
    const before = await countInbox(world)
    for (const resource of [orderNumber, 'https://evil.example/merchant_orders/1']) {
      const body = JSON.stringify({ topic: 'merchant_order', resource })
      await expectAnswer(app.request(`${BASE_URL}${WEBHOOK}`, { method: 'POST', body }), 200, OK)
    }
    await expectNoEffect(before)
    expect(await stateOf(world, classId)).toBe('pending: held')
    // The signed form still works.
    const body = JSON.stringify({ type: 'payment', data: { id } })
    const headers = signedHeaders(world, { dataId: id })
    await expectAnswer(app.request(`${BASE_URL}${WEBHOOK}?data.id=${id}&type=payment`, { method: 'POST', body, headers }), 200, OK)
    await mercadoPagoSettings(world, { notificationsPaused: false })
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('answers before anything is read from the provider, and confirms by reading it', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { orderNumber } = await payOnce(world, preferenceId)
    await emptyLog(world)
    const calls: string[] = []
    const noted = (name: string) => async () => {
      calls.push(name)
      return { ok: false, reason: 'unavailable' } as const
    }
    const restore = replacePort(world, {
      getMerchantOrder: noted('order'),
      getPayment: noted('payment'),
      findPayments: noted('search'),
    })
    await expectAnswer(notifyOrder(world, orderNumber), 200, OK)
    expect(calls).toEqual([])
    restore()
    expect(await askedOfProvider(world)).toEqual([])
    expect(await stateOf(world, classId)).toBe('pending: held')
    await world.settle()
    await mercadoPagoSettings(world, { notificationsPaused: false })
    expect((await askedOfProvider(world, 'GET')).map(({ path }) => path.split('?')[0])).toEqual(
      expect.arrayContaining([`/merchant_orders/${orderNumber}`, '/v1/payments/search']),
    )
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it.each<[string, Record<string, unknown>]>([
    ['time-outs and dropped connections', { kind: 'drop' }],
    ['5xx', { kind: 'error', status: 503 }],
    ['429', { kind: 'error', status: 429, retryAfterSeconds: 2 }],
    ['half an answer', { kind: 'malformed' }],
  ])('W7: an order that cannot be read changes nothing and is read again: %s', async (_, fault) => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await setFault(world, 'merchant-order.get', { ...fault, count: 3 })
    await setFault(world, 'payment.get', { ...fault, count: 3 })
    const { orderNumber } = await payOnce(world, preferenceId)
    await world.settle()
    expect(await stateOf(world, classId)).toBe('pending: held')
    expect(await orderStatus(world, preferenceId)).toBe('pending')
    expect((await inboxOf(world, orderNumber)).every(({ outcome }) => outcome === null)).toBe(true)
    // 5, 10 and 20 seconds, each with up to a fifth more.
    for (let round = 0; round < 3; round++) {
      world.clock.advance(24 * SECOND_MS)
      await world.settle()
    }
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect((await inboxOf(world, orderNumber)).every(({ outcome }) => outcome === 'settled')).toBe(true)
  })

  it('W7: a new notification does not wait for the pause after a failure', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await setFault(world, 'merchant-order.get', { kind: 'error', status: 503, count: 30 })
    await setFault(world, 'payment.get', { kind: 'error', status: 503, count: 30 })
    await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 30 })
    const { id } = await payOnce(world, preferenceId)
    for (let round = 0; round < 4; round++) {
      await world.settle()
      world.clock.advance(50 * SECOND_MS)
    }
    await world.settle()
    await clearFaults(world)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('W7b: a notification that cannot be stored is answered 500, and comes again', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await world.rows('ALTER TABLE webhook_inbox RENAME TO webhook_inbox_away')
    await expectAnswer(notifyOrder(world, '424242'), 500, { error: 'Internal Server Error' })
    await expectAnswer(notifyPayment(world, '424242'), 500, { error: 'Internal Server Error' })
    await pay(world, preferenceId)
    await world.sandbox.tick()
    await world.rows('ALTER TABLE webhook_inbox_away RENAME TO webhook_inbox')
    expect(await inboxOf(world, '424242')).toEqual([])
    await world.jobs.drain(world.deps)
    expect(await stateOf(world, classId)).toBe('pending: held')
    world.clock.advance(SECOND_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    const line = world.logged.find(({ message }) => message === 'a notification could not be stored')
    expect(JSON.stringify(line)).toContain('webhook_inbox')
    expect(JSON.stringify(line)).not.toContain('424242')
  })

  it('W8: an order that does not exist is answered, asked for again for an hour, and logged', async () => {
    const missing = '31337'
    await expectAnswer(notifyOrder(world, missing), 200, OK)
    await expectAnswer(notifyPayment(world, missing), 200, OK)
    for (let minute = 0; minute < 80; minute += 10) {
      await world.settle()
      world.clock.advance(10 * MINUTE_MS)
    }
    await world.settle()
    const asked = await askedOfProvider(world, 'GET', `/merchant_orders/${missing}`)
    expect(asked.length).toBeGreaterThan(3)
    expect(asked.length).toBeLessThan(20)
    expect((await inboxOf(world, missing)).map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown'])
    expect(world.logged.filter(({ fields }) => fields.externalId === missing).map(({ fields }) => fields.topic)).toEqual(
      expect.arrayContaining(['payment', 'merchant_order']),
    )
    await emptyLog(world)
    world.clock.advance(60 * MINUTE_MS)
    await world.settle()
    expect(await askedOfProvider(world, 'GET', missing)).toEqual([])
  })

  it("W8: the panel's simulator, which names a payment 123456, is answered 200", async () => {
    const { answer } = (await world.control('/mercado-pago/notifications/forge', {
      signature: 'valid',
      type: 'payment',
      id: '123456',
    })) as {
      answer: { status: number }
    }
    expect(answer.status).toBe(200)
    await world.settle()
  })

  it('W17: money for a preference of nobody schedules nothing and is put before the admin, once', async () => {
    const foreign = await world.deps.payments.createPreference({
      orderId: crypto.randomUUID(),
      itemId: 'another-program',
      title: 'Otra cosa',
      amount: 1_500_000,
      expiresAt: new Date(world.clock.now().getTime() + 20 * MINUTE_MS),
    })
    if (!foreign.ok) throw new Error(foreign.reason)
    const scheduled = async () => (await world.rows(`SELECT id FROM virtual_class WHERE status = 'scheduled'`)).length
    const before = await scheduled()
    const { id, orderNumber } = await payOnce(world, foreign.value.preferenceId)
    await world.settle()
    await expectAnswer(notifyOrder(world, orderNumber), 200, OK)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await scheduled()).toBe(before)
    expect(await casesOf(world, id)).toEqual(['payment unknown_preference'])
    expect(world.logged.some(({ fields }) => fields.externalId === orderNumber && fields.outcome === 'orphan')).toBe(true)

    // What a person has dealt with does not come back.
    await world.rows(
      `UPDATE attention_case SET resolved_at = now(), resolved_by_id = (SELECT id FROM app_user LIMIT 1) WHERE subject_id = $1`,
      [id],
    )
    await notifyPayment(world, id)
    await world.settle()
    expect(await casesOf(world, id)).toEqual([])
  })

  it('W17: an unknown preference without approved money is logged and nothing else', async () => {
    const foreign = await world.deps.payments.createPreference({
      orderId: crypto.randomUUID(),
      itemId: 'another-program',
      title: 'Otra cosa',
      amount: 1_500_000,
      expiresAt: new Date(world.clock.now().getTime() + 20 * MINUTE_MS),
    })
    if (!foreign.ok) throw new Error(foreign.reason)
    const { id, orderNumber } = await payOnce(world, foreign.value.preferenceId, { holder: 'FUND' })
    await world.settle()
    expect(await casesOf(world, id)).toEqual([])
    expect(world.logged.some(({ fields }) => fields.externalId === orderNumber && fields.outcome === 'not-ours')).toBe(true)
  })

  describe('W19–W21: repeated, late and disordered notifications', () => {
    async function counted(classId: string) {
      const [row] = await world.rows(
        `SELECT (SELECT count(*)::int FROM participation WHERE class_id = $1) AS people,
          (SELECT string_agg(code, ',') FROM access_code WHERE class_id = $1) AS codes,
          (SELECT status FROM virtual_class WHERE id = $1) AS status,
          (SELECT count(*)::int FROM notice WHERE class_id = $1) AS notices`,
        [classId],
      )
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(
        ({ body, status }) => status === 200 && body.includes(classId.replaceAll('-', '')),
      )
      return { ...row, inserted: inserted.length }
    }

    it('W19: ten equal ones at the same moment, in both forms, confirm once', async () => {
      const { preferenceId, classId, orderId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { id, orderNumber } = await payOnce(world, preferenceId)
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? notifyPayment(world, id) : notifyOrder(world, orderNumber))),
      )
      expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
      await mercadoPagoSettings(world, { notificationsPaused: false })
      await world.settle()
      const once = await counted(classId)
      expect(once).toMatchObject({ people: 1, status: 'scheduled', notices: 1, inserted: 1 })
      for (let again = 0; again < 3; again++) {
        await notifyPayment(world, id)
        await notifyOrder(world, orderNumber)
        await world.settle()
      }
      expect(await counted(classId)).toEqual(once)
      expect(await casesOf(world, id, orderId)).toEqual([])
    })

    it('W20: after guests have joined a repeated notification changes neither count nor code', async () => {
      const when = nextSlot()
      const { preferenceId, classId } = await heldClass(world, when, { isGroupClass: true, studentsCount: 3 })
      const { id, orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      const [{ code } = { code: '' }] = await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])
      const now = world.clock.now()
      world.clock.set(new Date(Date.parse(when.start) - 30 * MINUTE_MS))
      const guest = await newcomer(world)
      expect((await guest.post('/api/access-code', { accessCode: code })).status).toBe(200)
      await world.settle()
      const joined = await counted(classId)
      expect(joined).toMatchObject({ people: 2 })
      await notifyPayment(world, id)
      await notifyOrder(world, orderNumber)
      await world.settle()
      expect(await counted(classId)).toEqual(joined)
      world.clock.set(now)
    })

    it.each(['pending', 'rejected'])('W21: approved first, then an old "%s" view: nothing goes back', async (status) => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const { id, orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      const truth = await world.deps.payments.getPayment(id)
      if (!truth.ok) throw new Error(truth.reason)
      const old = { ...truth.value, status, approvedAt: null, lastUpdatedAt: new Date(truth.value.lastUpdatedAt.getTime() - 1) }
      const restore = replacePort(world, {
        getPayment: async () => ({ ok: true, value: old }),
        findPayments: async () => ({ ok: true, value: [old] }),
      })
      await notifyPayment(world, id)
      await notifyOrder(world, orderNumber)
      await world.settle()
      restore()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'approved', refunded_centavos: '0' })
    })

    it('W21: even a newer view that takes the approval back does not lower the order', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      await world.control(`/mercado-pago/payments/${id}/status`, { status: 'rejected', detail: 'cc_rejected_other_reason' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await classStatus(world, classId)).toBe('scheduled')
    })
  })

  it('W29: the signed form about a payment finds its order, also while the search does not know it yet', async () => {
    await mercadoPagoSettings(world, { notificationsPaused: true, searchLagMs: 60_000 })
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    const { id } = await payOnce(world, preferenceId)
    await expectAnswer(notifyPayment(world, id), 200, OK)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    await mercadoPagoSettings(world, { notificationsPaused: false, searchLagMs: 0 })
  })

  it('W29: a payment that a lagging replica does not show yet is found a moment later', async () => {
    await mercadoPagoSettings(world, { hiddenPaymentReads: 2, searchLagMs: 60_000 })
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await pay(world, preferenceId)
    await world.settle()
    await mercadoPagoSettings(world, { hiddenPaymentReads: 0, searchLagMs: 0 })
    world.clock.advance(20 * SECOND_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it("R34: notifications of the account's own IPN form confirm too, through their merchant order", async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    await mercadoPagoSettings(world, { notificationsPaused: true })
    const { orderNumber } = await payOnce(world, preferenceId)
    const { answer } = (await world.control('/mercado-pago/notifications/forge', {
      format: 'ipn',
      type: 'merchant_order',
      id: orderNumber,
    })) as { answer: { status: number } }
    expect(answer.status).toBe(200)
    await world.settle()
    await mercadoPagoSettings(world, { notificationsPaused: false })
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect((await inboxOf(world, orderNumber))[0]).toMatchObject({ signed: false, outcome: 'settled' })
  })

  it('R35: the unsigned form is rate-limited per address', async () => {
    // Windows are fixed stretches of ten minutes; what other tests have used is over.
    world.clock.advance(10 * MINUTE_MS)
    const app = appWith({ config: { ...world.deps.config, rateLimitScale: 0.005 } })
    const send = () => app.request(`${BASE_URL}${WEBHOOK}`, { method: 'POST', body: '{"topic":"merchant_order","resource":"5150"}' })
    for (let request = 0; request < 3; request++) expect((await send()).status).toBe(200)
    const limited = await send()
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await json(limited)).toEqual({ error: 'Demasiadas solicitudes. Probá de nuevo en unos minutos.' })
    // The signed form is not: the provider must never be turned away.
    for (let request = 0; request < 5; request++) {
      const headers = signedHeaders(world, { dataId: '5150' })
      const answer = await app.request(`${BASE_URL}${WEBHOOK}?data.id=5150&type=payment`, { method: 'POST', body: '{}', headers })
      expect(answer.status).toBe(200)
    }
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret', 'secret-on-its-way-out']))

  function appWith(change: Partial<World['deps']>) {
    const pages: Pages = { mount: () => {}, sandboxHub: null, error: (_, status) => new Response(null, { status }) }
    return createApp({ ...world.deps, ...change }, pages)
  }
})
