import { boolean, integer, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { centavos, instant, touched } from './columns.ts'

export type PaymentStatus = 'pending' | 'approved' | 'rejected' | 'refunded'

export const paymentOrder = pgTable('payment_order', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  classId: uuid('class_id'),
  teacherId: uuid('teacher_id'),
  preferenceId: text('preference_id'),
  preferenceAt: instant('preference_at'),
  initPoint: text('init_point'),
  amountCentavos: centavos('amount_centavos').notNull(),
  currency: text('currency').notNull().default('ARS'),
  classType: text('class_type').$type<'individual' | 'grupal'>().notNull(),
  maxParticipants: smallint('max_participants').notNull(),
  status: text('status').$type<PaymentStatus>().notNull().default('pending'),
  expiresAt: instant('expires_at').notNull(),
  merchantOrderId: text('merchant_order_id'),
  approvedAt: instant('approved_at'),
  refundedCentavos: centavos('refunded_centavos').notNull().default(0),
  refundedAt: instant('refunded_at'),
  refundReason: text('refund_reason'),
  nextCheckAt: instant('next_check_at'),
  checks: integer('checks').notNull().default(0),
  lastAskedAt: instant('last_asked_at'),
  silentSince: instant('silent_since'),
  lastError: text('last_error'),
  ...touched,
})
export type PaymentOrderRow = typeof paymentOrder.$inferSelect

export const providerPayment = pgTable('provider_payment', {
  id: text('id').primaryKey(),
  orderId: uuid('order_id'),
  status: text('status').notNull(),
  statusDetail: text('status_detail').notNull(),
  amountCentavos: centavos('amount_centavos'),
  refundedCentavos: centavos('refunded_centavos').notNull().default(0),
  currency: text('currency').notNull(),
  collectorId: text('collector_id').notNull(),
  externalReference: text('external_reference'),
  merchantOrderId: text('merchant_order_id'),
  operationType: text('operation_type').notNull(),
  approvedAt: instant('approved_at'),
  providerUpdatedAt: instant('provider_updated_at').notNull(),
  role: text('role').$type<'primary' | 'surplus' | 'orphan'>(),
  ...touched,
})
export type ProviderPaymentRow = typeof providerPayment.$inferSelect

export const refund = pgTable('refund', {
  id: uuid('id').primaryKey(),
  paymentId: text('payment_id').notNull(),
  orderId: uuid('order_id'),
  amountCentavos: centavos('amount_centavos').notNull(),
  reason: text('reason').notNull(),
  state: text('state').$type<'requested' | 'sent' | 'approved' | 'failed'>().notNull().default('requested'),
  attempts: integer('attempts').notNull().default(0),
  /** How often it was asked for anew after a refusal: each time under another key (`027_refund_asked_anew.sql`). */
  generation: integer('generation').notNull().default(0),
  /** Of the request of this generation, once the provider has taken it. */
  providerRefundId: text('provider_refund_id'),
  retryAt: instant('retry_at'),
  lastError: text('last_error'),
  ...touched,
})

export const webhookInbox = pgTable('webhook_inbox', {
  id: uuid('id').primaryKey(),
  provider: text('provider').notNull(),
  topic: text('topic').notNull(),
  externalId: text('external_id').notNull(),
  requestId: text('request_id'),
  signed: boolean('signed').notNull(),
  receivedAt: instant('received_at').notNull(),
  processedAt: instant('processed_at'),
  outcome: text('outcome'),
})
