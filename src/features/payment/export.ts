import { asc, eq } from 'drizzle-orm'
import { paymentOrder, providerPayment, refund } from '../../db/tables.ts'
import { toPesos } from '../../kernel/money.ts'
import type { ExportPart } from '../identity/export-part.ts'

/** Orders of a person: what they were to pay. */
export const ordersPart: ExportPart = {
  name: 'ordenes',
  async read({ db }, userId, { limit, offset }) {
    const rows = await db.handle
      .select()
      .from(paymentOrder)
      .where(eq(paymentOrder.userId, userId))
      .orderBy(asc(paymentOrder.createdAt), asc(paymentOrder.id))
      .limit(limit)
      .offset(offset)
    return rows.map((row) => ({
      id: row.id,
      clase: row.classId,
      preferencia: row.preferenceId,
      importe: toPesos(row.amountCentavos),
      moneda: row.currency,
      estado: row.status,
      creada: row.createdAt,
      aprobada: row.approvedAt,
      devuelto: toPesos(row.refundedCentavos),
      devueltoEl: row.refundedAt,
    }))
  },
}

/** Payments of those orders, as Mercado Pago told them. */
export const paymentsPart: ExportPart = {
  name: 'pagos',
  async read({ db }, userId, { limit, offset }) {
    const rows = await db.handle
      .select({ payment: providerPayment })
      .from(providerPayment)
      .innerJoin(paymentOrder, eq(paymentOrder.id, providerPayment.orderId))
      .where(eq(paymentOrder.userId, userId))
      .orderBy(asc(providerPayment.createdAt), asc(providerPayment.id))
      .limit(limit)
      .offset(offset)
    return rows.map(({ payment }) => ({
      id: payment.id,
      orden: payment.orderId,
      importe: payment.amountCentavos === null ? null : toPesos(payment.amountCentavos),
      moneda: payment.currency,
      estado: payment.status,
      detalle: payment.statusDetail,
      aprobado: payment.approvedAt,
      devuelto: toPesos(payment.refundedCentavos),
    }))
  },
}

/** Money that went back, or is on its way back. */
export const refundsPart: ExportPart = {
  name: 'devoluciones',
  async read({ db }, userId, { limit, offset }) {
    const rows = await db.handle
      .select({ back: refund })
      .from(refund)
      .innerJoin(paymentOrder, eq(paymentOrder.id, refund.orderId))
      .where(eq(paymentOrder.userId, userId))
      .orderBy(asc(refund.createdAt), asc(refund.id))
      .limit(limit)
      .offset(offset)
    return rows.map(({ back }) => ({
      id: back.id,
      pago: back.paymentId,
      importe: toPesos(back.amountCentavos),
      motivo: back.reason,
      estado: back.state,
      pedida: back.createdAt,
    }))
  },
}
