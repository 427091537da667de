import { PaymentRefund } from 'mercadopago'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AnyJson, COLLECTOR_ID, DAY, PREFERENCE, type Rig, startRig } from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

const read = async (id: number): Promise<AnyJson> => (await rig.api('GET', `/v1/payments/${id}`)).body
const orders = async (preferenceId: string): Promise<AnyJson[]> =>
  (await rig.api('GET', `/merchant_orders/search?preference_id=${preferenceId}`)).body.elements.toReversed()

describe('what a payment looks like', () => {
  test('it names order, reference and metadata in snake case, and no preference', async () => {
    const preference = await rig.preference({ metadata: { orderId: 'o-1', nested: { bookingId: 'b' }, env_name: 'test' } })
    const { id } = await rig.pay(preference.id)
    const payment = await read(id)
    expect(String(payment.id)).toMatch(/^\d{11,12}$/)
    expect(payment.order).toEqual({ id: expect.stringMatching(/^\d{11}$/), type: 'mercadopago' })
    expect(payment).toMatchObject({
      status: 'approved',
      status_detail: 'accredited',
      operation_type: 'regular_payment',
      transaction_amount: 15_000,
      transaction_amount_refunded: 0,
      currency_id: 'ARS',
      collector_id: COLLECTOR_ID,
      external_reference: PREFERENCE.external_reference,
      payment_method_id: 'master',
      payment_type_id: 'credit_card',
      live_mode: true,
      metadata: { order_id: 'o-1', nested: { booking_id: 'b' }, env_name: 'test' },
      date_created: '2026-11-26T11:00:00.000-04:00',
      date_approved: '2026-11-26T11:00:00.000-04:00',
      card: { first_six_digits: '503175', last_four_digits: '0604', cardholder: { name: 'APRO' } },
      refunds: [],
      coupon_amount: 0,
      merchant_account_id: null,
    })
    expect(JSON.stringify(payment)).not.toContain(preference.id)
  })

  test('instalments raise what the buyer pays, never the transaction amount', async () => {
    const payment = await rig.pay((await rig.preference()).id, { installments: 6 })
    expect(payment).toMatchObject({ transaction_amount: 15_000, installments: 6, transaction_details: { total_paid_amount: 18_150 } })
  })

  test('reference, amount, currency and collector of the next payment can be changed, once', async () => {
    const preference = await rig.preference()
    await rig.control('PUT', '/next-payment', { amount: 1, currency: 'USD', collectorId: 42, externalReference: null })
    expect(await rig.pay(preference.id)).toMatchObject({
      transaction_amount: 1,
      currency_id: 'USD',
      collector_id: 42,
      external_reference: null,
    })
    expect(await rig.pay(preference.id)).toMatchObject({ transaction_amount: 15_000, currency_id: 'ARS', collector_id: COLLECTOR_ID })
    expect(await rig.pay(preference.id, { amount: 20_000, externalReference: 'other' })).toMatchObject({
      transaction_amount: 20_000,
      external_reference: 'other',
    })
  })
})

describe('merchant orders', () => {
  test('opening the checkout opens one order, which carries no payment', async () => {
    const preference = await rig.preference()
    expect(await orders(preference.id)).toEqual([])
    for (let view = 0; view < 2; view += 1) await rig.page(`/checkout/v1/redirect?pref_id=${preference.id}`)
    const [order, ...rest] = await orders(preference.id)
    expect(rest).toEqual([])
    expect(order).toMatchObject({ status: 'opened', order_status: 'payment_required', payments: [], paid_amount: 0, total_amount: 15_000 })
    expect(String(order.id)).toMatch(/^\d{11}$/)
  })

  test('rejected, then approved: two payments side by side in one order', async () => {
    const preference = await rig.preference()
    const rejected = await rig.pay(preference.id, { holder: 'FUND' })
    expect((await orders(preference.id))[0]).toMatchObject({ status: 'opened', order_status: 'payment_required' })
    const approved = await rig.pay(preference.id)
    const [order, ...rest] = await orders(preference.id)
    expect(rest).toEqual([])
    expect(order.payments.map((payment: AnyJson) => [payment.id, payment.status])).toEqual([
      [rejected.id, 'rejected'],
      [approved.id, 'approved'],
    ])
    expect(order).toMatchObject({ status: 'closed', order_status: 'paid', paid_amount: 15_000 })
  })

  test('paying again after the order closed opens a second order', async () => {
    const preference = await rig.preference()
    const { body } = await rig.control('POST', '/pay', { preferenceId: preference.id, times: 2 })
    expect(body.payments.map((payment: AnyJson) => payment.status)).toEqual(['approved', 'approved'])
    const found = await orders(preference.id)
    expect(found.map((order) => [order.status, order.payments.length])).toEqual([
      ['closed', 1],
      ['closed', 1],
    ])
    expect(new Set(found.map((order) => order.id)).size).toBe(2)
  })

  test('two halves close the order only together', async () => {
    const preference = await rig.preference()
    await rig.pay(preference.id, { amount: 7_500 })
    expect((await orders(preference.id))[0]).toMatchObject({ status: 'opened', order_status: 'partially_paid', paid_amount: 7_500 })
    await rig.pay(preference.id, { amount: 7_500 })
    expect(await orders(preference.id)).toMatchObject([{ status: 'closed', order_status: 'paid', paid_amount: 15_000 }])
  })

  test('a refund leaves the order closed and shows what went back', async () => {
    const preference = await rig.preference()
    const { id } = await rig.pay(preference.id)
    await rig.control('POST', `/payments/${id}/refund`, { amount: 1_000 })
    expect((await orders(preference.id))[0]).toMatchObject({ status: 'closed', order_status: 'partially_reverted', refunded_amount: 1_000 })
    await rig.control('POST', `/payments/${id}/refund`)
    expect((await orders(preference.id))[0]).toMatchObject({
      status: 'closed',
      order_status: 'reverted',
      refunded_amount: 15_000,
      paid_amount: 0,
    })
  })

  test('an order that holds no money can be expired, another cannot', async () => {
    const preference = await rig.preference()
    await rig.pay(preference.id, { holder: 'OTHE' })
    const [{ id }] = (await orders(preference.id)) as [AnyJson]
    expect((await rig.control('POST', `/orders/${id}/expire`)).body.order).toMatchObject({
      status: 'expired',
      order_status: 'expired',
      cancelled: true,
    })
    await rig.pay(preference.id)
    const [, paid] = await orders(preference.id)
    expect((await rig.control('POST', `/orders/${paid.id}/expire`)).status).toBe(409)
  })
})

describe('refunds', () => {
  const refund = (id: number, body: AnyJson = {}) => new PaymentRefund(rig.config()).create({ payment_id: id, body })

  test('a partial refund keeps the payment approved; the rest makes it refunded', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    const before = (await read(id)).date_last_updated
    await refund(id, { amount: 4_000.5 })
    expect(await read(id)).toMatchObject({ status: 'approved', status_detail: 'partially_refunded', transaction_amount_refunded: 4_000.5 })
    const rest = await refund(id)
    expect(rest.amount).toBe(10_999.5)
    const after = await read(id)
    expect(after).toMatchObject({ status: 'refunded', status_detail: 'refunded', transaction_amount_refunded: 15_000 })
    expect(after.refunds).toHaveLength(2)
    expect(after.date_last_updated > before).toBe(true)
  })

  test.each<[string, AnyJson, number, number]>([
    ['not positive', { amount: 0 }, 400, 4040],
    ['not a number', { amount: '100' }, 400, 4041],
    ['more than is left', { amount: 15_000.01 }, 400, 2085],
  ])('an amount that is %s is refused', async (_, body, status, code) => {
    const { id } = await rig.pay((await rig.preference()).id)
    await expect(refund(id, body)).rejects.toMatchObject({ status, causes: [{ code }] })
    expect((await read(id)).refunds).toEqual([])
  })

  test('only approved money goes back, within 180 days', async () => {
    const preference = await rig.preference()
    const rejected = await rig.pay(preference.id, { holder: 'OTHE' })
    await expect(refund(rejected.id)).rejects.toMatchObject({ status: 400, causes: [{ code: 2063 }] })
    const { id } = await rig.pay(preference.id)
    await rig.advance(181 * DAY)
    await expect(refund(id)).rejects.toMatchObject({ status: 404, causes: [{ code: 2024 }] })
    await expect(refund(7)).rejects.toMatchObject({ status: 404, causes: [{ code: 2000 }] })
  })

  test('refusals can be ordered: no balance twice, then it works', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    await rig.control('PUT', '/refund-refusal', { code: 2031, times: 2 })
    for (let turn = 0; turn < 2; turn += 1) await expect(refund(id)).rejects.toMatchObject({ status: 400, causes: [{ code: 2031 }] })
    expect((await refund(id)).status).toBe('approved')
  })

  test('a refund may stay in process; its money is neither back nor free', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    await rig.control('PATCH', '/settings', { refundsInProcess: true })
    const pending = await refund(id)
    expect(pending.status).toBe('in_process')
    expect(await read(id)).toMatchObject({ status: 'approved', status_detail: 'accredited', transaction_amount_refunded: 0 })
    await expect(refund(id)).rejects.toMatchObject({ causes: [{ code: 2063 }] })
    await rig.control('POST', `/payments/${id}/refunds/${pending.id}/settle`, { status: 'approved' })
    expect(await read(id)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15_000 })
  })
})

describe('what happens to payments later', () => {
  const event = (id: number, name: string, body?: unknown) => rig.control('POST', `/payments/${id}/${name}`, body)

  test('review ends in approval or rejection', async () => {
    const preference = await rig.preference()
    const first = await rig.pay(preference.id, { holder: 'CONT' })
    expect(first).toMatchObject({ status: 'in_process', status_detail: 'pending_contingency', date_approved: null })
    await event(first.id, 'reject', { detail: 'cc_rejected_high_risk' })
    expect(await read(first.id)).toMatchObject({ status: 'rejected', status_detail: 'cc_rejected_high_risk' })
    const second = await rig.pay(preference.id, { holder: 'CONT' })
    await rig.advance(5 * DAY)
    await event(second.id, 'approve')
    expect(await read(second.id)).toMatchObject({ status: 'approved', date_approved: '2026-12-01T11:00:00.000-04:00' })
  })

  test('an unpaid coupon dies at its own expiry, any unpaid payment after 30 days', async () => {
    const withExpiry = await rig.preference({ date_of_expiration: '2026-11-29T15:00:00Z' })
    const coupon = await rig.pay(withExpiry.id, { method: 'rapipago' })
    expect(coupon.date_of_expiration).toBe('2026-11-29T11:00:00.000-04:00')
    const review = await rig.pay(withExpiry.id, { holder: 'CONT' })
    await rig.advance(3 * DAY - 1)
    expect((await read(coupon.id)).status).toBe('pending')
    await rig.advance(1)
    expect(await read(coupon.id)).toMatchObject({ status: 'cancelled', status_detail: 'expired' })
    expect((await read(review.id)).status).toBe('in_process')
    await rig.advance(27 * DAY)
    expect(await read(review.id)).toMatchObject({ status: 'cancelled', status_detail: 'expired' })
  })

  test('mediation and chargeback, settled or reimbursed', async () => {
    const preference = await rig.preference()
    const { id } = await rig.pay(preference.id)
    await event(id, 'mediate')
    expect(await read(id)).toMatchObject({ status: 'in_mediation', status_detail: 'pending' })
    const opened = await event(id, 'chargeback')
    expect(await read(id)).toMatchObject({ status: 'charged_back', status_detail: 'in_process' })
    await event(id, 'chargeback', { outcome: 'reimbursed' })
    expect(await read(id)).toMatchObject({ status: 'charged_back', status_detail: 'reimbursed' })
    const chargeback = (await rig.api('GET', `/v1/chargebacks/${opened.body.chargeback.id}`)).body
    expect(chargeback).toMatchObject({ coverage_applied: true, documentation_required: true, coverage_elegible: true })
    await event(id, 'approve')
    expect((await read(id)).status).toBe('approved')
    const other = await rig.pay(preference.id)
    await event(other.id, 'chargeback', { outcome: 'settled' })
    expect(await read(other.id)).toMatchObject({ status: 'charged_back', status_detail: 'settled' })
  })

  test('events that a state does not allow are refused and change nothing', async () => {
    const { id } = await rig.pay((await rig.preference()).id)
    for (const name of ['cancel', 'reject', 'expire', 'approve']) expect([name, (await event(id, name)).status]).toEqual([name, 409])
    expect((await read(id)).status).toBe('approved')
    await event(id, 'status', { status: 'authorized', detail: 'pending_capture' })
    expect(await read(id)).toMatchObject({ status: 'authorized', status_detail: 'pending_capture' })
  })

  test('a new payment can be missing for some reads and late in searches', async () => {
    await rig.control('PATCH', '/settings', { hiddenPaymentReads: 2, searchLagMs: 60_000 })
    const { id } = await rig.pay((await rig.preference()).id)
    const search = async () =>
      (await rig.api('GET', `/v1/payments/search?external_reference=${PREFERENCE.external_reference}`)).body.results.length
    expect(await search()).toBe(0)
    const statuses = []
    for (let turn = 0; turn < 3; turn += 1) statuses.push((await rig.api('GET', `/v1/payments/${id}`)).status)
    expect(statuses).toEqual([404, 404, 200])
    await rig.advance(60_000)
    expect(await search()).toBe(1)
  })
})
