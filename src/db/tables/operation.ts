import { date, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { centavos, created, instant } from './columns.ts'

export type AttentionSubject = 'class' | 'order' | 'payment' | 'refund' | 'connection' | 'notice' | 'job' | 'statement' | 'provider'
export type AttentionReason =
  | 'amount_mismatch'
  | 'currency_mismatch'
  | 'reference_mismatch'
  | 'unknown_preference'
  | 'no_valid_hold'
  | 'surplus_payment'
  | 'refund_failed'
  | 'calendar_failed'
  | 'calendar_changed'
  | 'calendar_conflict'
  | 'calendar_gone'
  | 'charged_back'
  | 'in_mediation'
  | 'paid_without_class'
  | 'settlement_failed'
  | 'calendar_disconnected'
  | 'calendar_trial_failed'
  | 'link_missing'
  | 'notice_failed'
  | 'job_dead'
  | 'statement_unread'
  | 'provider_silent'
  | 'notification_unread'
  | 'unknown_payment'
  | 'payment_differs'
  | 'money_unaccounted'
  | 'refund_unknown'

export const rateLimit = pgTable('rate_limit', {
  bucket: text('bucket').notNull(),
  windowStart: instant('window_start').notNull(),
  used: integer('used').notNull(),
})

export const attentionCase = pgTable('attention_case', {
  id: uuid('id').primaryKey(),
  subject: text('subject').$type<AttentionSubject>().notNull(),
  subjectId: text('subject_id').notNull(),
  reason: text('reason').$type<AttentionReason>().notNull(),
  detail: text('detail').notNull().default(''),
  openedAt: instant('opened_at').notNull(),
  resolvedAt: instant('resolved_at'),
  resolvedById: uuid('resolved_by_id'),
})

export const notice = pgTable('notice', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  classId: uuid('class_id'),
  kind: text('kind').notNull(),
  dedupeKey: text('dedupe_key').notNull(),
  data: jsonb('data').$type<Record<string, unknown>>().notNull().default({}),
  state: text('state').$type<'queued' | 'sent' | 'failed' | 'skipped'>().notNull().default('queued'),
  attempts: integer('attempts').notNull().default(0),
  lastError: text('last_error'),
  ...created,
  sentAt: instant('sent_at'),
})

export const auditLog = pgTable('audit_log', {
  id: uuid('id').primaryKey(),
  actorId: uuid('actor_id'),
  action: text('action').notNull(),
  subject: text('subject').notNull(),
  subjectId: text('subject_id').notNull(),
  detail: jsonb('detail').$type<Record<string, unknown>>().notNull().default({}),
  at: instant('at').notNull(),
})

export const idempotencyKey = pgTable('idempotency_key', {
  userId: uuid('user_id').notNull(),
  key: text('key').notNull(),
  bodyHash: text('body_hash').notNull(),
  response: jsonb('response').$type<Record<string, unknown>>(),
  ...created,
})

/** A sum that does not add up, or something that the two sides tell differently. */
export interface StatementDifference {
  kind: 'unknown_payment' | 'payment_differs' | 'money_unaccounted' | 'refund_unknown'
  paymentId: string
  orderId: string | null
  /** Ours on the left, the provider's on the right, for a person to read. */
  detail: string
}

export const dailyStatement = pgTable('daily_statement', {
  /** "2026-11-23", a day in Argentina. */
  day: date('day', { mode: 'string' }).primaryKey(),
  state: text('state').$type<'balanced' | 'curing' | 'differs' | 'unread'>().notNull(),
  payments: integer('payments').notNull().default(0),
  approvedCentavos: centavos('approved_centavos').notNull().default(0),
  classesCentavos: centavos('classes_centavos').notNull().default(0),
  creditsCentavos: centavos('credits_centavos').notNull().default(0),
  refundsCentavos: centavos('refunds_centavos').notNull().default(0),
  casesCentavos: centavos('cases_centavos').notNull().default(0),
  unaccountedCentavos: centavos('unaccounted_centavos').notNull().default(0),
  providerPayments: integer('provider_payments').notNull().default(0),
  providerApprovedCentavos: centavos('provider_approved_centavos').notNull().default(0),
  differences: jsonb('differences').$type<StatementDifference[]>().notNull().default([]),
  looks: integer('looks').notNull().default(0),
  failures: integer('failures').notNull().default(0),
  lastError: text('last_error'),
  nextLookAt: instant('next_look_at'),
  madeAt: instant('made_at').notNull(),
})
export type DailyStatementRow = typeof dailyStatement.$inferSelect
