import { z } from 'zod'
import { IdempotencyKey } from '../../features/operation/idempotency.ts'
import { changeTicket, openTicket, writeMessage } from '../../features/support/commands.ts'
import { type Conversation, conversationFor, countTickets, type ListedTicket, listTickets } from '../../features/support/queries.ts'
import {
  TEXT_MAX,
  TICKET_CATEGORIES,
  TICKET_PRIORITIES,
  TICKET_STATUS_CODE,
  TICKET_STATUSES,
  type TicketOutcome,
} from '../../features/support/rules.ts'
import { REFUSAL } from '../../features/support/text.es.ts'
import { pageOfLong } from '../../kernel/paging.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const ROWS_PER_PAGE = 200
const KEY_DESCRIPTION = 'Con el encabezado Idempotency-Key, mandarlo otra vez no lo repite'
const Page = z.string().optional().meta({ description: 'Página, desde 1' })
const Status = z.enum(TICKET_STATUSES)
const Message = z.object({ content: z.string(), role: z.enum(['USER', 'ADMIN', 'SUPPORT_BOT']), createdAt: z.iso.datetime() })
const Ticket = z.object({
  id: z.string(),
  ticketNumber: z.string(),
  description: z.string(),
  category: z.enum(TICKET_CATEGORIES),
  status: Status,
  priority: z.enum(TICKET_PRIORITIES),
  classId: z.string().nullable(),
  orderId: z.string().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})
const UNKNOWN = { description: REFUSAL['unknown-ticket'] }

export const openTicketEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/tickets',
  summary: 'Abre un ticket de soporte; puede nombrar una clase o un pago propio',
  auth: 'login',
  body: z.object({
    description: z.string().min(10).max(TEXT_MAX),
    category: z.enum(TICKET_CATEGORIES).optional(),
    classId: z.string().optional(),
    orderId: z.string().optional(),
  }),
  responses: {
    201: {
      description: `Abierto. ${KEY_DESCRIPTION}`,
      schema: z.object({ success: z.literal(true), ticketNumber: z.string().regex(/^TKT-[A-Z0-9]{6}$/) }),
    },
    400: { description: 'El mensaje es corto o largo, o la categoría no existe' },
    404: { description: 'La clase o el pago no es propio' },
    429: { description: 'Más de 5 por hora' },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const opened = await openTicket(c.get('deps'), viewer, recordOf(body.value), keyOf(c))
    return opened.ok ? c.json({ success: true, ticketNumber: opened.value.ticketNumber }, 201) : refusal(c, opened)
  },
}

export const ticketsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/tickets',
  summary: 'Los tickets propios, el más nuevo primero',
  auth: 'login',
  query: z.object({ page: Page }),
  responses: { 200: { description: 'Tickets: hasta 200 por página' } },
  async handle(c, viewer) {
    return listAnswer(c, { userId: viewer.id }, presentTicket)
  },
}

export const ticketEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/tickets/{id}',
  summary: 'Un ticket propio (o cualquiera, el admin) con sus mensajes',
  auth: 'login',
  responses: {
    200: { description: 'El ticket', schema: z.object({ response: Ticket.extend({ messages: z.array(Message) }) }) },
    404: UNKNOWN,
  },
  async handle(c, viewer) {
    const found = await conversationFor(c.get('deps'), viewer, c.req.param('id') ?? '')
    return found ? c.json({ response: presentConversation(found) }) : fail(c, 404, REFUSAL['unknown-ticket'])
  },
}

export const writeMessageEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/tickets/{id}/messages',
  summary: 'Escribe en un ticket propio (o en cualquiera, el admin)',
  auth: 'login',
  limitPer10Minutes: 60,
  body: z.object({ content: z.string().min(1).max(TEXT_MAX) }),
  responses: {
    201: { description: `Escrito. ${KEY_DESCRIPTION}`, schema: z.object({ success: z.literal(true) }) },
    400: { description: 'El mensaje está vacío o es largo' },
    404: UNKNOWN,
    409: { description: REFUSAL.closed },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const written = await writeMessage(c.get('deps'), viewer, c.req.param('id') ?? '', recordOf(body.value).content, keyOf(c))
    return written.ok ? c.json({ success: true }, 201) : refusal(c, written)
  },
}

export const adminTicketsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/tickets',
  summary: 'Todos los tickets, el más nuevo primero',
  auth: 'admin',
  query: z.object({ status: Status.optional(), page: Page }),
  responses: { 200: { description: 'Tickets con quién los abrió: hasta 200 por página' }, 400: { description: 'Filtro inválido' } },
  async handle(c) {
    const status = Status.optional().safeParse(c.req.query('status') || undefined)
    if (!status.success) return fail(c, 400, 'Filtro inválido')
    return listAnswer(c, status.data ? { status: status.data } : {}, (listed) => ({
      ...presentTicket(listed),
      userName: listed.person.name,
      userEmail: listed.person.email,
      waitingSince: listed.ticket.waitingSince?.toISOString() ?? null,
    }))
  },
}

export const changeTicketEndpoint: Endpoint = {
  method: 'PATCH',
  path: '/api/admin/tickets/{id}',
  summary: 'Cambia el estado, la prioridad o la categoría de un ticket',
  auth: 'admin',
  body: z.object({
    status: Status.optional(),
    priority: z.enum(TICKET_PRIORITIES).optional(),
    category: z.enum(TICKET_CATEGORIES).optional(),
  }),
  responses: {
    200: { description: 'Cambiado', schema: z.object({ success: z.literal(true) }) },
    400: { description: REFUSAL['bad-change'] },
    404: UNKNOWN,
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const changed = await changeTicket(c.get('deps'), viewer.id, c.req.param('id') ?? '', body.value)
    return changed.ok ? c.json({ success: true }) : refusal(c, changed)
  },
}

async function listAnswer(
  c: AppContext,
  filter: Parameters<typeof countTickets>[1],
  present: (listed: ListedTicket) => Record<string, unknown>,
): Promise<Response> {
  const deps = c.get('deps')
  const { limit, offset, ...counted } = await pageOfLong(c.req.query('page'), ROWS_PER_PAGE, (rowsMax) =>
    countTickets(deps, filter, rowsMax),
  )
  const rows = await listTickets(deps, filter, { limit, offset })
  return c.json({ response: rows.map(present), ...counted })
}

function presentTicket({ ticket }: ListedTicket): Record<string, unknown> {
  const { id, ticketNumber, description, category, status, priority, classId, orderId } = ticket
  const times = { createdAt: ticket.createdAt.toISOString(), updatedAt: ticket.updatedAt.toISOString() }
  return { id, ticketNumber, description, category, status, priority, classId, orderId, ...times }
}

function presentConversation(found: Conversation): Record<string, unknown> {
  const messages = found.messages.map(({ content, role, createdAt }) => ({ content, role, createdAt: createdAt.toISOString() }))
  return { ...presentTicket(found), messages }
}

function refusal(c: AppContext, refused: Extract<TicketOutcome<unknown>, { ok: false }>): Response {
  if (refused.detail) c.header('Retry-After', String(refused.detail.retryAfterSeconds))
  return fail(c, TICKET_STATUS_CODE[refused.reason], refused.reason === 'no-account' ? API_TEXT.unauthorized : REFUSAL[refused.reason])
}

function recordOf(body: unknown): Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) ? (body as Record<string, unknown>) : {}
}

/** What the sender calls this request; what is no key counts as none. */
function keyOf(c: AppContext): string | null {
  const key = IdempotencyKey.safeParse(c.req.header('idempotency-key'))
  return key.success ? key.data : null
}
