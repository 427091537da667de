import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { classStatus, json } from '../support/booking.ts'
import { expectCleanLog } from '../support/scene.ts'
import { BASE_URL, openWorld, type World } from '../support/world.ts'
import {
  appWith,
  askedOfProvider,
  comingSlots,
  countInbox,
  emptyLog,
  expectAnswer,
  heldClass,
  mercadoPagoSettings,
  payOnce,
  signedHeaders,
  stateOf,
  WEBHOOK,
} from './payment-scene.ts'

const OK = { ok: true }
const BAD_RESOURCE = { error: 'Recurso inválido' }

describe('POST /api/mercado-pago/webhook: which notifications are heard', () => {
  let world: World
  let canary: Server
  let canaryHits = 0
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
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

  it('W6: with the old form switched off it is answered and ignored, whatever it names', async () => {
    const { mercadoPago } = world.deps.config
    const app = appWith(world, { config: { ...world.deps.config, mercadoPago: { ...mercadoPago, acceptIpn: false } } })
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

  it('R35: the unsigned form is rate-limited per address', async () => {
    // Windows are fixed stretches of ten minutes; what other tests have used is over.
    world.clock.advance(10 * MINUTE_MS)
    const app = appWith(world, { config: { ...world.deps.config, rateLimitScale: 0.005 } })
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

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
