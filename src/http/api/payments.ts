import { z } from 'zod'
import { paymentOutcome } from '../../features/payment/outcome.ts'
import { ownPayments } from '../../features/payment/queries.ts'
import { toPesos } from '../../kernel/money.ts'
import { type Endpoint, fail } from '../endpoint.ts'

const PREFERENCE_ID_CHARACTERS_MAX = 200

export const paymentsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/payments',
  summary: 'Los pagos propios, el más nuevo primero',
  auth: 'login',
  responses: { 200: { description: 'Pagos' } },
  async handle(c, viewer) {
    const rows = await ownPayments(c.get('deps'), viewer.id)
    return c.json({
      response: rows.map((row) => ({
        number: row.number,
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
    const preferenceId = c.req.param('preferenceId') ?? ''
    const outcome = isStorable(preferenceId) ? await paymentOutcome(c.get('deps'), viewer.id, { preferenceId }) : null
    if (!outcome) return fail(c, 404, 'No se encontró el pago')
    return c.json({
      response: {
        preferenceId,
        status: outcome.status,
        amount: toPesos(outcome.amount),
        currency: outcome.currency,
        paymentId: outcome.paymentId,
        externalReference: outcome.orderId,
        classId: outcome.bookedClass?.id ?? null,
        classStatus: outcome.bookedClass?.status ?? null,
        holdExpiresAt: outcome.bookedClass?.holdExpiresAt?.toISOString() ?? null,
        refunding: outcome.returned && outcome.status !== 'refunded',
      },
    })
  },
}

/** PostgreSQL refuses NUL characters; ids of preferences are short. */
function isStorable(preferenceId: string): boolean {
  return preferenceId.length <= PREFERENCE_ID_CHARACTERS_MAX && !preferenceId.includes('\0')
}
