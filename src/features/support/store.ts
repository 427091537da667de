import { and, asc, count, desc, eq, isNotNull, isNull, or, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { countRows } from '../../db/count-rows.ts'
import {
  appUser,
  type CancelReason,
  type ClassStatus,
  type PaymentStatus,
  participation,
  paymentOrder,
  providerPayment,
  type SenderRole,
  type SupportTicketRow,
  supportMessage,
  supportTicket,
  type TicketStatus,
  virtualClass,
} from '../../db/tables.ts'

/** Inserts a ticket unless its number is taken or it was sent before. False: nothing was inserted. */
export async function insertTicket(tx: Tx, row: typeof supportTicket.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(supportTicket).values(row).onConflictDoNothing().returning({ id: supportTicket.id })
  return inserted.length > 0
}

export async function findTicketByKey(tx: Tx, userId: string, requestKey: string): Promise<SupportTicketRow | null> {
  const [row] = await tx
    .select()
    .from(supportTicket)
    .where(and(eq(supportTicket.userId, userId), eq(supportTicket.requestKey, requestKey)))
  return row ?? null
}

/**
 * Keeps the payment and the class that a new ticket points to, in the order in which everybody locks. The database would take them in another
 * one, and two transactions would wait for each other.
 */
export async function keepPointedTo(tx: Tx, { orderId, classId }: { orderId: string | null; classId: string | null }): Promise<void> {
  if (orderId) await tx.select({ id: paymentOrder.id }).from(paymentOrder).where(eq(paymentOrder.id, orderId)).for('key share')
  if (classId) await tx.select({ id: virtualClass.id }).from(virtualClass).where(eq(virtualClass.id, classId)).for('key share')
}

/** Whose ticket it is. */
export async function ownerOf(tx: Tx, ticketId: string): Promise<string | null> {
  const [row] = await tx.select({ userId: supportTicket.userId }).from(supportTicket).where(eq(supportTicket.id, ticketId))
  return row?.userId ?? null
}

export async function lockTicket(tx: Tx, ticketId: string): Promise<SupportTicketRow | null> {
  const [row] = await tx.select().from(supportTicket).where(eq(supportTicket.id, ticketId)).for('update')
  return row ?? null
}

export async function updateTicket(tx: Tx, ticketId: string, change: Partial<typeof supportTicket.$inferInsert>): Promise<void> {
  await tx.update(supportTicket).set(change).where(eq(supportTicket.id, ticketId))
}

/** Inserts a message unless it was sent before. */
export async function insertMessage(tx: Tx, row: typeof supportMessage.$inferInsert): Promise<boolean> {
  const inserted = await tx.insert(supportMessage).values(row).onConflictDoNothing().returning({ id: supportMessage.id })
  return inserted.length > 0
}

export async function hasMessage(tx: Tx, ticketId: string, role: SenderRole, requestKey: string): Promise<boolean> {
  const rows = await tx
    .select({ id: supportMessage.id })
    .from(supportMessage)
    .where(and(eq(supportMessage.ticketId, ticketId), eq(supportMessage.role, role), eq(supportMessage.requestKey, requestKey)))
  return rows.length > 0
}

export async function countMessages(tx: Tx, ticketId: string): Promise<number> {
  const [row] = await tx.select({ messages: count() }).from(supportMessage).where(eq(supportMessage.ticketId, ticketId))
  return row?.messages ?? 0
}

export interface TicketMessage {
  content: string
  role: SenderRole
  createdAt: Date
}

/** The conversation, oldest first; `MESSAGES_MAX` bounds it. */
export async function messagesOf(handle: Handle, ticketId: string): Promise<TicketMessage[]> {
  return handle
    .select({ content: supportMessage.content, role: supportMessage.role, createdAt: supportMessage.createdAt })
    .from(supportMessage)
    .where(eq(supportMessage.ticketId, ticketId))
    .orderBy(asc(supportMessage.createdAt), asc(supportMessage.id))
}

/** What a ticket was opened from, as far as it is known. */
export interface TicketContext {
  class: {
    id: string
    startsAt: Date
    endsAt: Date
    classType: 'individual' | 'grupal'
    status: ClassStatus
    cancelReason: CancelReason | null
  } | null
  order: { id: string; status: PaymentStatus; amountCentavos: number; refundedCentavos: number; paymentId: string | null } | null
}

const contextColumns = {
  class: {
    id: virtualClass.id,
    startsAt: virtualClass.startsAt,
    endsAt: virtualClass.endsAt,
    classType: virtualClass.classType,
    status: virtualClass.status,
    cancelReason: virtualClass.cancelReason,
  },
  order: {
    id: paymentOrder.id,
    status: paymentOrder.status,
    amountCentavos: paymentOrder.amountCentavos,
    refundedCentavos: paymentOrder.refundedCentavos,
    paymentId: sql<string | null>`(SELECT ${providerPayment.id} FROM ${providerPayment}
      WHERE ${providerPayment.orderId} = ${paymentOrder.id} AND ${providerPayment.role} = 'primary' LIMIT 1)`,
  },
}

/** A class that the person booked or joined; its payment only if they paid it. */
export async function ownClassContext(handle: Handle, userId: string, classId: string): Promise<TicketContext | null> {
  const [row] = await handle
    .select(contextColumns)
    .from(virtualClass)
    .leftJoin(participation, and(eq(participation.classId, virtualClass.id), eq(participation.userId, userId)))
    .leftJoin(paymentOrder, and(eq(paymentOrder.classId, virtualClass.id), eq(paymentOrder.userId, userId)))
    .where(and(eq(virtualClass.id, classId), or(eq(virtualClass.bookedById, userId), isNotNull(participation.id))))
  return row ?? null
}

/** A payment of the person, with the class it is for. */
export async function ownOrderContext(handle: Handle, userId: string, orderId: string): Promise<TicketContext | null> {
  const [row] = await handle
    .select(contextColumns)
    .from(paymentOrder)
    .leftJoin(virtualClass, eq(virtualClass.id, paymentOrder.classId))
    .where(and(eq(paymentOrder.id, orderId), eq(paymentOrder.userId, userId)))
  return row ?? null
}

export interface ListedTicket extends TicketContext {
  ticket: SupportTicketRow
  person: { name: string; email: string }
}

export interface TicketFilter {
  id?: string
  /** Only theirs, as they may see them: of payments only their own. */
  userId?: string
  status?: TicketStatus
  /** Only those in which somebody waits, the most urgent and oldest first. */
  waiting?: boolean
}

const PRIORITY_ORDER = sql`array_position(ARRAY['URGENT', 'HIGH', 'MEDIUM', 'LOW'], ${supportTicket.priority})`

/** Tickets with what they are about, the newest first. */
export async function listTickets(handle: Handle, filter: TicketFilter, page: { limit: number; offset: number }): Promise<ListedTicket[]> {
  return handle
    .select({ ticket: supportTicket, person: { name: appUser.name, email: appUser.email }, ...contextColumns })
    .from(supportTicket)
    .innerJoin(appUser, eq(appUser.id, supportTicket.userId))
    .leftJoin(virtualClass, eq(virtualClass.id, supportTicket.classId))
    .leftJoin(
      paymentOrder,
      or(
        eq(paymentOrder.id, supportTicket.orderId),
        // A guest's ticket is about a class that somebody else paid, which is for the admin to know.
        and(
          isNull(supportTicket.orderId),
          eq(paymentOrder.classId, supportTicket.classId),
          filter.userId ? eq(paymentOrder.userId, supportTicket.userId) : undefined,
        ),
      ),
    )
    .where(whereOf(filter))
    .orderBy(
      ...(filter.waiting ? [PRIORITY_ORDER, asc(supportTicket.waitingSince)] : [desc(supportTicket.createdAt)]),
      desc(supportTicket.id),
    )
    .limit(page.limit)
    .offset(page.offset)
}

/** How many there are, counted from the newest on and no further than `rowsMax`. */
export function countTickets(handle: Handle, filter: TicketFilter, rowsMax: number): Promise<number> {
  return countRows(
    handle,
    handle
      .select({ id: supportTicket.id })
      .from(supportTicket)
      .where(whereOf(filter))
      .orderBy(desc(filter.waiting ? supportTicket.waitingSince : supportTicket.createdAt))
      .limit(rowsMax),
  )
}

function whereOf({ id, userId, status, waiting }: TicketFilter): SQL | undefined {
  return and(
    id ? eq(supportTicket.id, id) : undefined,
    userId ? eq(supportTicket.userId, userId) : undefined,
    status ? eq(supportTicket.status, status) : undefined,
    waiting ? isNotNull(supportTicket.waitingSince) : undefined,
  )
}
