import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { SupportTicketRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { HOUR_MS } from '../../kernel/clock.ts'
import { drawCode } from '../../kernel/ids.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { sha256 } from '../../kernel/secret-box.ts'
import { holdAccount, type Viewer } from '../identity/store.ts'
import { notify } from '../notice/commands.ts'
import { audit } from '../operation/attention.ts'
import { countUse, giveBackUse, type Use } from '../operation/rate-limit.ts'
import {
  afterChange,
  afterMessage,
  isTrapped,
  MESSAGES_MAX,
  parseChange,
  parseMessage,
  parseTicket,
  TICKETS_PER_HOUR,
  type TicketOutcome,
  type TicketRequest,
} from './rules.ts'
import * as store from './store.ts'

const NUMBER_DRAWS_MAX = 10

/**
 * Opens a ticket. `key` names one sending of the form: sent again it is the ticket that it made before. What fills in the hidden field gets
 * a number that belongs to nothing.
 */
export async function openTicket(
  deps: Deps,
  viewer: Viewer,
  sent: Record<string, unknown>,
  key: string | null,
): Promise<TicketOutcome<{ ticketNumber: string }>> {
  if (isTrapped(sent)) return succeed({ ticketNumber: drawNumber(deps) })
  const parsed = parseTicket(sent)
  if (!parsed.ok) return parsed
  const request = parsed.value
  const context = await contextOf(deps, viewer.id, request)
  if (!context.ok) return context
  const requestKey = keyOf(key, [request.description, request.category, request.classId ?? '', request.orderId ?? ''])
  return deps.db.transaction(async (tx): Promise<TicketOutcome<{ ticketNumber: string }>> => {
    if (!(await holdAccount(tx, viewer.id))) return refuse('no-account')
    // Counted first: whoever sends the same form at the same moment waits here, and then finds the ticket.
    const use = await countTicket(deps, tx, viewer.id)
    const before = requestKey === null ? null : await store.findTicketByKey(tx, viewer.id, requestKey)
    if (before) {
      if (use.ok && use.value) await giveBackUse(tx, use.value)
      return succeed({ ticketNumber: before.ticketNumber })
    }
    if (!use.ok) return use
    await store.keepPointedTo(tx, context.value)
    return succeed({ ticketNumber: await insertTicket(deps, tx, viewer.id, { ...request, ...context.value }, requestKey) })
  })
}

async function countTicket(deps: Deps, tx: Tx, userId: string): Promise<TicketOutcome<Use | null>> {
  const { rateLimitScale } = deps.config
  if (rateLimitScale === 0) return succeed(null)
  const max = Math.ceil(TICKETS_PER_HOUR * rateLimitScale)
  return countUse(deps, { bucket: `tickets:user:${userId}`, max, windowMs: HOUR_MS }, tx)
}

/** The class and the payment, both the person's own; each brings the other along where there is one. */
async function contextOf(
  deps: Deps,
  userId: string,
  request: TicketRequest,
): Promise<TicketOutcome<Pick<TicketRequest, 'classId' | 'orderId'>>> {
  const { classId, orderId } = request
  const { handle } = deps.db
  const ofClass = classId ? await store.ownClassContext(handle, userId, classId) : null
  if (classId && !ofClass) return refuse('unknown-class')
  const ofOrder = orderId ? await store.ownOrderContext(handle, userId, orderId) : null
  if (orderId && !ofOrder) return refuse('unknown-payment')
  return succeed({ classId: classId ?? ofOrder?.class?.id ?? null, orderId: orderId ?? ofClass?.order?.id ?? null })
}

async function insertTicket(deps: Deps, tx: Tx, userId: string, request: TicketRequest, requestKey: string | null): Promise<string> {
  const now = deps.clock.now()
  for (let draw = 0; draw < NUMBER_DRAWS_MAX; draw++) {
    const ticketNumber = drawNumber(deps)
    const row = { id: deps.ids.uuid(), userId, ticketNumber, ...request, requestKey, waitingSince: now, createdAt: now, updatedAt: now }
    if (await store.insertTicket(tx, row)) return ticketNumber
    const same = requestKey === null ? null : await store.findTicketByKey(tx, userId, requestKey)
    if (same) return same.ticketNumber
  }
  throw new Error('No free ticket number was drawn')
}

function drawNumber(deps: Deps): string {
  return `TKT-${drawCode(deps.ids, 6)}`
}

/** The key with what was sent under it: the form that was changed and sent again is another message. */
function keyOf(key: string | null, content: readonly string[]): string | null {
  return key === null ? null : sha256(JSON.stringify([key, ...content]))
}

/** Writes into a ticket, as its owner or as the admin, whose answer is told to the owner. */
export async function writeMessage(
  deps: Deps,
  viewer: Viewer,
  ticketId: string,
  sent: unknown,
  key: string | null,
): Promise<TicketOutcome<null>> {
  if (!z.uuid().safeParse(ticketId).success) return refuse('unknown-ticket')
  return deps.db.transaction(async (tx): Promise<TicketOutcome<null>> => {
    const ownerId = await store.ownerOf(tx, ticketId)
    // Before the ticket: who answers writes to them, and people come first in the order of locks.
    const ticket = ownerId && (await holdAccount(tx, ownerId)) ? await store.lockTicket(tx, ticketId) : null
    const isAdmin = viewer.role === 'ADMIN'
    if (!ticket || (!isAdmin && ticket.userId !== viewer.id)) return refuse('unknown-ticket')
    const content = parseMessage(sent)
    if (!content.ok) return content
    const role = isAdmin ? 'ADMIN' : 'USER'
    const requestKey = keyOf(key, [content.value])
    if (requestKey !== null && (await store.hasMessage(tx, ticketId, role, requestKey))) return succeed(null)
    if (ticket.status === 'CLOSED') return refuse('closed')
    if ((await store.countMessages(tx, ticketId)) >= MESSAGES_MAX) return refuse('full')
    const now = deps.clock.now()
    const messageId = deps.ids.uuid()
    await store.insertMessage(tx, { id: messageId, ticketId, role, content: content.value, requestKey, createdAt: now })
    await store.updateTicket(tx, ticketId, { ...afterMessage(ticket, role, now), updatedAt: now })
    if (isAdmin) await tellAnswer(deps, tx, ticket, messageId, viewer.id)
    return succeed(null)
  })
}

async function tellAnswer(deps: Deps, tx: Tx, ticket: SupportTicketRow, messageId: string, actorId: string): Promise<void> {
  const data = { ticketId: ticket.id, ticketNumber: ticket.ticketNumber }
  await notify(deps, tx, { userId: ticket.userId, classId: null, kind: 'ticket-answered', dedupeKey: `ticket-answered:${messageId}`, data })
  await audit(deps, tx, { actorId, action: 'ticket.answer', subject: 'ticket', subjectId: ticket.id })
}

/** Changes status, priority or category, as the admin (behaviour 4.16). */
export async function changeTicket(deps: Deps, adminId: string, ticketId: string, sent: unknown): Promise<TicketOutcome<null>> {
  const change = parseChange(sent)
  if (!z.uuid().safeParse(ticketId).success) return refuse('unknown-ticket')
  return deps.db.transaction(async (tx): Promise<TicketOutcome<null>> => {
    const ticket = await store.lockTicket(tx, ticketId)
    if (!ticket) return refuse('unknown-ticket')
    if (!change.ok) return change
    await store.updateTicket(tx, ticketId, { ...change.value, ...afterChange(ticket, change.value), updatedAt: deps.clock.now() })
    const detail = { ...change.value }
    await audit(deps, tx, { actorId: adminId, action: 'ticket.change', subject: 'ticket', subjectId: ticketId, detail })
    return succeed(null)
  })
}
