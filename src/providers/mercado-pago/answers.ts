import { z } from 'zod'
import type { MerchantOrder, ProviderPayment } from '../../features/payment/provider.ts'
import { fromPesos } from '../../kernel/money.ts'
import { parseInstant } from '../../kernel/zoned-time.ts'

/**
 * What Mercado Pago's JSON looks like, as far as we read it (mercado-pago.md 2.3, 2.7, 2.9, 2.11, 2.13). Ids are numbers or texts
 * depending on the endpoint; absent values are `null`, `""` or missing.
 */
const Id = z.union([z.string().min(1).max(100), z.number().int().nonnegative()]).transform(String)
const Text = z
  .string()
  .nullish()
  .transform((text) => (text ? text : null))
const Pesos = z
  .number()
  .finite()
  .nullish()
  .transform((pesos) => (pesos == null ? null : fromPesos(pesos)))
const Instant = z
  .string()
  .nullish()
  .transform((text) => (text ? parseInstant(text) : null))

const PaymentAnswer = z.object({
  id: Id,
  status: z.string().min(1),
  status_detail: Text,
  transaction_amount: Pesos,
  transaction_amount_refunded: Pesos,
  currency_id: Text,
  collector_id: Id.nullish(),
  external_reference: Text,
  order: z.object({ id: Id.nullish() }).nullish(),
  operation_type: Text,
  date_created: Instant,
  date_approved: Instant,
  date_last_updated: Instant,
})

const MerchantOrderAnswer = z.object({
  id: Id,
  preference_id: Text,
  external_reference: Text,
  payments: z
    .array(z.object({ id: Id }))
    .max(1_000)
    .nullish(),
})

export const PreferenceAnswer = z.object({ id: z.string().min(1).max(200), init_point: z.url({ protocol: /^https?$/ }) })
export const RefundAnswer = z.object({ id: Id, status: Text })
export const RefundList = z.array(z.object({ id: Id, amount: z.number().finite().transform(fromPesos), status: Text })).max(100)
export const UserAnswer = z.object({ id: Id })
const SearchAnswer = z.object({ results: z.array(z.unknown()).max(1_000) })
const Paging = z.object({ paging: z.object({ total: z.number().int().nonnegative() }) })
const PreferenceList = z.object({ elements: z.array(z.object({ id: z.string().min(1).max(200) })).max(1_000) })

/** Null when the answer is not a payment. `fallback` dates a payment that carries no date at all. */
export function readPayment(body: unknown, fallback: Date): ProviderPayment | null {
  const parsed = PaymentAnswer.safeParse(body)
  if (!parsed.success) return null
  const payment = parsed.data
  return {
    id: payment.id,
    status: payment.status,
    statusDetail: payment.status_detail ?? '',
    amount: payment.transaction_amount,
    refundedAmount: payment.transaction_amount_refunded ?? 0,
    currency: payment.currency_id ?? '',
    collectorId: payment.collector_id ?? '',
    externalReference: payment.external_reference,
    merchantOrderId: payment.order?.id ?? null,
    // Left out means the default of the API.
    operationType: payment.operation_type ?? 'regular_payment',
    approvedAt: payment.date_approved,
    lastUpdatedAt: payment.date_last_updated ?? payment.date_approved ?? payment.date_created ?? fallback,
  }
}

/** Null when the answer is no list, or a row of it is not a payment: half a list must not pass for the whole. */
export function readPayments(body: unknown, fallback: Date): ProviderPayment[] | null {
  const parsed = SearchAnswer.safeParse(body)
  if (!parsed.success) return null
  const payments = parsed.data.results.map((row) => readPayment(row, fallback))
  return payments.every((payment) => payment !== null) ? payments : null
}

/** How many payments a search has in all; null when the answer does not say. */
export function readTotal(body: unknown): number | null {
  const parsed = Paging.safeParse(body)
  return parsed.success ? parsed.data.paging.total : null
}

/** Ids of the found preferences; their other fields are summaries (mercado-pago.md 2.4). */
export function readPreferenceIds(body: unknown): string[] | null {
  const parsed = PreferenceList.safeParse(body)
  return parsed.success ? parsed.data.elements.map(({ id }) => id) : null
}

export function readMerchantOrder(body: unknown): MerchantOrder | null {
  const parsed = MerchantOrderAnswer.safeParse(body)
  if (!parsed.success) return null
  const { id, preference_id, external_reference, payments } = parsed.data
  return {
    id,
    preferenceId: preference_id,
    externalReference: external_reference,
    paymentIds: (payments ?? []).map((payment) => payment.id),
  }
}
