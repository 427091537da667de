import type { RejectionGroup } from './rejection.ts'

/** The texts of `rejection-text.es.ts`, for pages and mails in English. */
export const REJECTION: Readonly<Record<RejectionGroup, string>> = {
  funds: 'Your payment method does not have enough funds or credit. Try another one.',
  data: 'Some detail of the card does not match. Check the number, the expiry date and the security code, and try again.',
  authorize: 'Your bank asks you to authorise the payment. Authorise it with your bank or try another payment method.',
  card: 'Your card is not enabled for this purchase. Call your bank or try another payment method.',
  duplicate: 'Mercado Pago already has an equal payment made just now. Look at your account before you try again.',
  risk: 'Mercado Pago did not accept this payment method. Wait a while or try another one.',
  other: 'Mercado Pago did not approve the payment. Try another payment method.',
}
