/** Why a payment was rejected, as far as it matters for what to do next. */
export type RejectionGroup = 'funds' | 'data' | 'authorize' | 'card' | 'duplicate' | 'risk' | 'other'

/** The group of Mercado Pago's `status_detail` (mercado-pago.md 4.2). */
export function rejectionGroup(detail: string): RejectionGroup {
  if (detail.includes('insufficient_amount') || detail === 'cc_amount_rate_limit_exceeded') return 'funds'
  if (detail.includes('bad_filled') || detail === 'rejected_insufficient_data') return 'data'
  if (detail.includes('call_for_authorize') || detail.includes('3ds')) return 'authorize'
  if (detail.includes('card_disabled') || detail.includes('card_error')) return 'card'
  if (detail.includes('duplicated_payment')) return 'duplicate'
  if (detail.includes('max_attempts') || detail.includes('high_risk') || detail.includes('blacklist')) return 'risk'
  return 'other'
}
