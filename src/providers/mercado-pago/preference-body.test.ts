import { describe, expect, it } from 'vitest'
import { joinUrl, preferenceBody } from './preference-body.ts'

const request = {
  orderId: '7a0c4a3e-5f6d-4c57-8a39-2f1f0c1f9b11',
  itemId: 'user-1',
  title: 'HablaInglesYa - Clase virtual para 1 persona(s)',
  amount: 1_500_000,
  expiresAt: new Date('2026-11-26T21:20:00.000Z'),
}
const now = new Date('2026-11-26T21:00:00.500Z')

describe('preferenceBody', () => {
  it('holds exactly what the contract asks for', () => {
    expect(preferenceBody(request, { baseUrl: 'https://clases.example.com', now })).toEqual({
      items: [{ id: 'user-1', title: request.title, quantity: 1, unit_price: 15_000, currency_id: 'ARS' }],
      external_reference: request.orderId,
      notification_url: 'https://clases.example.com/api/mercado-pago/webhook?source_news=webhooks',
      back_urls: {
        success: 'https://clases.example.com/checkout/callback/success',
        failure: 'https://clases.example.com/checkout/callback/failure',
        pending: 'https://clases.example.com/checkout/callback/pending',
      },
      auto_return: 'approved',
      expires: true,
      expiration_date_from: '2026-11-26T21:00:00.500+00:00',
      expiration_date_to: '2026-11-26T21:20:00.000+00:00',
      payment_methods: { excluded_payment_types: [{ id: 'ticket' }, { id: 'atm' }], installments: 12 },
      binary_mode: true,
      metadata: { order_id: request.orderId },
    })
  })

  it('is the same for the same order at another time, when the order tells its beginning', () => {
    const order = { ...request, validFrom: now }
    const options = { baseUrl: 'https://clases.example.com' }
    expect(preferenceBody(order, { ...options, now })).toEqual(preferenceBody(order, { ...options, now: new Date(0) }))
  })

  it('is the same with and without a slash at the end of the base address', () => {
    const slash = preferenceBody(request, { baseUrl: 'https://clases.example.com/', now })
    expect(slash).toEqual(preferenceBody(request, { baseUrl: 'https://clases.example.com', now }))
  })
})

describe('joinUrl', () => {
  it.each([
    ['https://a.example', 'x'],
    ['https://a.example/', '/x'],
    ['https://a.example//', '//x'],
  ])('%s and %s meet in one slash', (base, path) => {
    expect(joinUrl(base, path)).toBe('https://a.example/x')
  })
})
