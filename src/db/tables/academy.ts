import { boolean, integer, pgTable, smallint, text, time, uuid } from 'drizzle-orm/pg-core'
import { created, instant, touched } from './columns.ts'

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
