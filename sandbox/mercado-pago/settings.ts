import { z } from 'zod'

const WholeNumber = z.number().int().min(0)

/** What the control API can switch. Every field has the default of an uneventful day. */
export const Settings = z.strictObject({
  /** false: `auto_return` needs an https success URL whose host is public, as the provider demands. */
  relaxedUrls: z.boolean().default(true),
  /** true: an `expiration_date_to` in the past is refused, on creation and on update. */
  refusePastExpiration: z.boolean().default(false),
  /** false: a repeated idempotency key makes a second preference (unverified at the provider). */
  idempotentPreferences: z.boolean().default(true),
  /** Seconds until the result page of an approved payment returns by itself. */
  autoReturnSeconds: z.number().int().min(0).max(40).default(5),
  /** Where notifications go that belong to no preference, and where chargebacks go; null falls back to the preference's URL. */
  panelNotificationUrl: z.url().nullable().default(null),
  /** Each new payment answers 404 to this many reads. */
  hiddenPaymentReads: WholeNumber.max(1_000).default(0),
  /** Virtual milliseconds before a new payment or order shows up in searches. */
  searchLagMs: WholeNumber.max(7 * 86_400_000).default(0),
  /** true: refunds stay `in_process` until the control API settles them. */
  refundsInProcess: z.boolean().default(false),
  notificationsPaused: z.boolean().default(false),
  /** Virtual milliseconds between an event and its first delivery. */
  notificationDelayMs: WholeNumber.max(30 * 86_400_000).default(500),
  /** How Webhook deliveries are signed. */
  notificationSignature: z.enum(['valid', 'second', 'none', 'garbage']).default('valid'),
  /** Secret of the second application, used when `notificationSignature` is "second". */
  secondSecret: z.string().min(1).default('second-sandbox-secret'),
  notificationTimestamp: z.enum(['seconds', 'milliseconds']).default('seconds'),
  /** The next so many notifications are dropped instead of queued. */
  notificationsToDrop: WholeNumber.max(10_000).default(0),
  /** Extra copies of each notification. */
  notificationCopies: WholeNumber.max(20).default(0),
  /** false: the order number travels only in the body of `topic_merchant_order_wh`, as one capture shows it. */
  orderIdInQuery: z.boolean().default(true),
  /** Real milliseconds that a receiver has to answer. */
  deliveryTimeoutMs: z.number().int().min(10).max(22_000).default(22_000),
  /** Deliveries under way at the same time; 1 makes a run repeatable to the byte. */
  deliveriesInParallel: z.number().int().min(1).max(16).default(8),
})
export type Settings = z.infer<typeof Settings>

/** Changes what the next payment carries, whoever makes it; used up by one payment. */
export const NextPayment = z.strictObject({
  amount: z.number().positive().optional(),
  currency: z.string().length(3).optional(),
  collectorId: z.number().int().positive().optional(),
  externalReference: z.string().max(256).nullable().optional(),
})
export type NextPayment = z.infer<typeof NextPayment>

/** Refuses the next refunds with one of the provider's codes. */
export const RefundRefusal = z.strictObject({
  code: z.number().int(),
  times: z.number().int().min(1).max(1_000).default(1),
})
export type RefundRefusal = z.infer<typeof RefundRefusal>
