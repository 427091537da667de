import { bigint, boolean, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'

/** How far the mirror of a calendar is, and the round of reading that is under way. */
export const calendarSync = pgTable('calendar_sync', {
  teacherId: uuid('teacher_id').primaryKey(),
  readAt: instant('read_at'),
  coversFrom: instant('covers_from'),
  coversTo: instant('covers_to'),
  syncToken: text('sync_token'),
  fullAt: instant('full_at'),
  fullWanted: boolean('full_wanted').notNull().default(false),
  reviewWanted: boolean('review_wanted').notNull().default(false),
  news: integer('news').notNull().default(0),
  reviewId: uuid('review_id'),
  reviewUntil: instant('review_until'),
  unreadable: integer('unreadable').notNull().default(0),
  reviewAll: boolean('review_all').notNull().default(false),
  reviewLeft: uuid('review_left').array(),
  unreadableElsewhere: integer('unreadable_elsewhere').notNull().default(0),
  round: integer('round').notNull().default(0),
  roundKind: text('round_kind').$type<'full' | 'delta'>(),
  roundBeganAt: instant('round_began_at'),
  roundFrom: instant('round_from'),
  roundTo: instant('round_to'),
  pageToken: text('page_token'),
  leaseId: uuid('lease_id'),
  leaseUntil: instant('lease_until'),
  askedAt: instant('asked_at'),
  notBefore: instant('not_before'),
  lastError: text('last_error'),
})
export type CalendarSyncRow = typeof calendarSync.$inferSelect

export const calendarEvent = pgTable('calendar_event', {
  teacherId: uuid('teacher_id').notNull(),
  eventId: text('event_id').notNull(),
  classId: uuid('class_id'),
  recurringId: text('recurring_id'),
  etag: text('etag').notNull(),
  startsAt: instant('starts_at').notNull(),
  endsAt: instant('ends_at').notNull(),
  allDay: boolean('all_day').notNull(),
  blocks: boolean('blocks').notNull(),
  contentHash: text('content_hash'),
  round: integer('round').notNull(),
})

export const calendarEdit = pgTable('calendar_edit', {
  id: uuid('id').primaryKey(),
  teacherId: uuid('teacher_id').notNull(),
  classId: uuid('class_id').notNull(),
  kind: text('kind').$type<'moved' | 'deleted' | 'content' | 'conflict'>().notNull(),
  eventId: text('event_id').notNull(),
  startsAt: instant('starts_at'),
  endsAt: instant('ends_at'),
  detail: text('detail').notNull().default(''),
  foundAt: instant('found_at').notNull(),
  settledAt: instant('settled_at'),
  outcome: text('outcome').$type<'accepted' | 'put-back' | 'restored' | 'cured'>(),
})
export type CalendarEditRow = typeof calendarEdit.$inferSelect

export const calendarChannel = pgTable('calendar_channel', {
  id: text('id').primaryKey(),
  teacherId: uuid('teacher_id').notNull(),
  grantId: uuid('grant_id').notNull(),
  tokenHash: text('token_hash').notNull(),
  resourceId: text('resource_id'),
  openedAt: instant('opened_at').notNull(),
  renewAt: instant('renew_at'),
  expiresAt: instant('expires_at'),
  lastMessage: bigint('last_message', { mode: 'number' }).notNull().default(0),
  stoppedAt: instant('stopped_at'),
})
