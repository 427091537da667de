import { z } from 'zod'
import { reconcileOrder } from '../../features/payment/reconcile.ts'
import { findOrderByPreference, ordersOfUser, primaryPaymentId } from '../../features/payment/store.ts'
import { findClass } from '../../features/virtual-class/store.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import { toPesos } from '../../kernel/money.ts'
import { type Endpoint, fail } from '../endpoint.ts'

/** The provider is asked about one order at most this often, however often the page asks us (behaviour 4.13). */
const ASKED_EVERY_MS = 5 * SECOND_MS

export const paymentsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/payments',
  summary: 'Los pagos propios, el más nuevo primero',
  auth: 'login',
  responses: { 200: { description: 'Pagos' } },
  async handle(c, viewer) {
    const rows = await ordersOfUser(c.get('deps').db.handle, viewer.id)
    return c.json({
      response: rows.map((row, index) => ({
        number: rows.length - index,
        preferenceId: row.preferenceId,
        amount: toPesos(row.amountCentavos),
        currency: row.currency,
        status: row.status,
        type: row.classType,
        participants: row.maxParticipants,
        createdAt: row.createdAt.toISOString(),
        approvedAt: row.approvedAt?.toISOString() ?? null,
        refundedAmount: toPesos(row.refundedCentavos),
        refundedAt: row.refundedAt?.toISOString() ?? null,
        classId: row.classId,
        classStartTime: row.classStartsAt?.toISOString() ?? null,
      })),
    })
  },
}

export const paymentEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/payments/{preferenceId}',
  summary: 'El estado de un pago propio; si sigue pendiente, se le pregunta a Mercado Pago',
  auth: 'login',
  responses: {
    200: {
      description: 'Estado del pago y de su clase',
      schema: z.object({
        response: z.object({
          preferenceId: z.string(),
          status: z.enum(['pending', 'approved', 'rejected', 'refunded']),
          amount: z.number(),
          currency: z.string(),
          paymentId: z.string().nullable(),
          externalReference: z.string(),
          classId: z.string().nullable(),
          classStatus: z.string().nullable(),
          holdExpiresAt: z.iso.datetime().nullable(),
          refunding: z.boolean(),
        }),
      }),
    },
    404: { description: 'Pago desconocido o ajeno' },
  },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const preferenceId = c.req.param('preferenceId') ?? ''
    let order = await findOrderByPreference(deps.db.handle, preferenceId)
    if (order?.userId !== viewer.id) return fail(c, 404, 'No se encontró el pago')
    const now = deps.clock.now()
    const unsettled = order.status === 'pending' || order.status === 'rejected'
    if (unsettled && (!order.lastAskedAt || plus(order.lastAskedAt, ASKED_EVERY_MS) <= now)) {
      await reconcileOrder(deps, order.id)
      order = (await findOrderByPreference(deps.db.handle, preferenceId)) ?? order
    }
    const virtualClass = order.classId ? await findClass(deps.db.handle, order.classId) : null
    return c.json({
      response: {
        preferenceId,
        status: order.status,
        amount: toPesos(order.amountCentavos),
        currency: order.currency,
        paymentId: await primaryPaymentId(deps.db.handle, order.id),
        externalReference: order.id,
        classId: order.classId,
        classStatus: virtualClass?.status ?? null,
        holdExpiresAt: virtualClass?.holdExpiresAt?.toISOString() ?? null,
        refunding: order.status === 'approved' && virtualClass?.status === 'cancelled',
      },
    })
  },
}
