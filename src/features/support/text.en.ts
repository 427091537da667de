import type { SenderRole, TicketCategory, TicketPriority, TicketStatus } from '../../db/tables.ts'
import type { TicketRefusal } from './rules.ts'

export const REFUSAL: Record<TicketRefusal, string> = {
  'short-description': 'Your message needs at least 10 characters',
  'long-text': 'Your message can have up to 500 characters',
  'empty-message': 'Your message is empty',
  'bad-category': 'Please choose one of the topics',
  'bad-change': 'Please choose one of the options',
  'unknown-ticket': 'We could not find that ticket',
  'unknown-class': 'We could not find that class',
  'unknown-payment': 'We could not find that payment',
  closed: 'This ticket is closed',
  full: 'This conversation has reached its limit. Please open a new ticket.',
  'too-many': 'Too many requests. Please try again in a few minutes.',
  'no-account': 'You are not signed in. Please sign in again.',
}

export const TICKET_STATUS: Record<TicketStatus, string> = {
  OPEN: 'Open',
  IN_PROGRESS: 'In progress',
  RESOLVED: 'Resolved',
  CLOSED: 'Closed',
}

export const TICKET_PRIORITY: Record<TicketPriority, string> = { LOW: 'Low', MEDIUM: 'Medium', HIGH: 'High', URGENT: 'Urgent' }

export const TICKET_CATEGORY: Record<TicketCategory, string> = { BUG: 'Problem', PAGOS: 'Payments', CUENTA: 'Account', GENERAL: 'General' }

export const SENDER: Record<SenderRole, string> = { USER: 'You', ADMIN: 'Teacher', SUPPORT_BOT: 'Assistant' }

export const ticketMade = (number: string): string => `We opened a ticket and will help you shortly #${number}`
