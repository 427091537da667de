import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
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
