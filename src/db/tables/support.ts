import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { created, instant, touched } from './columns.ts'

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
