import { z } from 'zod'
import { countOwnPayments, ownPayments } from '../../features/billing/queries.ts'
import { paymentOutcome, revisionOf } from '../../features/payment/outcome.ts'
import { toPesos } from '../../kernel/money.ts'
import { type Endpoint, fail } from '../endpoint.ts'

const PREFERENCE_ID_CHARACTERS_MAX = 200

/** A return page asks 30 times, and again whenever something changed; for several of them at once. */
const ASKED_PER_10_MINUTES = 600

const PER_PAGE_MAX = 200
const PAGES_MAX = 100_000

/** Digits only: `1.5`, `1e3` and an empty text are no page. */
const wholeNumber = (max: number) =>
  z
    .string()
    .regex(/^\d{1,6}$/)
    .transform(Number)
    .pipe(z.number().min(1).max(max))
const Page = z.object({
  page: wholeNumber(PAGES_MAX).optional().meta({ description: 'Página, desde 1' }),
  limit: wholeNumber(PER_PAGE_MAX)
    .optional()
    .meta({ description: `Pagos por página, hasta ${PER_PAGE_MAX} (que es lo que vale si falta)` }),
})

export const paymentsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/payments',
  summary: 'Los pagos propios, el más nuevo primero, de a páginas; X-Total-Count dice cuántos son',
  auth: 'login',
  query: Page,
  responses: { 200: { description: 'Pagos; ninguno después de la última página' }, 400: { description: 'Paginación inválida' } },
  async handle(c, viewer) {
    const query = Page.safeParse(c.req.query())
    if (!query.success) return fail(c, 400, 'Paginación inválida')
    const { page = 1, limit = PER_PAGE_MAX } = query.data
    const { handle } = c.get('deps').db
    c.header('X-Total-Count', String(await countOwnPayments(handle, viewer.id)))
    const rows = await ownPayments(handle, viewer.id, { limit, offset: (page - 1) * limit })
    return c.json({
      response: rows.map((row) => ({
        number: row.number,
        preferenceId: row.preferenceId,
        amount: toPesos(row.amount),
        currency: row.currency,
        status: row.status,
        type: row.classType,
        participants: row.maxParticipants,
        createdAt: row.createdAt.toISOString(),
        approvedAt: row.approvedAt?.toISOString() ?? null,
        refundedAmount: toPesos(row.refunded),
        refundedAt: row.refundedAt?.toISOString() ?? null,
        classId: row.bookedClass?.id ?? null,
        classStartTime: row.bookedClass?.startsAt.toISOString() ?? null,
      })),
    })
  },
}

export const paymentEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/payments/{preferenceId}',
  summary: 'El estado de un pago propio; si sigue pendiente, se le pregunta a Mercado Pago',
  auth: 'login',
  limitPer10Minutes: ASKED_PER_10_MINUTES,
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
          money: z.enum(['in-process', 'in-review']).nullable().meta({ description: 'Dinero en camino, o que mira una persona' }),
          revision: z.string().meta({ description: 'Cambia con todo lo que se le dice al comprador; solo para comparar' }),
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
        money: outcome.money,
        revision: revisionOf(outcome),
      },
    })
  },
}

/** PostgreSQL refuses NUL characters; ids of preferences are short. */
function isStorable(preferenceId: string): boolean {
  return preferenceId.length <= PREFERENCE_ID_CHARACTERS_MAX && !preferenceId.includes('\0')
}
