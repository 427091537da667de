import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { book } from '../../features/booking/book.ts'
import { startCheckout } from '../../features/booking/checkout.ts'
import { createPreference } from '../../features/booking/preference.ts'
import { BOOKING_STATUS, type BookingOutcome } from '../../features/booking/rules.ts'
import {
  BookingBody,
  CheckoutBody,
  PreferenceBody,
  parseBooking,
  parsePreference,
  parseSlotRequest,
} from '../../features/booking/schema.ts'
import { bookingText } from '../../features/booking/text.es.ts'
import { IdempotencyKey, oncePerKey } from '../../features/operation/idempotency.ts'
import { toPesos } from '../../kernel/money.ts'
import { succeed } from '../../kernel/outcome.ts'
import { sha256 } from '../../kernel/secret-box.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const LIMIT = 120
const REFUSALS = {
  400: { description: 'Datos inválidos; el texto dice cuál' },
  401: { description: 'Sin sesión' },
  409: { description: 'El horario ya no está disponible, demasiadas reservas sin pagar, o la preferencia ya se usó' },
  429: { description: 'Demasiadas solicitudes' },
}

function refusal(c: AppContext, outcome: Extract<BookingOutcome<unknown>, { ok: false }>): Response {
  const { expectedPrice, alternatives } = outcome.detail ?? {}
  const more = { ...(expectedPrice === undefined ? {} : { expectedPrice }), ...(alternatives === undefined ? {} : { alternatives }) }
  return fail(c, BOOKING_STATUS[outcome.reason], bookingText(outcome.reason, outcome.detail ?? {}), more)
}

export const createPreferenceEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/mercado-pago/create-preference',
  summary: 'Crea una preferencia de pago, antes de reservar',
  auth: 'login',
  limitPer10Minutes: LIMIT,
  body: PreferenceBody,
  responses: {
    200: { description: 'Preferencia creada', schema: z.object({ preferenceId: z.string(), initPoint: z.url() }) },
    ...REFUSALS,
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = parsePreference(body.value)
    if (!parsed.ok) return refusal(c, parsed)
    const created = await createPreference(c.get('deps'), viewer.id, parsed.value)
    return created.ok ? c.json(created.value) : refusal(c, created)
  },
}

export const bookingEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/booking',
  summary: 'Reserva un turno con una preferencia que ya existe',
  auth: 'login',
  limitPer10Minutes: LIMIT,
  body: BookingBody,
  responses: {
    200: {
      description: 'Reserva hecha (o repetida)',
      schema: z.object({
        success: z.literal(true),
        status: z.literal(200),
        classId: z.string(),
        holdExpiresAt: z.iso.datetime().nullable(),
      }),
    },
    ...REFUSALS,
    404: { description: 'Preferencia desconocida o ajena' },
    503: { description: 'La agenda no se puede confirmar ahora' },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = parseBooking(body.value)
    if (!parsed.ok) return refusal(c, parsed)
    const booked = await book(c.get('deps'), viewer.id, parsed.value)
    if (!booked.ok) return refusal(c, booked)
    return c.json({
      success: true,
      status: 200,
      classId: booked.value.classId,
      holdExpiresAt: booked.value.holdExpiresAt?.toISOString() ?? null,
    })
  },
}

export const checkoutEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/checkout',
  summary: 'Guarda el turno y prepara el pago en una sola acción',
  auth: 'login',
  limitPer10Minutes: LIMIT,
  body: CheckoutBody,
  responses: {
    200: {
      description: 'Turno guardado; pagá en initPoint antes de holdExpiresAt',
      schema: z.object({
        success: z.literal(true),
        classId: z.string(),
        preferenceId: z.string(),
        initPoint: z.url(),
        holdExpiresAt: z.iso.datetime(),
        price: z.number(),
      }),
    },
    ...REFUSALS,
    503: { description: 'La agenda no se puede confirmar ahora' },
  },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const key = IdempotencyKey.safeParse(c.req.header('idempotency-key'))
    const run = () => checkout(deps, viewer.id, body.value)
    if (!key.success) return answerCheckout(c, await run())
    const request = { userId: viewer.id, key: key.data, bodyHash: sha256(JSON.stringify(body.value)) }
    return answerCheckout(c, await oncePerKey(deps, request, run))
  },
}

async function checkout(deps: Deps, userId: string, body: unknown): Promise<BookingOutcome<Record<string, unknown>>> {
  const parsed = parseSlotRequest(body)
  if (!parsed.ok) return parsed
  const started = await startCheckout(deps, userId, parsed.value)
  if (!started.ok) return started
  const { classId, preferenceId, initPoint, holdExpiresAt, price } = started.value
  return succeed({ success: true, classId, preferenceId, initPoint, holdExpiresAt: holdExpiresAt.toISOString(), price: toPesos(price) })
}

function answerCheckout(c: AppContext, outcome: BookingOutcome<Record<string, unknown>>): Response {
  return outcome.ok ? c.json(outcome.value) : refusal(c, outcome)
}
