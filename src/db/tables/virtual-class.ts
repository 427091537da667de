import { boolean, integer, pgTable, smallint, text, uuid } from 'drizzle-orm/pg-core'
import { centavos, instant, touched } from './columns.ts'

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
  calendarId: text('calendar_id'),
  eventWantedAt: instant('event_wanted_at'),
  eventGeneration: integer('event_generation').notNull().default(0),
  conferenceAttempt: integer('conference_attempt').notNull().default(0),
  conferenceAskedAt: instant('conference_asked_at'),
  meetUrl: text('meet_url'),
  roomUrl: text('room_url'),
  linkCheckedAt: instant('link_checked_at'),
  linkBrokenAt: instant('link_broken_at'),
  attendanceChecks: integer('attendance_checks').notNull().default(0),
  attendanceReadAt: instant('attendance_read_at'),
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
  sharesHour: boolean('shares_hour').notNull().default(false),
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
  attended: boolean('attended'),
  attendedMinutes: integer('attended_minutes'),
  attendanceSource: text('attendance_source').$type<'manual' | 'meet'>(),
  attendanceAt: instant('attendance_at'),
  ...touched,
})
