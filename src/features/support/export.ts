import { asc, eq } from 'drizzle-orm'
import { supportMessage, supportTicket } from '../../db/tables.ts'
import type { ExportPart } from '../identity/export-part.ts'

/** What a person asked for help with. */
export const ticketsPart: ExportPart = {
  name: 'tickets',
  async read({ db }, userId, { limit, offset }) {
    return db.handle
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
      .orderBy(asc(supportTicket.createdAt), asc(supportTicket.id))
      .limit(limit)
      .offset(offset)
  },
}

/** The conversations about it. */
export const messagesPart: ExportPart = {
  name: 'mensajes',
  async read({ db }, userId, { limit, offset }) {
    return db.handle
      .select({
        ticket: supportTicket.ticketNumber,
        de: supportMessage.role,
        texto: supportMessage.content,
        escrito: supportMessage.createdAt,
      })
      .from(supportMessage)
      .innerJoin(supportTicket, eq(supportTicket.id, supportMessage.ticketId))
      .where(eq(supportTicket.userId, userId))
      .orderBy(asc(supportMessage.createdAt), asc(supportMessage.id))
      .limit(limit)
      .offset(offset)
  },
}
