/** The tables of `migrations/`, for typed statements. Constraints and indexes live only in the SQL files. */
import { bigint, boolean, date, integer, jsonb, numeric, pgTable, smallint, text, time, timestamp, uuid } from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
const centavos = (name: string) => bigint(name, { mode: 'number' })
const created = { createdAt: instant('created_at').notNull() }
const touched = { ...created, updatedAt: instant('updated_at').notNull() }

export const appUser = pgTable('app_user', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  image: text('image'),
  role: text('role').$type<'USER' | 'ADMIN' | 'MOD'>().notNull().default('USER'),
  localidad: text('localidad').notNull().default('-'),
  telefono: text('telefono'),
  nivel: text('nivel').$type<'inicial' | 'basico' | 'intermedio' | 'avanzado'>().notNull().default('inicial'),
  newsletter: text('newsletter').$type<'si' | 'no'>().notNull().default('no'),
  googleName: text('google_name').notNull().default(''),
  hasOwnName: boolean('has_own_name').notNull().default(false),
  theme: text('theme').$type<'light' | 'dark' | 'system'>(),
  locale: text('locale').$type<'es' | 'en'>(),
  zone: text('zone'),
  mailDayBefore: boolean('mail_day_before').notNull().default(true),
  mailHourBefore: boolean('mail_hour_before').notNull().default(true),
  mailActivity: boolean('mail_activity').notNull().default(true),
  deletedAt: instant('deleted_at'),
  ...touched,
})

export const userIdentity = pgTable('user_identity', {
  provider: text('provider').notNull(),
  subject: text('subject').notNull(),
  userId: uuid('user_id').notNull(),
  ...created,
})

export const session = pgTable('session', {
  tokenHash: text('token_hash').primaryKey(),
  userId: uuid('user_id').notNull(),
  ...created,
  renewedAt: instant('renewed_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  publicId: uuid('public_id').notNull(),
  userAgent: text('user_agent').notNull().default(''),
  usedAt: instant('used_at'),
})

export const signInAttempt = pgTable('sign_in_attempt', {
  stateHash: text('state_hash').primaryKey(),
  browserHash: text('browser_hash').notNull(),
  purpose: text('purpose').$type<'login' | 'calendar'>().notNull(),
  nonce: text('nonce').notNull(),
  verifier: text('verifier').notNull(),
  returnTo: text('return_to').notNull(),
  userId: uuid('user_id'),
  teacherId: uuid('teacher_id'),
  ...created,
  expiresAt: instant('expires_at').notNull(),
})

export const teacher = pgTable('teacher', {
  id: uuid('id').primaryKey(),
  email: text('email').notNull(),
  userId: uuid('user_id'),
  displayName: text('display_name').notNull(),
  calendarId: text('calendar_id').notNull().default('primary'),
  slotMinutes: integer('slot_minutes').notNull().default(60),
  minNoticeMinutes: integer('min_notice_minutes').notNull().default(120),
  horizonDays: integer('horizon_days').notNull().default(60),
  active: boolean('active').notNull().default(true),
  ...touched,
})

export const openingInterval = pgTable('opening_interval', {
  teacherId: uuid('teacher_id').notNull(),
  weekday: smallint('weekday').notNull(),
  opens: time('opens').notNull(),
  closes: time('closes').notNull(),
})

export const blackout = pgTable('blackout', {
  id: uuid('id').primaryKey(),
  teacherId: uuid('teacher_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  note: text('note').notNull().default(''),
  ...created,
})

export type ConnectionStatus = 'connected' | 'disconnected' | 'error'

export const googleConnection = pgTable('google_connection', {
  teacherId: uuid('teacher_id').primaryKey(),
  id: uuid('id').notNull(),
  subject: text('subject').notNull(),
  email: text('email').notNull(),
  scopes: text('scopes').array().notNull(),
  sealedRefreshToken: text('sealed_refresh_token').notNull(),
  status: text('status').$type<ConnectionStatus>().notNull(),
  lastOkAt: instant('last_ok_at'),
  lastError: text('last_error'),
  lastErrorAt: instant('last_error_at'),
  connectedAt: instant('connected_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const busySnapshot = pgTable('busy_snapshot', {
  teacherId: uuid('teacher_id').primaryKey(),
  coversFrom: instant('covers_from').notNull(),
  coversTo: instant('covers_to').notNull(),
  readAt: instant('read_at').notNull(),
})

export const busyInterval = pgTable('busy_interval', {
  teacherId: uuid('teacher_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
})

export type ClassStatus = 'pending' | 'scheduled' | 'completed' | 'cancelled'
export type CancelReason =
  | 'hold_expired'
  | 'payment_rejected'
  | 'host_cancelled'
  | 'admin_cancelled'
  | 'payment_refunded'
  | 'booking_failed'
  | 'event_failed'

export const virtualClass = pgTable('virtual_class', {
  id: uuid('id').primaryKey(),
  teacherId: uuid('teacher_id').notNull(),
  bookedById: uuid('booked_by_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  classType: text('class_type').$type<'individual' | 'grupal'>().notNull(),
  maxParticipants: smallint('max_participants').notNull(),
  priceCentavos: centavos('price_centavos').notNull(),
  status: text('status').$type<ClassStatus>().notNull().default('pending'),
  learningFocus: text('learning_focus'),
  hostType: text('host_type').notNull().default('anfitrion'),
  activityStatus: text('activity_status').$type<'pending' | 'uploaded'>().notNull().default('pending'),
  holdExpiresAt: instant('hold_expires_at'),
  paidAt: instant('paid_at'),
  googleEventId: text('google_event_id'),
  eventGeneration: integer('event_generation').notNull().default(0),
  conferenceAttempt: integer('conference_attempt').notNull().default(0),
  meetUrl: text('meet_url'),
  calendarPageUrl: text('calendar_page_url'),
  summary: text('summary'),
  description: text('description'),
  calendarState: text('calendar_state').$type<'none' | 'queued' | 'synced' | 'failed'>().notNull().default('none'),
  calendarAttempts: integer('calendar_attempts').notNull().default(0),
  calendarError: text('calendar_error'),
  eventCreatedAt: instant('event_created_at'),
  linkReadyAt: instant('link_ready_at'),
  completedAt: instant('completed_at'),
  cancelledAt: instant('cancelled_at'),
  cancelledById: uuid('cancelled_by_id'),
  cancelReason: text('cancel_reason').$type<CancelReason>(),
  rescheduleCount: integer('reschedule_count').notNull().default(0),
  previousStartsAt: instant('previous_starts_at'),
  refundOwed: boolean('refund_owed').notNull().default(false),
  moveCount: integer('move_count').notNull().default(0),
  fixedAt: instant('fixed_at'),
  refundLapsed: boolean('refund_lapsed').notNull().default(false),
  version: integer('version').notNull().default(0),
  ...touched,
})
export type VirtualClassRow = typeof virtualClass.$inferSelect

export const vacatedInterval = pgTable('vacated_interval', {
  classId: uuid('class_id').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
})

export type RetireReason = 'rescheduled' | 'cancelled' | 'rotated'

export const accessCode = pgTable('access_code', {
  code: text('code').primaryKey(),
  classId: uuid('class_id').notNull(),
  issuedAt: instant('issued_at').notNull(),
  retiredAt: instant('retired_at'),
  retireReason: text('retire_reason').$type<RetireReason>(),
})

export const participation = pgTable('participation', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  classId: uuid('class_id').notNull(),
  rol: text('rol').$type<'anfitrion' | 'participante'>().notNull(),
  seat: smallint('seat').notNull(),
  seats: smallint('seats').notNull(),
  taskId: uuid('task_id'),
  completed: boolean('completed').notNull().default(false),
  firstEnteredAt: instant('first_entered_at'),
  enteredAt: instant('entered_at'),
  ...touched,
})

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
  | 'charged_back'
  | 'in_mediation'
  | 'paid_without_class'
  | 'settlement_failed'
  | 'calendar_disconnected'
  | 'notice_failed'
  | 'job_dead'
  | 'statement_unread'
  | 'provider_silent'
  | 'notification_unread'
  | 'unknown_payment'
  | 'payment_differs'
  | 'money_unaccounted'
  | 'refund_unknown'

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

export type TicketStatus = 'OPEN' | 'IN_PROGRESS' | 'RESOLVED' | 'CLOSED'
export type TicketPriority = 'LOW' | 'MEDIUM' | 'HIGH' | 'URGENT'
export type TicketCategory = 'BUG' | 'PAGOS' | 'CUENTA' | 'GENERAL'
export type SenderRole = 'USER' | 'ADMIN' | 'SUPPORT_BOT'

export const supportTicket = pgTable('support_ticket', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  ticketNumber: text('ticket_number').notNull(),
  description: text('description').notNull(),
  category: text('category').$type<TicketCategory>().notNull().default('GENERAL'),
  status: text('status').$type<TicketStatus>().notNull().default('OPEN'),
  priority: text('priority').$type<TicketPriority>().notNull().default('MEDIUM'),
  classId: uuid('class_id'),
  orderId: uuid('order_id'),
  waitingSince: instant('waiting_since'),
  requestKey: text('request_key'),
  ...touched,
})
export type SupportTicketRow = typeof supportTicket.$inferSelect

export const supportMessage = pgTable('support_message', {
  id: uuid('id').primaryKey(),
  ticketId: uuid('ticket_id').notNull(),
  role: text('role').$type<SenderRole>().notNull(),
  content: text('content').notNull(),
  requestKey: text('request_key'),
  ...created,
})

export type TaskGenerator = 'ai' | 'builtin' | 'manual'

/** What a person has to do after a class. `exercise` holds an `Exercise` of the activity feature, as it was when it was made. */
export const task = pgTable('task', {
  id: uuid('id').primaryKey(),
  classId: uuid('class_id').notNull(),
  userId: uuid('user_id').notNull(),
  title: text('title').notNull(),
  description: text('description').notNull().default(''),
  taskType: text('task_type').$type<'exam' | 'audio' | 'video' | 'reading'>().notNull().default('exam'),
  difficulty: text('difficulty').$type<'easy' | 'medium' | 'hard'>().notNull().default('medium'),
  level: text('level').$type<'A1' | 'A2' | 'B1' | 'B2' | 'C1'>().notNull(),
  exercise: jsonb('exercise'),
  content: text('content').notNull().default(''),
  solvedContent: text('solved_content').notNull().default(''),
  generator: text('generator').$type<TaskGenerator>().notNull(),
  model: text('model'),
  promptVersion: text('prompt_version'),
  state: text('state').$type<'draft' | 'published'>().notNull().default('draft'),
  publishAt: instant('publish_at').notNull(),
  publishedAt: instant('published_at'),
  ...touched,
})

export const activitySubmission = pgTable('activity_submission', {
  id: uuid('id').primaryKey(),
  taskId: uuid('task_id').notNull(),
  userId: uuid('user_id').notNull(),
  startedAt: instant('started_at').notNull(),
  answers: jsonb('answers').notNull().default({}),
  submittedAt: instant('submitted_at'),
  submittedAnswers: jsonb('submitted_answers'),
  score: numeric('score', { mode: 'number' }),
  total: smallint('total'),
  marks: jsonb('marks'),
  firstMarks: jsonb('first_marks'),
  updatedAt: instant('updated_at').notNull(),
})

/** An item that a person missed, with the state of the algorithm that brings it back. */
export const reviewCard = pgTable('review_card', {
  id: uuid('id').primaryKey(),
  userId: uuid('user_id').notNull(),
  itemHash: text('item_hash').notNull(),
  item: jsonb('item').notNull(),
  card: jsonb('card').notNull(),
  dueAt: instant('due_at').notNull(),
  ...touched,
})

export const reviewAnswer = pgTable('review_answer', {
  id: uuid('id').primaryKey(),
  cardId: uuid('card_id').notNull(),
  userId: uuid('user_id').notNull(),
  day: date('day').notNull(),
  answer: jsonb('answer'),
  credit: numeric('credit', { mode: 'number' }).notNull(),
  answeredAt: instant('answered_at').notNull(),
})

export const modelCall = pgTable('model_call', {
  id: uuid('id').primaryKey(),
  classId: uuid('class_id').notNull(),
  userId: uuid('user_id').notNull(),
  model: text('model').notNull(),
  promptVersion: text('prompt_version').notNull(),
  outcome: text('outcome').notNull(),
  tokensIn: integer('tokens_in').notNull(),
  tokensOut: integer('tokens_out').notNull(),
  calledAt: instant('called_at').notNull(),
})

/** What the teacher noted about a class. */
export const classNote = pgTable('class_note', {
  classId: uuid('class_id').primaryKey(),
  wentWell: text('went_well').notNull().default(''),
  errorsHeard: text('errors_heard').notNull().default(''),
  vocabulary: text('vocabulary').notNull().default(''),
  ...touched,
})
