import { SignatureFailureReason } from 'mercadopago'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sign } from '../../sandbox/mercado-pago/notifier/signature.ts'
import {
  ACCESS_TOKEN,
  BOTH_FORMATS_URL,
  COLLECTOR_ID,
  NOW,
  type Received,
  type Rig,
  startRig,
  topicOf,
  verdictOn,
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

describe('signatures', () => {
  const requestId = '11111111-2222-4333-8444-555555555555'
  test.each([
    [{ dataId: '123456789', requestId, ts: '1766455693' }, '66de1692e9f60aadbd62291030b0f7080457b69393f18d47094c0546a2dd162b'],
    [{ dataId: '123456789', ts: '1766455693' }, '2e637fc3358039007c1ca14fd604406e0b06a426907e77787f09061b6fb7e8bb'],
    [{ requestId, ts: '1766455693' }, '6671a9eb2173a42735527b52d646ef6a6fa344f229a270fa5328376cd5267d66'],
    [{ dataId: '123456789', requestId, ts: '1766455693000' }, '10da70cdd37cf42a39d27cadefeb2a5d53cddd2f57094a324b3e98387cce9371'],
    [{ dataId: 'ord01abc', requestId, ts: '1766455693' }, 'ae485b5b8b1a6e8fe0aef4c7016e1bba7ba28711c9d6759a6d415a8f5c5dd2ba'],
  ])('vector %o', (signed, v1) => {
    expect(sign('local-sandbox-secret', signed)).toBe(v1)
  })

  test('the official validator accepts the Webhook format, with a timestamp in seconds of the virtual clock', async () => {
    await payAndDeliver()
    expect(rig.received.map((received) => verdictOn(received))).toEqual(['valid', 'valid', 'valid'])
    const seconds = Date.parse(NOW) / 1000
    for (const { headers } of rig.received) expect(headers.get('x-signature')).toMatch(new RegExp(`^ts=${seconds},v1=[0-9a-f]{64}$`))
  })

  test('the official validator rejects the IPN format', async () => {
    await payAndDeliver({ notification_url: BOTH_FORMATS_URL })
    const ipn = rig.received.filter(({ url }) => url.searchParams.has('topic'))
    expect(ipn.map(({ url }) => url.searchParams.get('topic')).sort()).toEqual(['merchant_order', 'merchant_order', 'payment'])
    expect(ipn.map((received) => verdictOn(received))).toEqual(ipn.map(() => SignatureFailureReason.SignatureMismatch))
    expect(payments().map((received) => verdictOn(received))).toEqual(['valid'])
  })

  test.each([
    [{ notificationSignature: 'none' }, 'MissingSignatureHeader', 'MissingSignatureHeader'],
    [{ notificationSignature: 'garbage' }, 'SignatureMismatch', 'SignatureMismatch'],
    [{ notificationSignature: 'second', secondSecret: 'other' }, 'SignatureMismatch', 'valid'],
  ])('with %o the first secret says %s and the second says %s', async (settings, first, second) => {
    await rig.control('PATCH', '/settings', settings)
    await payAndDeliver()
    const [received] = payments() as [Received]
    expect([verdictOn(received), verdictOn(received, 'other')]).toEqual([first, second])
  })

  test('the timestamp can be in milliseconds', async () => {
    await rig.control('PATCH', '/settings', { notificationTimestamp: 'milliseconds' })
    await payAndDeliver()
    const [received] = payments() as [Received]
    expect(received.headers.get('x-signature')).toMatch(/^ts=\d{13},/)
    expect(verdictOn(received)).toBe('valid')
  })
})

describe('what arrives', () => {
  test('webhooks: the URL keeps its own query, body and headers are the documented ones', async () => {
    const { payment } = await payAndDeliver()
    expect(topics()).toEqual(['topic_merchant_order_wh', 'payment', 'topic_merchant_order_wh'])
    const [received] = payments() as [Received]
    expect(received.url.href).toBe(`${WEBHOOK_URL}&data.id=${payment.id}&type=payment`)
    expect(Object.fromEntries(received.headers)).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'MercadoPago WebHook v1.0 payment',
      'x-socket-timeout': '22000',
      'x-retry': '0',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(JSON.parse(received.body)).toEqual({
      id: expect.any(Number),
      live_mode: true,
      type: 'payment',
      date_created: '2026-11-26T11:00:00.000-04:00',
      user_id: COLLECTOR_ID,
      api_version: 'v1',
      action: 'payment.created',
      data: { id: String(payment.id) },
    })
  })

  test('the order webhook carries the order number on top and no payment', async () => {
    const { payment } = await payAndDeliver()
    const [opened, closed] = rig.received
      .filter(({ url }) => url.searchParams.get('type') === 'topic_merchant_order_wh')
      .map(({ body }) => JSON.parse(body))
    expect(opened).toMatchObject({
      action: 'create',
      id: payment.order.id,
      status: 'opened',
      type: 'topic_merchant_order_wh',
      live_mode: false,
      version: 1,
    })
    expect(closed).toMatchObject({ action: 'update', status: 'closed', data: { currency_id: '', marketplace: 'NONE', status: 'closed' } })
    expect(JSON.stringify(closed)).not.toContain(String(payment.id))
    await rig.control('PATCH', '/settings', { orderIdInQuery: false })
    await rig.pay((await rig.preference()).id)
    await rig.advance(500)
    const last = rig.received.at(-1) as Received
    expect(last.url.search).toBe('?ref=abc&source_news=webhooks&type=topic_merchant_order_wh')
    expect(verdictOn(last)).toBe('valid')
  })

  test('without source_news both formats of the payment arrive, and the order as IPN with the resource on this origin', async () => {
    const { payment } = await payAndDeliver({ notification_url: BOTH_FORMATS_URL })
    expect(topics().sort()).toEqual(['ipn merchant_order', 'ipn merchant_order', 'ipn payment', 'payment'])
    const ipn = rig.received.find(({ url }) => url.searchParams.get('topic') === 'payment') as Received
    expect(ipn.url.href).toBe(`${BOTH_FORMATS_URL}&id=${payment.id}&topic=payment`)
    expect(ipn.headers.get('user-agent')).toBe('MercadoPago Feed v2.0 payment')
    expect(JSON.parse(ipn.body)).toEqual({ resource: String(payment.id), topic: 'payment' })
    const order = rig.received.find(({ url }) => url.searchParams.get('topic') === 'merchant_order') as Received
    expect(JSON.parse(order.body)).toEqual({ resource: `${rig.origin}/merchant_orders/${payment.order.id}`, topic: 'merchant_order' })
    const read = await fetch(JSON.parse(order.body).resource, { headers: { authorization: `Bearer ${ACCESS_TOKEN}` } })
    expect(read.status).toBe(200)
  })

  test('source_news=ipn sends only IPN; no URL sends nothing, or to the panel', async () => {
    await payAndDeliver({ notification_url: `${BOTH_FORMATS_URL}&source_news=ipn` })
    expect(topics().every((topic) => topic.startsWith('ipn'))).toBe(true)
    rig.received.length = 0
    await payAndDeliver({ notification_url: undefined })
    expect(rig.received).toEqual([])
    await rig.control('PATCH', '/settings', { panelNotificationUrl: 'http://localhost:3000/panel' })
    await payAndDeliver({ notification_url: undefined })
    expect(rig.received.map(({ url }) => url.pathname)).toEqual(['/panel', '/panel', '/panel'])
  })

  test('every later change is told: refund, mediation, chargeback with a bare 18-digit id', async () => {
    const { payment } = await payAndDeliver()
    rig.received.length = 0
    await rig.control('POST', `/payments/${payment.id}/refund`, { amount: 100 })
    await rig.control('POST', `/payments/${payment.id}/mediate`)
    const { body } = await rig.control('POST', `/payments/${payment.id}/chargeback`)
    await rig.advance(500)
    expect(payments().map(({ body: text }) => JSON.parse(text).action)).toEqual(['payment.updated', 'payment.updated', 'payment.updated'])
    const chargeback = rig.received.find(({ url }) => url.searchParams.get('type') === 'topic_chargebacks_wh') as Received
    expect(chargeback.url.searchParams.get('data.id')).toBe(body.chargeback.id)
    expect(chargeback.body).toContain(`"id":${body.chargeback.id},"payment_id":${payment.id}`)
    expect(JSON.parse(chargeback.body)).toMatchObject({ actions: ['changed_case_status'], data: { checkout: 'PRO', site_id: 'MLA' } })
    expect(verdictOn(chargeback)).toBe('valid')
  })

  test('the payment and the order of one event share a request id; other events and tries do not', async () => {
    rig.answerWith(() => new Response('no', { status: 500 }))
    await payAndDeliver()
    const first = rig.received.map(({ headers }) => headers.get('x-request-id'))
    expect(first[1]).toBe(first[2])
    expect(first[0]).not.toBe(first[1])
    await rig.advance(500)
    const second = rig.received.slice(3).map(({ headers }) => headers.get('x-request-id'))
    expect(new Set([...second, ...first]).size).toBe(5)
  })
})
