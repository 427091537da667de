import { asc, eq } from 'drizzle-orm'
import { supportMessage, supportTicket } from '../../db/tables.ts'
import { listPart } from '../account/export-part.ts'

/** What a person asked for help with. */
export const ticketsPart = listPart('tickets', (handle, userId) =>
  handle
    .select({
      numero: supportTicket.ticketNumber,
      descripcion: supportTicket.description,
      categoria: supportTicket.category,
      estado: supportTicket.status,
      clase: supportTicket.classId,
      orden: supportTicket.orderId,
      abierto: supportTicket.createdAt,
    })
    .from(supportTicket)
    .where(eq(supportTicket.userId, userId))
    .orderBy(asc(supportTicket.createdAt), asc(supportTicket.id)),
)

/** The conversations about it. */
export const messagesPart = listPart('mensajes', (handle, userId) =>
  handle
    .select({
      ticket: supportTicket.ticketNumber,
      de: supportMessage.role,
      texto: supportMessage.content,
      escrito: supportMessage.createdAt,
    })
    .from(supportMessage)
    .innerJoin(supportTicket, eq(supportTicket.id, supportMessage.ticketId))
    .where(eq(supportTicket.userId, userId))
    .orderBy(asc(supportMessage.createdAt), asc(supportMessage.id)),
)
