import { boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

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
  kind: text('kind').$type<'oauth' | 'service_account'>().notNull().default('oauth'),
  sealedAccessToken: text('sealed_access_token'),
  accessExpiresAt: instant('access_expires_at'),
  renewingId: uuid('renewing_id'),
  renewingUntil: instant('renewing_until'),
  grantExpiresAt: instant('grant_expires_at'),
  triedAt: instant('tried_at'),
  trialError: text('trial_error'),
  readsAttendance: boolean('reads_attendance').notNull().default(false),
  connectedAt: instant('connected_at').notNull(),
  updatedAt: instant('updated_at').notNull(),
})

export const leftEvent = pgTable('left_event', {
  teacherId: uuid('teacher_id').notNull(),
  eventId: text('event_id').notNull(),
  classId: uuid('class_id').notNull(),
  calendarId: text('calendar_id').notNull(),
  leftAt: instant('left_at').notNull(),
})
export type LeftEventRow = typeof leftEvent.$inferSelect

export const googleUsage = pgTable('google_usage', {
  teacherId: uuid('teacher_id').notNull(),
  hour: instant('hour').notNull(),
  calls: integer('calls').notNull().default(0),
  limited: integer('limited').notNull().default(0),
  failed: integer('failed').notNull().default(0),
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
