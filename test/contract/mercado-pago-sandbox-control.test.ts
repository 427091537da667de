import { Payment, PaymentRefund, Preference } from 'mercadopago'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AnyJson, HOUR, PREFERENCE, type Rig, startRig } from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

const fault = (body: Record<string, unknown>) => rig.control('POST', '/faults', body)
const caught = (work: Promise<unknown>): Promise<AnyJson> =>
  work.then(
    () => 'no error',
    (error: unknown) => error,
  )

describe('faults, as the official client meets them', () => {
  const createPreference = (options: AnyJson = {}) =>
    new Preference(rig.config()).create({ body: PREFERENCE, requestOptions: { idempotencyKey: 'order-1', ...options } })
  const preferences = async () => (await rig.control('GET', '/preferences')).body.preferences.length

  test('401, 429 with Retry-After, 500 and a 502 in HTML', async () => {
    const get = () => caught(new Payment(rig.config()).get({ id: 1 }))
    await fault({ route: 'payment.get', status: 401 })
    expect(await get()).toMatchObject({ status: 401, message: 'invalid access token' })
    await fault({ route: 'payment.get', status: 429, retryAfterSeconds: 7 })
    expect(await get()).toMatchObject({ status: 429, retryAfter: 7 })
    await fault({ route: '/v1/payments/*', status: 500 })
    expect(await get()).toMatchObject({ status: 500 })
    await fault({ route: 'payment.get', status: 502 })
    const html = await fetch(`${rig.origin}/v1/payments/1`)
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html'])
    expect(await get()).toMatchObject({ status: 404 })
  })

  test.each(['commit-then-500', 'commit-then-drop'])('%s: the same key finds what was made', async (kind) => {
    await fault({ route: 'preference.create', kind })
    const error = await caught(createPreference())
    expect(error.status).toBe(kind === 'commit-then-500' ? 500 : 0)
    expect(await preferences()).toBe(1)
    expect((await createPreference()).id).toBeTruthy()
    expect(await preferences()).toBe(1)
  })

  test('commit-then-drop of a refund: the same key does not refund twice, the list shows it', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    await fault({ route: 'refund.create', kind: 'commit-then-drop' })
    const refund = () =>
      new PaymentRefund(rig.config()).create({ payment_id: id, body: { amount: 100 }, requestOptions: { idempotencyKey: 'refund:1' } })
    expect(await caught(refund())).toMatchObject({ status: 0, error: 'connection_error' })
    const list = await new PaymentRefund(rig.config()).list({ payment_id: id })
    expect((await refund()).id).toBe(list[0]?.id)
    expect((await rig.api('GET', `/v1/payments/${id}`)).body.refunds).toHaveLength(1)
  })

  test('drop and hang carry nothing out', async () => {
    await fault({ route: 'preference.create', kind: 'drop' })
    expect(await caught(createPreference())).toMatchObject({ error: 'connection_error' })
    await fault({ route: 'preference.create', kind: 'hang', delayMs: 5_000 })
    expect(await caught(createPreference({ timeout: 50 }))).toMatchObject({ error: 'connection_error' })
    expect(await preferences()).toBe(0)
  })

  test('malformed JSON resolves to an object without id, the trap of the client', async () => {
    await fault({ route: 'preference.create', kind: 'malformed' })
    const answer = await createPreference()
    expect(answer.api_response.status).toBe(201)
    expect(answer.id).toBeUndefined()
  })

  test('a stalled body outlasts the time-out of the client, which only covers the headers', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    await rig.control('POST', '/stalled-bodies', { pathPrefix: '/v1/payments/', milliseconds: 1_400 })
    const started = performance.now()
    const got = await new Payment(rig.config({ timeout: 1_000 })).get({ id })
    expect(got.id).toBe(id)
    expect(performance.now() - started).toBeGreaterThan(1_350)
  })

  test('the client retries a 500 with the same key and gets one preference', async () => {
    await fault({ route: 'preference.create', kind: 'commit-then-500', count: 2 })
    const config = rig.config({ maxRetries: 2, initialDelay: 1 })
    const created = await new Preference(config).create({ body: PREFERENCE })
    expect(created.id).toBeTruthy()
    expect(await preferences()).toBe(1)
    expect(rig.log.entries({ method: 'POST' }).map(({ status }) => status)).toEqual([500, 500, 201])
  })
})

describe('settings', () => {
  test('unknown switches and impossible values are refused and change nothing', async () => {
    const before = (await rig.control('GET', '/settings')).body
    expect(before).toMatchObject({ relaxedUrls: true, notificationDelayMs: 500, notificationsPaused: false })
    for (const changes of [{ relaxedUrl: false }, { notificationDelayMs: -1 }, { notificationSignature: 'maybe' }]) {
      expect((await rig.control('PATCH', '/settings', changes)).status).toBe(400)
    }
    expect((await rig.control('GET', '/settings')).body).toEqual(before)
  })

  test('mistakes are answered, not carried out', async () => {
    expect((await rig.control('POST', '/pay', { preferenceId: 'nope' })).status).toBe(404)
    expect((await rig.control('POST', '/pay', { preferenceId: 1 })).status).toBe(400)
    expect((await rig.control('POST', '/payments/1/approve')).status).toBe(404)
    expect((await rig.control('POST', '/notifications/1/replay')).status).toBe(404)
    expect((await rig.control('PUT', '/next-payment', { amount: -1 })).status).toBe(400)
    expect((await rig.control('POST', '/notifications/forge', {})).status).toBe(409)
  })
})

describe('memory', () => {
  test('a snapshot survives JSON and a restart: payments, idempotency keys, queue and settings go on', async () => {
    await rig.control('PATCH', '/settings', { searchLagMs: 1 })
    const keyed = () => rig.api('POST', '/checkout/preferences', PREFERENCE, { 'x-idempotency-key': 'a' })
    const preference = (await keyed()).body
    const payment = await rig.pay(preference.id)
    const saved = JSON.parse(JSON.stringify(rig.part.snapshot()))
    rig.part.reset()
    expect((await rig.api('GET', `/v1/payments/${payment.id}`)).status).toBe(404)
    expect((await rig.control('GET', '/settings')).body.searchLagMs).toBe(0)

    rig.part.restore(saved)
    expect((await rig.api('GET', `/v1/payments/${payment.id}`)).body).toEqual(payment)
    expect((await keyed()).body).toEqual(preference)
    expect((await rig.pay(preference.id)).id).toBe(payment.id + 1)
    await rig.advance(HOUR)
    expect(rig.received.filter(({ url }) => url.searchParams.get('data.id') === String(payment.id))).toHaveLength(1)
    expect((await rig.control('GET', '/settings')).body.searchLagMs).toBe(1)
  })

  test('what is not a snapshot is refused and harms nothing', async () => {
    const preference = await rig.preference()
    for (const saved of [null, {}, { version: 99 }]) expect(() => rig.part.restore(saved)).toThrow('not a snapshot')
    expect((await rig.api('GET', `/checkout/preferences/${preference.id}`)).status).toBe(200)
  })

  test('the state can be read as a whole', async () => {
    await rig.pay((await rig.preference()).id)
    const { body } = await rig.control('GET', '/state')
    expect([body.preferences.length, body.payments.length, body.orders.length, body.notifications.length]).toEqual([1, 1, 1, 3])
  })

  test('the same steps on the same clock give the same ids; a reset at another time gives others', async () => {
    const run = async () => {
      rig.part.reset()
      const preference = await rig.preference()
      const payment = await rig.pay(preference.id)
      return [preference.id, payment.id, payment.order.id]
    }
    const first = await run()
    expect(await run()).toEqual(first)
    rig.clock.advance(60_000)
    const later = await run()
    expect(later.filter((id) => first.includes(id))).toEqual([])
  })
})
