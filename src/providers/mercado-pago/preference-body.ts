import type { PreferenceRequest } from '../../features/payment/provider.ts'
import { CURRENCY, toPesos } from '../../kernel/money.ts'

const INSTALLMENTS_MAX = 12
const DEFAULT_WEBHOOK_PATH = '/api/mercado-pago/webhook'

/**
 * What is sent to create a preference (behaviour 4.1, D7d; mercado-pago.md 2.2). `source_news=webhooks` asks for the signed
 * notification format; `auto_return` needs a public https address in `back_urls` at the real Mercado Pago (2.5).
 */
export function preferenceBody(request: PreferenceRequest, options: { baseUrl: string; webhookPath?: string; now: Date }) {
  const ourUrl = (path: string) => joinUrl(options.baseUrl, path)
  return {
    items: [{ id: request.itemId, title: request.title, quantity: 1, unit_price: toPesos(request.amount), currency_id: CURRENCY }],
    external_reference: request.orderId,
    notification_url: `${ourUrl(options.webhookPath ?? DEFAULT_WEBHOOK_PATH)}?source_news=webhooks`,
    back_urls: {
      success: ourUrl('/checkout/callback/success'),
      failure: ourUrl('/checkout/callback/failure'),
      pending: ourUrl('/checkout/callback/pending'),
    },
    auto_return: 'approved',
    expires: true,
    // The same order must always send the same body: its key is the same too.
    expiration_date_from: wireDate(request.validFrom ?? options.now),
    expiration_date_to: wireDate(request.expiresAt),
    payment_methods: { excluded_payment_types: [{ id: 'ticket' }, { id: 'atm' }], installments: INSTALLMENTS_MAX },
    binary_mode: true,
    metadata: { order_id: request.orderId },
  }
}

/** ISO 8601 with milliseconds and a numeric offset, the form Mercado Pago writes itself. */
export function wireDate(instant: Date): string {
  return instant.toISOString().replace('Z', '+00:00')
}

/** Exactly one slash between base and path (behaviour R20). */
export function joinUrl(base: string, path: string): string {
  return `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`
}
