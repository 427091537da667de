import { asc, eq } from 'drizzle-orm'
import { participation, virtualClass } from '../../db/tables.ts'
import { toPesos } from '../../kernel/money.ts'
import { listPart } from '../account/export-part.ts'

/** Classes that a person booked. */
export const bookedClassesPart = listPart(
  'clasesReservadas',
  (handle, userId) =>
    handle
      .select()
      .from(virtualClass)
      .where(eq(virtualClass.bookedById, userId))
      .orderBy(asc(virtualClass.createdAt), asc(virtualClass.id)),
  (row) => ({
    id: row.id,
    inicio: row.startsAt,
    fin: row.endsAt,
    tipo: row.classType,
    lugares: row.maxParticipants,
    precio: toPesos(row.priceCentavos),
    moneda: 'ARS',
    estado: row.status,
    objetivo: row.learningFocus,
    motivoDeCancelacion: row.cancelReason,
    reprogramaciones: row.rescheduleCount,
    reservada: row.createdAt,
    pagada: row.paidAt,
    cancelada: row.cancelledAt,
  }),
)

/** Classes that a person belongs to, as host or guest. */
export const participationsPart = listPart('participaciones', (handle, userId) =>
  handle
    .select({
      clase: participation.classId,
      inicio: virtualClass.startsAt,
      fin: virtualClass.endsAt,
      estado: virtualClass.status,
      rol: participation.rol,
      seUnio: participation.createdAt,
      entroPorUltimaVez: participation.enteredAt,
      actividadRealizada: participation.completed,
    })
    .from(participation)
    .innerJoin(virtualClass, eq(virtualClass.id, participation.classId))
    .where(eq(participation.userId, userId))
    .orderBy(asc(participation.createdAt), asc(participation.id)),
)
