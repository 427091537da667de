import { Preference } from 'mercadopago'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ACCESS_TOKEN, type AnyJson, PREFERENCE, type Rig, startRig } from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

const create = (changes: Record<string, unknown>) => rig.api('POST', '/checkout/preferences', { ...PREFERENCE, ...changes })
const item = (changes: Record<string, unknown>) => ({ items: [{ ...PREFERENCE.items[0], ...changes }] })

describe('what a preference looks like', () => {
  test('absent inputs are null or empty, never missing', async () => {
    const { body } = await create({
      external_reference: undefined,
      notification_url: undefined,
      back_urls: undefined,
      auto_return: undefined,
    })
    expect(body).toMatchObject({
      additional_info: '',
      auto_return: '',
      back_urls: { success: '', pending: '', failure: '' },
      redirect_urls: { success: '', pending: '', failure: '' },
      binary_mode: false,
      coupon_code: null,
      coupon_labels: null,
      date_of_expiration: null,
      expiration_date_from: null,
      expiration_date_to: null,
      expires: false,
      external_reference: '',
      internal_metadata: null,
      marketplace: 'NONE',
      marketplace_fee: 0,
      metadata: {},
      notification_url: null,
      operation_type: 'regular_payment',
      processing_modes: null,
      product_id: null,
      total_amount: null,
      last_updated: null,
    })
    expect(typeof body.client_id).toBe('string')
    expect(typeof body.collector_id).toBe('number')
  })

  test('dates carry the offset -04:00', async () => {
    const { body } = await create({ expires: true, expiration_date_to: '2026-11-26T15:20:00Z' })
    expect(body.date_created).toBe('2026-11-26T11:00:00.000-04:00')
    expect(body.expiration_date_to).toBe('2026-11-26T11:20:00.000-04:00')
  })

  test.each([
    [[{ unit_price: 1.005, quantity: 3 }], 3.03],
    [
      [
        { unit_price: 10.004, quantity: 1 },
        { unit_price: 10.004, quantity: 1 },
      ],
      20,
    ],
    [[{ unit_price: 0.01, quantity: 1 }], 0.01],
    [[{ unit_price: 2.675, quantity: 2 }], 5.36],
  ])('each item is rounded half up before the sum: %o is %d', async (items, total) => {
    const preference = (await create({ items: items.map((entry) => ({ title: 'x', ...entry })) })).body
    await rig.page(`/checkout/v1/redirect?pref_id=${preference.id}`)
    const { body } = await rig.api('GET', `/merchant_orders/search?preference_id=${preference.id}`)
    expect(body.elements[0].total_amount).toBe(total)
  })
})

describe('what a preference refuses', () => {
  const excludesAccountMoney = { payment_methods: { excluded_payment_types: [{ id: 'account_money' }] } }
  test.each<[string, string, () => Record<string, unknown>]>([
    ['invalid_items', 'items needed', () => ({ items: [] })],
    ['invalid_items', 'unit_price invalid', () => item({ unit_price: 0 })],
    ['invalid_items', 'unit_price invalid', () => item({ unit_price: '15000' })],
    ['invalid_items', 'quantity invalid', () => item({ quantity: 1.5 })],
    ['invalid_items', 'currency_id invalid', () => item({ currency_id: 'USD' })],
    ['invalid_items', 'title invalid', () => item({ title: 'x'.repeat(257) })],
    ['invalid_back_urls', 'back_urls invalid. Wrong format', () => ({ back_urls: { success: '/checkout/success' } })],
    ['invalid_back_urls', 'back_urls invalid. Wrong format', () => ({ back_urls: { success: 'javascript:alert(1)' } })],
    ['invalid_auto_return', 'auto_return invalid. back_url.success must be defined', () => ({ back_urls: {} })],
    ['invalid_auto_return', 'auto_return invalid', () => ({ auto_return: 'always' })],
    [
      'invalid_payment_methods',
      'installments invalid. Should be a number between 1 and 36.',
      () => ({ payment_methods: { installments: 37 } }),
    ],
    ['invalid_payment_methods', 'account_money cannot be excluded', () => excludesAccountMoney],
    ['invalid_expiration_date_to', 'expiration_date_to invalid', () => ({ expires: true, expiration_date_to: '2026-11-26' })],
    ['invalid_expiration_date_from', 'expiration_date_from invalid', () => ({ expires: true, expiration_date_from: 'soon' })],
    ['invalid_date', 'date_of_expiration invalid', () => ({ date_of_expiration: '26/11/2026' })],
    ['invalid_payer', 'payer email invalid. Max length 150.', () => ({ payer: { email: `${'a'.repeat(150)}@x.test` } })],
    ['invalid_marketplace_fee', 'marketplace_fee must not be greater than total amount', () => ({ marketplace_fee: 15_001 })],
    ['invalid_binary_mode', 'binary_mode must be boolean.', () => ({ binary_mode: 'true' })],
  ])('%s: %s', async (error, message, changes) => {
    expect(await create(changes())).toEqual({ status: 400, body: { message, error, status: 400, cause: null } })
  })

  test('an update is checked like a creation and changes nothing when refused', async () => {
    const { id } = await rig.preference()
    const refused = await rig.api('PUT', `/checkout/preferences/${id}`, { items: [] })
    expect(refused.body.error).toBe('invalid_items')
    const { body } = await rig.api('GET', `/checkout/preferences/${id}`)
    expect(body).toMatchObject({ items: [{ unit_price: 15_000 }], last_updated: null })
  })

  test('a body that is not JSON is refused', async () => {
    const headers = { authorization: `Bearer ${ACCESS_TOKEN}` }
    const answer = await fetch(`${rig.origin}/checkout/preferences`, { method: 'POST', body: '{"items":', headers })
    expect(answer.status).toBe(400)
  })

  test('a past end is accepted unless the switch refuses it', async () => {
    const past = { expires: true, expiration_date_to: '2026-11-26T14:59:00Z' }
    const { id } = await rig.preference()
    expect((await rig.api('PUT', `/checkout/preferences/${id}`, past)).status).toBe(200)
    await rig.control('PATCH', '/settings', { refusePastExpiration: true })
    expect((await rig.api('PUT', `/checkout/preferences/${id}`, past)).body.error).toBe('invalid_expiration_date_to')
    expect((await create(past)).body.error).toBe('invalid_expiration_date_to')
  })
})

describe('URL profiles', () => {
  const returning = (success: string) => create({ back_urls: { success } })

  test.each([
    'http://localhost:3000/checkout/callback/success',
    'http://clases.example/success',
    'https://localhost:8787/success',
    'https://127.0.0.1/success',
    'https://10.1.2.3/success',
    'https://172.20.0.9/success',
    'https://192.168.0.4/success',
    'https://[::1]/success',
  ])('%s: strict refuses auto_return with the misleading text, relaxed accepts', async (success) => {
    expect((await returning(success)).status).toBe(201)
    await rig.control('PATCH', '/settings', { relaxedUrls: false })
    const refused = await new Preference(rig.config())
      .create({ body: { ...PREFERENCE, back_urls: { success } } })
      .catch((error: unknown) => error)
    expect(refused).toMatchObject({
      status: 400,
      error: 'invalid_auto_return',
      message: 'auto_return invalid. back_url.success must be defined',
      causes: [],
    })
    expect((await create({ back_urls: { success }, auto_return: undefined })).status).toBe(201)
  })

  test('strict accepts a public https address', async () => {
    await rig.control('PATCH', '/settings', { relaxedUrls: false })
    expect((await returning('https://clases.example/success')).status).toBe(201)
    expect((await returning('https://172.32.0.9/success')).status).toBe(201)
  })
})

describe('idempotency', () => {
  const keyed = (key: string, changes: Record<string, unknown> = {}) =>
    rig.api('POST', '/checkout/preferences', { ...PREFERENCE, ...changes }, { 'x-idempotency-key': key })

  test('same key and body repeat the answer; another body is a conflict; another key is another preference', async () => {
    const first = await keyed('a')
    expect(await keyed('a')).toEqual(first)
    expect((await keyed('a', { external_reference: 'changed' })).status).toBe(409)
    expect((await keyed('b')).body.id).not.toBe(first.body.id)
  })

  test('a key counts per method and path', async () => {
    const { body } = await keyed('a')
    const updated = await rig.api('PUT', `/checkout/preferences/${body.id}`, { expires: true }, { 'x-idempotency-key': 'a' })
    expect(updated).toMatchObject({ status: 200, body: { expires: true } })
  })

  test('a refused request may be corrected under the same key', async () => {
    expect((await keyed('a', { items: [] })).status).toBe(400)
    expect((await keyed('a')).status).toBe(201)
  })

  test('preferences can be made to ignore the key', async () => {
    await rig.control('PATCH', '/settings', { idempotentPreferences: false })
    expect((await keyed('a')).body.id).not.toBe((await keyed('a')).body.id)
  })

  test('refunds: the key is mandatory, repeats the refund and refuses another amount', async () => {
    const payment = await rig.pay((await rig.preference()).id)
    const refund = (body: unknown, key?: string): Promise<{ status: number; body: AnyJson }> =>
      rig.api('POST', `/v1/payments/${payment.id}/refunds`, body, key ? { 'x-idempotency-key': key } : {})
    expect(await refund({ amount: 100 })).toMatchObject({ status: 400, body: { cause: [{ code: 4292 }] } })
    const first = await refund({ amount: 100 }, 'refund:1')
    expect(first.status).toBe(201)
    expect(await refund({ amount: 100 }, 'refund:1')).toEqual(first)
    expect((await refund({ amount: 200 }, 'refund:1')).status).toBe(409)
    expect((await rig.api('GET', `/v1/payments/${payment.id}`)).body.transaction_amount_refunded).toBe(100)
    await refund({ amount: 100 }, 'refund:2')
    expect((await rig.api('GET', `/v1/payments/${payment.id}`)).body.transaction_amount_refunded).toBe(200)
  })
})
