import { paymentMethod } from '../catalog.ts'
import { termsOf } from '../preference/terms.ts'
import type { Payment, Preference } from '../world.ts'

/**
 * Where the buyer goes back to, with the parameters in the provider's order and the literal text null for what is missing.
 * They are appended to the configured URL as text. Null when the preference names no such URL.
 */
export function returnUrl(preference: Preference, payment: Payment | null): string | null {
  const { backUrls, externalReference } = termsOf(preference)
  const target = backUrls[returnTarget(payment)]
  if (target === '') return null
  const parameters: [string, string | number | null][] = [
    ['collection_id', payment?.id ?? null],
    ['collection_status', payment?.status ?? null],
    ['payment_id', payment?.id ?? null],
    ['status', payment?.status ?? null],
    ['external_reference', payment ? payment.externalReference : externalReference],
    ['payment_type', payment ? paymentMethod(payment.methodId).typeId : null],
    ['merchant_order_id', payment?.orderId ?? null],
    ['preference_id', preference.id],
    ['site_id', 'MLA'],
    ['processing_mode', 'aggregator'],
    ['merchant_account_id', null],
  ]
  const query = parameters.map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`).join('&')
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}

/** Leaving without paying counts as a failure. */
function returnTarget(payment: Payment | null): 'success' | 'pending' | 'failure' {
  if (payment?.status === 'approved') return 'success'
  if (payment && ['pending', 'in_process', 'authorized'].includes(payment.status)) return 'pending'
  return 'failure'
}
