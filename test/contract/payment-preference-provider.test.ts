import { describe, expect, it } from 'vitest'
import { MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { asked, create, fault, order, pay, payments, preferenceFor, rig, usePaymentBench, waitLess } from './payment-bench.ts'

usePaymentBench()

describe('createPreference', () => {
  it('answers an id of our seller and the address to pay at', async () => {
    const created = await payments.createPreference(order())
    expect(created).toMatchObject({
      ok: true,
      value: { preferenceId: expect.stringMatching(new RegExp(`^${rig.config.mercadoPago.collectorId}-`)) },
    })
    expect(created.ok && (await fetch(created.value.initPoint)).status).toBe(200)
  })

  it('is understood as it was meant', async () => {
    const request = order()
    const { preference } = await rig.control<{ preference: object }>(
      `mercado-pago/preferences/${await preferenceFor(request)}`,
      undefined,
      'GET',
    )
    expect(preference).toMatchObject({
      external_reference: request.orderId,
      items: [{ id: 'user-1', title: request.title, quantity: 1, unit_price: 15_000, currency_id: 'ARS' }],
      auto_return: 'approved',
      binary_mode: true,
      expires: true,
      notification_url: 'https://clases.example.com/api/mercado-pago/webhook?source_news=webhooks',
      back_urls: {
        success: 'https://clases.example.com/checkout/callback/success',
        failure: 'https://clases.example.com/checkout/callback/failure',
        pending: 'https://clases.example.com/checkout/callback/pending',
      },
      payment_methods: { installments: 12, excluded_payment_types: [{ id: 'ticket' }, { id: 'atm' }] },
      metadata: { order_id: request.orderId },
    })
    const { expiration_date_to: to } = preference as { expiration_date_to: string }
    expect(new Date(to)).toEqual(request.expiresAt)
  })

  it('made twice for one order, as after a lost answer, is one preference', async () => {
    const request = order()
    await fault('preference.create', { kind: 'commit-then-drop' })
    expect(await payments.createPreference(request)).toEqual({ ok: false, reason: 'unavailable' })
    const second = await preferenceFor(request)
    expect(await preferenceFor(request)).toBe(second)
    const { preferences } = await rig.control<{ preferences: unknown[] }>('mercado-pago/preferences', undefined, 'GET')
    expect(preferences).toHaveLength(1)
  })

  it('two orders have two preferences', async () => {
    expect(await preferenceFor(order())).not.toBe(await preferenceFor(order()))
  })

  it('is accepted by the strict rules for addresses, which refuse a local one', async () => {
    await rig.control('mercado-pago/settings', { relaxedUrls: false }, 'PATCH')
    expect(await payments.createPreference(order())).toMatchObject({ ok: true })
    expect(await create({ baseUrl: 'http://localhost:3000' }).createPreference(order())).toEqual({ ok: false, reason: 'refused' })
  })

  it.each([
    ['a wrong token', () => create({ accessToken: 'wrong' }).createPreference(order())],
    ['no money', () => payments.createPreference({ ...order(), amount: 0 })],
    ['an end before the beginning', () => payments.createPreference({ ...order(), expiresAt: plus(rig.clock.now(), -MINUTE_MS) })],
  ])('with %s is refused', async (_, run) => {
    expect(await run()).toEqual({ ok: false, reason: 'refused' })
  })

  it.each([
    ['500', { status: 500 }],
    ['502 with HTML', { status: 502 }],
    ['429', { status: 429, retryAfterSeconds: 60 }],
    ['a cut connection', { kind: 'drop' }],
    ['a broken off answer', { kind: 'truncated' }],
    ['no answer', { kind: 'hang', delayMs: 5_000 }],
  ])('with %s is not asked for again by itself', async (_, trouble) => {
    await fault('preference.create', trouble)
    if ('kind' in trouble && trouble.kind === 'hang') waitLess()
    const outcome = await payments.createPreference(order())
    expect(outcome.ok === false && ['unavailable', 'incomplete']).toContain(outcome.ok || outcome.reason)
    expect(await asked('POST', '/checkout/preferences')).toBeLessThanOrEqual(1)
  })

  it('answered with half a JSON is incomplete, and can be asked for again', async () => {
    const request = order()
    await fault('preference.create', { kind: 'malformed' })
    expect(await payments.createPreference(request)).toEqual({ ok: false, reason: 'incomplete' })
    expect(await payments.createPreference(request)).toMatchObject({ ok: true })
  })
})

describe('closePreference', () => {
  it('ends the time in which it can be paid', async () => {
    const preferenceId = await preferenceFor(order())
    rig.clock.advance(MINUTE_MS)
    expect(await payments.closePreference(preferenceId, rig.clock.now())).toEqual({ ok: true, value: null })
    await expect(pay(preferenceId)).rejects.toThrow('expired')
  })

  it('may be repeated', async () => {
    const preferenceId = await preferenceFor(order())
    rig.clock.advance(MINUTE_MS)
    const at = rig.clock.now()
    expect(await payments.closePreference(preferenceId, at)).toMatchObject({ ok: true })
    expect(await payments.closePreference(preferenceId, at)).toMatchObject({ ok: true })
  })

  it('of an unknown preference, or where the past is not accepted, is refused', async () => {
    expect(await payments.closePreference('424242-unknown', rig.clock.now())).toEqual({ ok: false, reason: 'refused' })
    await rig.control('mercado-pago/settings', { refusePastExpiration: true }, 'PATCH')
    const preferenceId = await preferenceFor(order())
    rig.clock.advance(MINUTE_MS)
    expect(await payments.closePreference(preferenceId, plus(rig.clock.now(), -1))).toEqual({ ok: false, reason: 'refused' })
  })
})
