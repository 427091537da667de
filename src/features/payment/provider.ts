import type { Centavos } from '../../kernel/money.ts'
import type { Outcome } from '../../kernel/outcome.ts'

/** Why the payment provider gave no usable answer. `unavailable`: time-out, 5xx, 429, network; asking again later is right. */
export type ProviderFailure = 'unavailable' | 'refused'

/** How long the provider asked us to wait (`Retry-After`), when it did. */
export interface RetryHint {
  retryAfterMs?: number
}

/** Which payments to list: by the date of their approval or of their last change, in [from, to). */
export interface PaymentRange {
  by: 'approved' | 'changed'
  from: Date
  to: Date
}

export interface PreferenceRequest {
  /** Our order id; becomes the external reference. */
  orderId: string
  itemId: string
  title: string
  amount: Centavos
  /** When the order was made; the present when left out. Repeating a request must send the same instant, since its key is the same. */
  validFrom?: Date
  expiresAt: Date
}

/** One attempt to pay, as the provider tells it now. */
export interface ProviderPayment {
  id: string
  status: string
  statusDetail: string
  /** Null when the provider left it out. */
  amount: Centavos | null
  refundedAmount: Centavos
  currency: string
  collectorId: string
  externalReference: string | null
  /** The merchant order that groups the attempts of one purchase. */
  merchantOrderId: string | null
  operationType: string
  approvedAt: Date | null
  lastUpdatedAt: Date
}

export interface MerchantOrder {
  id: string
  preferenceId: string | null
  externalReference: string | null
  paymentIds: string[]
}

/** `outside-window`: signed by the provider, but too long ago. */
export type SignatureVerdict = 'valid' | 'invalid' | 'outside-window'

export interface NotificationSignature {
  /** Header `x-signature`. */
  xSignature: string | null
  /** Header `x-request-id`. */
  xRequestId: string | null
  /** `data.id` of the query, as received. */
  dataId: string | null
}

export type RefundState = 'approved' | 'in_process'

/** One refund of a payment, whoever made it. */
export interface ProviderRefund {
  id: string
  amount: Centavos
  /** `rejected`: it came to nothing, the money is still here. */
  state: RefundState | 'rejected'
}

/**
 * The payment provider in our words. Every call has a time-out, follows no redirect and sends the token to the configured address only.
 * Errors come back as reasons; nothing here throws for an expected failure.
 */
export interface PaymentProvider {
  /** Whether a notification was signed by the provider within the last ten minutes (behaviour 4.3). Calls nobody. */
  verifyNotification(signature: NotificationSignature): SignatureVerdict
  /** `incomplete`: the provider accepted but sent no id or no address to pay at. */
  createPreference(
    request: PreferenceRequest,
  ): Promise<Outcome<{ preferenceId: string; initPoint: string }, ProviderFailure | 'incomplete'>>
  /** Makes the preference unpayable from `at` on. Best effort (mercado-pago.md 2.4). */
  closePreference(preferenceId: string, at: Date): Promise<Outcome<null, ProviderFailure, RetryHint>>
  /** Ids of the preferences whose external reference is this order, newest first, 10 at most. */
  findPreferences(orderId: string): Promise<Outcome<string[], ProviderFailure, RetryHint>>
  /** All payments whose external reference is this order, newest first, 100 at most. */
  findPayments(orderId: string): Promise<Outcome<ProviderPayment[], ProviderFailure, RetryHint>>
  /**
   * Every payment that the account took part in within a range, whoever it is for, each once, oldest first. All pages are read; `too-many`:
   * more than `limit`. The provider's search may lag behind its payments (mercado-pago.md 2.9).
   */
  listPayments(range: PaymentRange, limit: number): Promise<Outcome<ProviderPayment[], ProviderFailure | 'too-many', RetryHint>>
  getPayment(paymentId: string): Promise<Outcome<ProviderPayment, ProviderFailure | 'unknown', RetryHint>>
  getMerchantOrder(merchantOrderId: string): Promise<Outcome<MerchantOrder, ProviderFailure | 'unknown', RetryHint>>
  /**
   * Gives back `amount` of one payment. The same `key` never refunds twice, and repeats the first answer. `no-balance`: the seller's account
   * cannot cover it now. `refused` is also said of money that went back already, wholly or in part: the payment and its refunds tell.
   */
  refund(request: {
    paymentId: string
    amount: Centavos
    key: string
  }): Promise<Outcome<{ refundId: string; state: RefundState }, ProviderFailure | 'no-balance', RetryHint>>
  /** Every refund of a payment, 100 at most. */
  listRefunds(paymentId: string): Promise<Outcome<ProviderRefund[], ProviderFailure | 'unknown', RetryHint>>
  /** Does the access token belong to the configured seller? The answer is logged. Never throws. */
  verifyCollector(): Promise<'same' | 'different' | 'unknown'>
}
