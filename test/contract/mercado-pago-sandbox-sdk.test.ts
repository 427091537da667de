import { Chargeback, MercadoPagoConfig, MerchantOrder, Payment, PaymentMethod, PaymentRefund, Preference, User } from 'mercadopago'
import { AppConfig } from 'mercadopago/dist/utils/config/index.js'
import { MPAuthenticationError, MPBadRequestError, MPNotFoundError } from 'mercadopago/dist/utils/errors/index.js'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AnyJson, COLLECTOR_ID, DAY, PREFERENCE, type Rig, startRig } from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

describe('every call of the official client round-trips', () => {
  test('the client really asks this server, with a trailing slash and its own headers', async () => {
    expect(AppConfig.BASE_URL).toBe(rig.origin)
    await new Preference(rig.config()).create({ body: PREFERENCE })
    expect(rig.log.entries().map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual(['POST /checkout/preferences/ 201'])
  })

  test('the client is pinned to the version whose behaviour is written down', async () => {
    const { default: manifest } = await import('../../package.json', { with: { type: 'json' } })
    expect(manifest.dependencies.mercadopago).toBe('3.6.1')
    expect(AppConfig.SDK_VERSION).toBe('3.6.1')
  })

  test('no request can leave this computer unnoticed', async () => {
    ;(AppConfig as { BASE_URL: string }).BASE_URL = 'https://api.mercadopago.com'
    const error = await new User(rig.config()).get().catch((caught: unknown) => caught)
    expect(error).toMatchObject({
      error: 'connection_error',
      message: 'A request left this computer: https://api.mercadopago.com/users/me',
    })
  })

  test('preference: create, get, update, search', async () => {
    const created = await new Preference(rig.config()).create({ body: PREFERENCE, requestOptions: { idempotencyKey: 'order-1' } })
    expect(created.api_response.status).toBe(201)
    expect(created.id).toMatch(new RegExp(`^${COLLECTOR_ID}-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`))
    expect(created.init_point).toBe(`${rig.origin}/checkout/v1/redirect?pref_id=${created.id}`)
    expect(created).toMatchObject({ collector_id: COLLECTOR_ID, site_id: 'MLA', external_reference: PREFERENCE.external_reference })

    const got = await new Preference(rig.config()).get({ preferenceId: created.id as string })
    expect(withoutResponse(got)).toEqual(withoutResponse(created))

    const updated = await new Preference(rig.config()).update({
      id: created.id as string,
      updatePreferenceRequest: { expires: true, expiration_date_to: '2026-11-26T11:20:00.000-04:00' } as AnyJson,
    })
    expect(updated.api_response.status).toBe(200)
    expect(updated).toMatchObject({ expires: true, expiration_date_to: '2026-11-26T11:20:00.000-04:00', items: created.items })

    const found = await new Preference(rig.config()).search({ options: { external_reference: PREFERENCE.external_reference } })
    expect(found.total).toBe(1)
    expect(found.elements?.[0]?.items).toEqual([PREFERENCE.items[0]?.title])
    const none = await new Preference(rig.config()).search({ options: { external_reference: 'other' } })
    expect(none.elements).toEqual([])
  })

  test('payment: get, search, searchAll, cancel, update', async () => {
    const preference = await rig.preference()
    const approved = await rig.pay(preference.id)
    const pending = await rig.pay(preference.id, { method: 'rapipago' })

    const got = await new Payment(rig.config()).get({ id: approved.id })
    expect(got).toMatchObject({ id: approved.id, status: 'approved', status_detail: 'accredited', collector_id: COLLECTOR_ID })

    const found = await new Payment(rig.config()).search({
      options: { external_reference: PREFERENCE.external_reference, sort: 'date_created', criteria: 'desc' },
    })
    expect(found.paging).toEqual({ total: 2, limit: 30, offset: 0 })
    expect(found.results?.map((row) => String(row.id))).toEqual([String(pending.id), String(approved.id)])

    await rig.control('POST', '/pay', { preferenceId: preference.id, holder: 'OTHE', times: 20 })
    const ids: string[] = []
    for await (const row of new Payment(rig.config()).searchAll({ options: { status: 'rejected' } })) ids.push(String(row.id))
    expect(new Set(ids).size).toBe(20)

    const updated = await new Payment(rig.config()).update({ id: pending.id, body: { metadata: { roomNumber: 7 } } })
    expect(updated.metadata).toMatchObject({ room_number: 7 })
    const cancelled = await new Payment(rig.config()).cancel({ id: pending.id })
    expect(cancelled).toMatchObject({ status: 'cancelled', status_detail: 'by_collector' })
    await expect(new Payment(rig.config()).cancel({ id: approved.id })).rejects.toMatchObject({ status: 400, causes: [{ code: 3005 }] })
  })

  test('refund: create, total, list, get', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    const partial = await new PaymentRefund(rig.config()).create({ payment_id: id, body: { amount: 5_000 } })
    expect(partial).toMatchObject({ payment_id: id, amount: 5_000, status: 'approved', refund_mode: 'standard' })
    const rest = await new PaymentRefund(rig.config()).total({ payment_id: id })
    expect(rest.amount).toBe(10_000)
    const list = await new PaymentRefund(rig.config()).list({ payment_id: id })
    expect(list.map((refund) => refund.id)).toEqual([partial.id, rest.id])
    const one = await new PaymentRefund(rig.config()).get({ payment_id: id, refund_id: partial.id as number })
    expect(one.amount).toBe(5_000)
    await expect(new PaymentRefund(rig.config()).get({ payment_id: id, refund_id: 1 })).rejects.toMatchObject({ causes: [{ code: 2032 }] })
  })

  test('merchant order: get, search', async () => {
    const preference = await rig.preference()
    const payment = await rig.pay(preference.id)
    const order = await new MerchantOrder(rig.config()).get({ merchantOrderId: Number(payment.order.id) })
    expect(order).toMatchObject({ status: 'closed', order_status: 'paid', preference_id: preference.id, paid_amount: 15_000 })
    expect(order.payments?.map((row) => row.id)).toEqual([payment.id])
    const byPreference = await new MerchantOrder(rig.config()).search({ options: { preference_id: preference.id } })
    expect(byPreference).toMatchObject({ total: 1, next_offset: 1 })
    const byReference = await new MerchantOrder(rig.config()).search({ options: { external_reference: 'nothing' } })
    expect(byReference).toMatchObject({ total: 0, elements: [] })
    const late = await new MerchantOrder(rig.config()).search({ options: { last_udpated_from: '2026-11-27T00:00:00.000Z' } })
    expect(late.total).toBe(0)
  })

  test('chargeback: get, search; its id does not survive a double', async () => {
    const payment = await rig.pay((await rig.preference()).id)
    const { body } = await rig.control('POST', `/payments/${payment.id}/chargeback`)
    const id: string = body.chargeback.id
    expect(id).toMatch(/^\d{18}$/)
    expect(String(Number(id))).not.toBe(id)
    const got: AnyJson = await new Chargeback(rig.config()).get({ id })
    expect(got).toMatchObject({ id, payments: [payment.id], currency: 'ARS', amount: 15_000, coverage_applied: null, live_mode: true })
    const found = await new Chargeback(rig.config()).search({ options: { payment_id: payment.id } })
    expect(found.results?.map((row) => row.id)).toEqual([id])
  })

  test('user and payment methods', async () => {
    const user = await new User(rig.config()).get()
    expect(user).toMatchObject({ id: COLLECTOR_ID, site_id: 'MLA', country_id: 'AR' })
    expect(user.tags).toContain('test_user')
    const methods = (await new PaymentMethod(rig.config()).get()) as AnyJson
    expect(methods.find((method: AnyJson) => method.id === 'rapipago')).toMatchObject({ payment_type_id: 'ticket', min_allowed_amount: 50 })
  })
})

describe('refusals as the client sees them', () => {
  test('a wrong or missing token is 401 on every route', async () => {
    const stranger = new MercadoPagoConfig({ accessToken: 'APP_USR-other', options: { maxRetries: 0 } })
    const error = await new User(stranger).get().catch((caught: unknown) => caught)
    expect(error).toBeInstanceOf(MPAuthenticationError)
    expect(error).toMatchObject({ status: 401, error: 'not_found', message: 'invalid access token' })
    for (const path of [
      '/checkout/preferences/search',
      '/v1/payments/1',
      '/merchant_orders/1',
      '/v1/chargebacks/1',
      '/v1/payment_methods',
      '/users/me',
    ]) {
      const answer = await fetch(`${rig.origin}${path}`)
      expect([path, answer.status]).toEqual([path, 401])
    }
  })

  test('unknown things have the documented bodies', async () => {
    await expect(new Payment(rig.config()).get({ id: 99 })).rejects.toBeInstanceOf(MPNotFoundError)
    expect(await rig.api('GET', '/v1/payments/99')).toEqual({
      status: 404,
      body: {
        message: 'Payment not found',
        error: 'not_found',
        status: 404,
        cause: [{ code: 2000, description: 'Payment not found', data: '99' }],
      },
    })
    const preference = await new Preference(rig.config()).get({ preferenceId: 'nope' }).catch((caught: unknown) => caught)
    expect(preference).toBeInstanceOf(MPBadRequestError)
    expect(preference).toMatchObject({ error: 'invalid_id', message: 'preference_id not found', causes: [] })
    expect((await rig.api('GET', '/merchant_orders/99')).status).toBe(404)
    expect((await rig.api('GET', '/v1/orders')).status).toBe(404)
    expect((await rig.api('POST', '/v1/payments', {})).status).toBe(404)
  })

  test('trailing slashes make no difference', async () => {
    const preference = await rig.preference()
    const payment = await rig.pay(preference.id)
    for (const path of [
      `/checkout/preferences/${preference.id}`,
      `/v1/payments/${payment.id}`,
      `/v1/payments/${payment.id}/refunds`,
      '/users/me',
      `/merchant_orders/${payment.order.id}`,
    ]) {
      expect((await rig.api('GET', `${path}/`)).body).toEqual((await rig.api('GET', path)).body)
    }
  })

  test.each([
    [{ limit: '1001' }, 1000],
    [{ begin_date: 'yesterday' }, 1001],
    [{ sort: 'amount' }, 1003],
    [{ criteria: 'up' }, 1004],
  ])('payment search refuses %o with code %i', async (query, code) => {
    const answer = await rig.api('GET', `/v1/payments/search?${new URLSearchParams(query as Record<string, string>)}`)
    expect([answer.status, answer.body.cause[0].code]).toEqual([400, code])
  })

  test('payment search knows absolute and relative dates', async () => {
    const payment = await rig.pay((await rig.preference()).id)
    await rig.advance(2 * DAY)
    const idsSince = async (begin: string) => {
      const options = { range: 'date_last_updated', begin_date: begin, end_date: 'NOW' } as const
      return (await new Payment(rig.config()).search({ options })).results?.map((row) => row.id)
    }
    expect(await idsSince('NOW-3DAYS')).toEqual([payment.id])
    expect(await idsSince('NOW-1DAYS')).toEqual([])
    expect(await idsSince('2026-11-26T10:59:00.000-04:00')).toEqual([payment.id])
    expect(await idsSince('2026-11-26T11:01:00.000-04:00')).toEqual([])
  })
})

function withoutResponse(value: object): object {
  const { api_response: _, ...rest } = value as AnyJson
  return rest
}
