import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import {
  asked,
  create,
  fault,
  order,
  PRICE,
  paid,
  pay,
  payments,
  preferenceFor,
  read,
  rig,
  usePaymentBench,
  waitLess,
} from './payment-bench.ts'

usePaymentBench()

/** Longer than any test takes: the sandbox's clock goes on beside it. */
const LAG_MS = 60 * MINUTE_MS

describe('reading payments', () => {
  it('an approved payment passes every check of the decision', async () => {
    const { orderId, paymentId, merchantOrderId } = await paid()
    expect(await read(paymentId)).toEqual({
      id: paymentId,
      status: 'approved',
      statusDetail: 'accredited',
      amount: PRICE,
      refundedAmount: 0,
      currency: 'ARS',
      collectorId: rig.config.mercadoPago.collectorId,
      externalReference: orderId,
      merchantOrderId,
      operationType: 'regular_payment',
      approvedAt: expect.any(Date),
      lastUpdatedAt: expect.any(Date),
    })
  })

  it('its dates are on our clock, although they are written in another offset', async () => {
    const before = rig.clock.now()
    const { approvedAt } = await read((await paid()).paymentId)
    expect(approvedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime())
    expect(approvedAt?.getTime()).toBeLessThanOrEqual(rig.clock.now().getTime())
  })

  it('the attempts of one order come newest first, rejected ones included, and nobody else’s', async () => {
    const request = order()
    const preferenceId = await preferenceFor(request)
    const rejected = await pay(preferenceId, { holder: 'FUND' })
    rig.clock.advance(1_000)
    const approved = await pay(preferenceId)
    await paid()
    const found = await payments.findPayments(request.orderId)
    expect(found.ok && found.value.map(({ id, status, statusDetail }) => [id, status, statusDetail])).toEqual([
      [String(approved.payment.id), 'approved', 'accredited'],
      [String(rejected.payment.id), 'rejected', 'cc_rejected_insufficient_amount'],
    ])
  })

  it('an order that nobody paid has none, and a search may lag behind', async () => {
    expect(await payments.findPayments(randomUUID())).toEqual({ ok: true, value: [] })
    await rig.control('mercado-pago/settings', { searchLagMs: LAG_MS }, 'PATCH')
    const { orderId } = await paid()
    expect(await payments.findPayments(orderId)).toEqual({ ok: true, value: [] })
    rig.clock.advance(LAG_MS)
    expect(await payments.findPayments(orderId)).toMatchObject({ ok: true, value: [{ status: 'approved' }] })
  })

  it('a payment of another amount, currency, seller or order is told as it is', async () => {
    const { paymentId } = await paid({ force: true, amount: 1.5, currency: 'USD', collectorId: 7, externalReference: null })
    expect(await read(paymentId)).toMatchObject({ amount: 150, currency: 'USD', collectorId: '7', externalReference: null })
  })

  it.each(['123456', '0', 'abc', '99999999999999999999'])('an unknown payment (%s) is unknown', async (id) => {
    expect(await payments.getPayment(id)).toEqual({ ok: false, reason: 'unknown' })
  })

  it('a payment that is not visible yet is unknown, then there', async () => {
    await rig.control('mercado-pago/settings', { hiddenPaymentReads: 1 }, 'PATCH')
    const { paymentId } = await paid()
    expect(await payments.getPayment(paymentId)).toEqual({ ok: false, reason: 'unknown' })
    expect(await payments.getPayment(paymentId)).toMatchObject({ ok: true })
  })

  it('a charged back or disputed payment keeps its own status', async () => {
    const { paymentId } = await paid()
    await rig.control(`mercado-pago/payments/${paymentId}/mediate`)
    expect(await read(paymentId)).toMatchObject({ status: 'in_mediation' })
    await rig.control(`mercado-pago/payments/${paymentId}/chargeback`)
    expect(await read(paymentId)).toMatchObject({ status: 'charged_back', statusDetail: 'in_process' })
  })

  it.each([
    ['payment.search', () => payments.findPayments(randomUUID())],
    ['payment.get', () => payments.getPayment('123456')],
    ['merchant-order.get', () => payments.getMerchantOrder('123456')],
  ])('%s: trouble at the provider is unavailable, a bad token is refused', async (route, run) => {
    await fault(route, { status: 401 })
    expect(await run()).toEqual({ ok: false, reason: 'refused' })
    for (const trouble of [
      { status: 500 },
      { status: 502 },
      { status: 429 },
      { kind: 'drop' },
      { kind: 'truncated' },
      { kind: 'hang', delayMs: 5_000 },
    ]) {
      await fault(route, trouble)
      if (trouble.kind === 'hang') waitLess()
      expect(await run()).toEqual({ ok: false, reason: 'unavailable' })
    }
  })
})

describe('findPreferences', () => {
  it('finds the preference of an order, also one whose answer was lost', async () => {
    const request = order()
    await fault('preference.create', { kind: 'commit-then-drop' })
    expect(await payments.createPreference(request)).toMatchObject({ ok: false })
    await preferenceFor(order())
    expect(await payments.findPreferences(request.orderId)).toEqual({
      ok: true,
      value: [expect.stringMatching(new RegExp(`^${rig.config.mercadoPago.collectorId}-`))],
    })
    expect(await payments.findPreferences(randomUUID())).toEqual({ ok: true, value: [] })
  })
})

describe('listPayments', () => {
  /** Payments approved a minute apart, from `from` on. */
  async function several(count: number): Promise<{ from: Date; ids: string[] }> {
    const from = rig.clock.now()
    const { preferenceId } = await paid()
    const { payments: made } = await pay(preferenceId)
    const ids = made.map(({ id }) => String(id))
    for (let n = 2; n < count; n++) {
      rig.clock.advance(1_000)
      ids.push(String((await pay(preferenceId)).payment.id))
    }
    return { from, ids }
  }
  const ids = (listed: Awaited<ReturnType<typeof payments.listPayments>>) => (listed.ok ? listed.value.map(({ id }) => id) : listed.reason)

  it('reads every page, each payment once, oldest first', async () => {
    const { from } = await several(230)
    const listed = await payments.listPayments({ by: 'approved', from, to: plus(from, 60 * MINUTE_MS) }, 10_000)
    expect(listed.ok && listed.value).toHaveLength(230)
    const times = listed.ok ? listed.value.map(({ approvedAt }) => approvedAt?.getTime() ?? 0) : []
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(new Set(ids(listed)).size).toBe(230)
    expect(await asked('GET', '/v1/payments/search')).toBe(3)
    expect(await payments.listPayments({ by: 'approved', from, to: plus(from, 60 * MINUTE_MS) }, 200)).toEqual({
      ok: false,
      reason: 'too-many',
    })
  })

  it('takes its beginning in and its end out, to the millisecond', async () => {
    const { paymentId } = await paid()
    const { approvedAt } = await read(paymentId)
    const at = approvedAt ?? new Date(0)
    const within = async (from: number, to: number) =>
      ids(await payments.listPayments({ by: 'approved', from: plus(at, from), to: plus(at, to) }, 10))
    expect(await within(0, 1)).toEqual([paymentId])
    expect(await within(1, 1_000)).toEqual([])
    expect(await within(-1_000, 0)).toEqual([])
  })

  it('by the last change finds what was given back later, by the approval what was never approved is left out', async () => {
    const from = rig.clock.now()
    const { paymentId, preferenceId } = await paid()
    await pay(preferenceId, { holder: 'FUND' })
    rig.clock.advance(60 * MINUTE_MS)
    const later = rig.clock.now()
    await rig.control(`mercado-pago/payments/${paymentId}/refund`, {})
    const day = plus(later, 60 * MINUTE_MS)
    expect(ids(await payments.listPayments({ by: 'changed', from: later, to: day }, 10))).toEqual([paymentId])
    expect(ids(await payments.listPayments({ by: 'approved', from, to: day }, 10))).toEqual([paymentId])
    expect(await payments.listPayments({ by: 'approved', from: later, to: day }, 10)).toEqual({ ok: true, value: [] })
  })

  it('lags like the search: what is not visible yet is not there', async () => {
    await rig.control('mercado-pago/settings', { searchLagMs: LAG_MS }, 'PATCH')
    const from = rig.clock.now()
    await paid()
    const range = { by: 'approved' as const, from, to: plus(from, 2 * LAG_MS) }
    expect(await payments.listPayments(range, 10)).toEqual({ ok: true, value: [] })
    rig.clock.advance(LAG_MS)
    expect(await payments.listPayments(range, 10)).toMatchObject({ ok: true, value: [{ status: 'approved' }] })
  })
})

it('a wish to wait comes along with the reason', async () => {
  const hint = { ok: false, reason: 'unavailable', detail: { retryAfterMs: 120_000 } }
  const range = { by: 'approved' as const, from: rig.clock.now(), to: plus(rig.clock.now(), MINUTE_MS) }
  const calls: [string, () => Promise<unknown>][] = [
    ['payment.search', () => payments.findPayments(randomUUID())],
    ['payment.search', () => payments.listPayments(range, 10)],
    ['payment.get', () => payments.getPayment('123456')],
    ['merchant-order.get', () => payments.getMerchantOrder('123456')],
    ['preference.update', () => payments.closePreference('424242-unknown', rig.clock.now())],
    ['refund.create', () => payments.refund({ paymentId: '123456', amount: 100, key: randomUUID() })],
  ]
  for (const [route, run] of calls) {
    await fault(route, { kind: 'error', status: 429, retryAfterSeconds: 120 })
    expect(await run(), route).toEqual(hint)
  }
})

describe('getMerchantOrder', () => {
  it('names the preference, our order and every attempt', async () => {
    const request = order()
    const preferenceId = await preferenceFor(request)
    const rejected = await pay(preferenceId, { holder: 'OTHE' })
    const approved = await pay(preferenceId)
    const id = String(approved.payment.order.id)
    expect(await payments.getMerchantOrder(id)).toEqual({
      ok: true,
      value: {
        id,
        preferenceId,
        externalReference: request.orderId,
        paymentIds: [String(rejected.payment.id), String(approved.payment.id)],
      },
    })
  })

  it('without payments is an order all the same', async () => {
    const created = await payments.createPreference(order())
    await fetch(created.ok ? created.value.initPoint : '')
    const { orders } = await rig.control<{ orders: { id: number }[] }>('mercado-pago/orders', undefined, 'GET')
    expect(await payments.getMerchantOrder(String(orders[0]?.id))).toMatchObject({ ok: true, value: { paymentIds: [] } })
  })

  it('that does not exist is unknown', async () => {
    expect(await payments.getMerchantOrder('123456')).toEqual({ ok: false, reason: 'unknown' })
  })
})

describe('verifyNotification', () => {
  /** The headers and the id of the first signed notification that the sandbox sent for a payment. */
  async function delivered(settings: object = {}) {
    await rig.control('mercado-pago/settings', { notificationDelayMs: 0, ...settings }, 'PATCH')
    await paid()
    await rig.control('tick')
    const { notifications } = await rig.control<{ notifications: { tries: { url: string; headers: Record<string, string> }[] }[] }>(
      'mercado-pago/notifications',
      undefined,
      'GET',
    )
    const [delivery] = notifications.flatMap(({ tries }) => tries)
    if (!delivery) throw new Error('Nothing was delivered')
    const headers = new Headers(delivery.headers)
    return {
      xSignature: headers.get('x-signature'),
      xRequestId: headers.get('x-request-id'),
      dataId: new URL(delivery.url).searchParams.get('data.id'),
    }
  }

  it.each([
    ['signed in seconds', {}, 'valid'],
    ['signed in milliseconds', { notificationTimestamp: 'milliseconds' }, 'valid'],
    ['signed with another secret', { notificationSignature: 'second' }, 'invalid'],
    ['not signed', { notificationSignature: 'none' }, 'invalid'],
    ['signed with anything', { notificationSignature: 'garbage' }, 'invalid'],
  ])('a notification that is %s', async (_, settings, verdict) => {
    expect(payments.verifyNotification(await delivered(settings))).toBe(verdict)
  })

  it('repeated after ten minutes is outside the window, about another payment it is invalid', async () => {
    const notification = await delivered()
    expect(payments.verifyNotification({ ...notification, dataId: '123456' })).toBe('invalid')
    rig.clock.advance(11 * MINUTE_MS)
    expect(payments.verifyNotification(notification)).toBe('outside-window')
  })
})

describe('verifyCollector', () => {
  it('knows whose token it is', async () => {
    expect(await payments.verifyCollector()).toBe('same')
    expect(await create({ collectorId: '1' }).verifyCollector()).toBe('different')
    expect(await create({ accessToken: 'wrong' }).verifyCollector()).toBe('unknown')
    expect(await create({ collectorId: '' }).verifyCollector()).toBe('unknown')
  })
})
