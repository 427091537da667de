import { asc, eq } from 'drizzle-orm'
import { paymentOrder, providerPayment, refund } from '../../db/tables.ts'
import { toPesos } from '../../kernel/money.ts'
import { listPart } from '../account/export-part.ts'

/** Orders of a person: what they were to pay. */
export const ordersPart = listPart(
  'ordenes',
  (handle, userId) =>
    handle.select().from(paymentOrder).where(eq(paymentOrder.userId, userId)).orderBy(asc(paymentOrder.createdAt), asc(paymentOrder.id)),
  (row) => ({
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
  }),
)

/** Payments of those orders, as Mercado Pago told them. */
export const paymentsPart = listPart(
  'pagos',
  (handle, userId) =>
    handle
      .select({ payment: providerPayment })
      .from(providerPayment)
      .innerJoin(paymentOrder, eq(paymentOrder.id, providerPayment.orderId))
      .where(eq(paymentOrder.userId, userId))
      .orderBy(asc(providerPayment.createdAt), asc(providerPayment.id)),
  ({ payment }) => ({
    id: payment.id,
    orden: payment.orderId,
    importe: payment.amountCentavos === null ? null : toPesos(payment.amountCentavos),
    moneda: payment.currency,
    estado: payment.status,
    detalle: payment.statusDetail,
    aprobado: payment.approvedAt,
    devuelto: toPesos(payment.refundedCentavos),
  }),
)

/** Money that went back, or is on its way back. */
export const refundsPart = listPart(
  'devoluciones',
  (handle, userId) =>
    handle
      .select({ back: refund })
      .from(refund)
      .innerJoin(providerPayment, eq(providerPayment.id, refund.paymentId))
      .innerJoin(paymentOrder, eq(paymentOrder.id, providerPayment.orderId))
      .where(eq(paymentOrder.userId, userId))
      .orderBy(asc(refund.createdAt), asc(refund.id)),
  ({ back }) => ({
    id: back.id,
    pago: back.paymentId,
    importe: toPesos(back.amountCentavos),
    motivo: back.reason,
    estado: back.state,
    pedida: back.createdAt,
  }),
)
