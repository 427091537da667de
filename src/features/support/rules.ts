import { z } from 'zod'
import type { SenderRole, TicketCategory, TicketPriority, TicketStatus } from '../../db/tables.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

/** Everything a ticket or a message can be refused for; each has one status here and one text in `text.es.ts`. */
export type TicketRefusal =
  | 'short-description'
  | 'long-text'
  | 'empty-message'
  | 'bad-category'
  | 'bad-change'
  | 'unknown-ticket'
  | 'unknown-class'
  | 'unknown-payment'
  | 'closed'
  | 'full'
  | 'too-many'
  | 'no-account'

export type TicketOutcome<T> = Outcome<T, TicketRefusal, { retryAfterSeconds: number }>

export const TICKET_STATUS_CODE = {
  'short-description': 400,
  'long-text': 400,
  'empty-message': 400,
  'bad-category': 400,
  'bad-change': 400,
  'unknown-ticket': 404,
  'unknown-class': 404,
  'unknown-payment': 404,
  closed: 409,
  full: 409,
  'too-many': 429,
  'no-account': 401,
} as const satisfies Record<TicketRefusal, number>

export const TICKET_STATUSES = ['OPEN', 'IN_PROGRESS', 'RESOLVED', 'CLOSED'] as const satisfies readonly TicketStatus[]
export const TICKET_PRIORITIES = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] as const satisfies readonly TicketPriority[]
export const TICKET_CATEGORIES = ['BUG', 'PAGOS', 'CUENTA', 'GENERAL'] as const satisfies readonly TicketCategory[]

const DESCRIPTION_MIN = 10
export const TEXT_MAX = 500
export const MESSAGES_MAX = 200
export const TICKETS_PER_HOUR = 5

/** What somebody needs help with, and what it was opened from. */
export interface TicketRequest {
  description: string
  category: TicketCategory
  classId: string | null
  orderId: string | null
}

/** Reads a new ticket as it was sent (behaviour 4.15). */
export function parseTicket(sent: Record<string, unknown>): TicketOutcome<TicketRequest> {
  const description = plainText(sent.description)
  if (lengthOf(description) < DESCRIPTION_MIN) return refuse('short-description')
  if (lengthOf(description) > TEXT_MAX) return refuse('long-text')
  const category = z.enum(TICKET_CATEGORIES).safeParse(sent.category ?? 'GENERAL')
  if (!category.success) return refuse('bad-category')
  const classId = reference(sent.classId)
  if (classId === undefined) return refuse('unknown-class')
  const orderId = reference(sent.orderId)
  if (orderId === undefined) return refuse('unknown-payment')
  return succeed({ description, category: category.data, classId, orderId })
}

/** An id, or null where none was given; undefined for what is none. */
function reference(sent: unknown): string | null | undefined {
  if (sent === undefined || sent === null || sent === '') return null
  const id = z.uuid().safeParse(sent)
  return id.success ? id.data : undefined
}

/** The field that people do not see; a program that fills in every field gives itself away. */
export function isTrapped(sent: Record<string, unknown>): boolean {
  const trap = sent.website_url
  return typeof trap === 'string' ? trap.trim() !== '' : trap !== undefined && trap !== null
}

export function parseMessage(sent: unknown): TicketOutcome<string> {
  const content = plainText(sent)
  if (content === '') return refuse('empty-message')
  return lengthOf(content) > TEXT_MAX ? refuse('long-text') : succeed(content)
}

/** As it is kept: without blanks around it, lines broken one way, whatever system it was typed on. */
function plainText(sent: unknown): string {
  return typeof sent === 'string' ? sent.toWellFormed().replaceAll(/\r\n?/g, '\n').trim() : ''
}

/** In characters as PostgreSQL counts them. */
function lengthOf(text: string): number {
  return Array.from(text).length
}

const Change = z
  .object({
    status: z.enum(TICKET_STATUSES).optional(),
    priority: z.enum(TICKET_PRIORITIES).optional(),
    category: z.enum(TICKET_CATEGORIES).optional(),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined))
export type TicketChange = z.infer<typeof Change>

export function parseChange(sent: unknown): TicketOutcome<TicketChange> {
  const change = Change.safeParse(sent)
  return change.success ? succeed(change.data) : refuse('bad-change')
}

type Standing = { status: TicketStatus; waitingSince: Date | null }

/**
 * What a message makes of its ticket. The admin's first one begins the work on it and ends the waiting; a person who writes again to a
 * resolved ticket was not helped, so it is open work again (decision 014).
 */
export function afterMessage(ticket: Standing, role: SenderRole, now: Date): Standing {
  if (role !== 'USER') return { status: ticket.status === 'OPEN' ? 'IN_PROGRESS' : ticket.status, waitingSince: null }
  return { status: ticket.status === 'RESOLVED' ? 'IN_PROGRESS' : ticket.status, waitingSince: ticket.waitingSince ?? now }
}

/** What a change by the admin makes of it: with a resolved or closed ticket nobody waits any more. */
export function afterChange(ticket: Standing, change: TicketChange): Standing {
  const status = change.status ?? ticket.status
  return { status, waitingSince: status === 'OPEN' || status === 'IN_PROGRESS' ? ticket.waitingSince : null }
}
