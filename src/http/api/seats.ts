import { z } from 'zod'
import { leaveClass, releaseSeat, rotateCode } from '../../features/enrollment/seats/commands.ts'
import { seatsOfClass } from '../../features/enrollment/seats/queries.ts'
import { SEAT_STATUS, type SeatRefusal } from '../../features/enrollment/seats/rules.ts'
import { SEAT_TEXT } from '../../features/enrollment/seats/text.es.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson, readText } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const Id = z.uuid()
const Code = z.string().regex(/^[A-Z0-9]{8}$/)
const NewCode = z.object({
  success: z.literal(true),
  accessCode: Code.nullable().meta({ description: 'El código que funciona ahora; null si no cambió' }),
})

function refused(c: AppContext, { reason, detail }: { reason: SeatRefusal; detail?: { retryAfterSeconds: number } | undefined }): Response {
  if (detail) c.header('Retry-After', String(detail.retryAfterSeconds))
  return fail(c, SEAT_STATUS[reason], SEAT_TEXT[reason])
}

/** The body may be empty; one that is there must fit. */
async function optionalBody<T>(c: AppContext, schema: z.ZodType<T>): Promise<T | null> {
  const text = await readText(c)
  const body = text.trim() === '' ? { ok: true as const, value: {} } : await readJson(c)
  const given = body.ok ? schema.safeParse(body.value) : null
  return given?.success ? given.data : null
}

export const seatsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/classes/{id}/seats',
  summary: 'Quiénes están en una clase propia (o en cualquiera, el admin)',
  auth: 'login',
  responses: {
    200: {
      description: 'En el orden en que llegaron',
      schema: z.object({
        response: z.array(
          z.object({
            participationId: z.string(),
            name: z.string(),
            rol: z.enum(['anfitrion', 'participante']),
            joinedAt: z.iso.datetime(),
            enteredAt: z.iso.datetime().nullable(),
          }),
        ),
      }),
    },
    403: { description: 'Solo el anfitrión' },
    404: { description: SEAT_TEXT['unknown-class'] },
  },
  async handle(c, viewer) {
    const id = Id.safeParse(c.req.param('id'))
    const seats = id.success ? await seatsOfClass(c.get('deps'), viewer, id.data) : ({ ok: false, reason: 'unknown-class' } as const)
    if (!seats.ok) return refused(c, { reason: seats.reason })
    return c.json({
      response: seats.value.map(({ joinedAt, enteredAt, ...seat }) => ({
        ...seat,
        joinedAt: joinedAt.toISOString(),
        enteredAt: enteredAt?.toISOString() ?? null,
      })),
    })
  },
}

const ReleaseBody = z.object({ rotateCode: z.boolean().optional().meta({ description: 'Cambiar también el código de la clase' }) })

export const releaseSeatEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/classes/{id}/seats/{participationId}/release',
  summary: 'Libera el lugar de un invitado (el anfitrión o el admin); puede volver con el código, si no se cambia',
  auth: 'login',
  limitPer10Minutes: 120,
  body: ReleaseBody.optional(),
  responses: {
    200: { description: 'El lugar está libre', schema: NewCode },
    400: { description: API_TEXT.notJson },
    403: { description: 'Solo el anfitrión' },
    404: { description: 'No se encontró la clase, o esa persona no está en ella' },
    409: { description: 'Cancelada, finalizada, o el lugar es del anfitrión' },
    429: { description: SEAT_TEXT['too-many'] },
  },
  async handle(c, viewer) {
    const body = await optionalBody(c, ReleaseBody)
    if (!body) return fail(c, 400, API_TEXT.notJson)
    const id = Id.safeParse(c.req.param('id'))
    const seat = Id.safeParse(c.req.param('participationId'))
    if (!id.success) return refused(c, { reason: 'unknown-class' })
    // Of a number that cannot be one: whether the class is theirs comes first all the same.
    const participationId = seat.success ? seat.data : '00000000-0000-0000-0000-000000000000'
    const released = await releaseSeat(c.get('deps'), viewer, id.data, participationId, { rotate: body.rotateCode ?? false })
    return released.ok ? c.json({ success: true, accessCode: released.value.accessCode }) : refused(c, released)
  },
}

export const leaveEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/classes/{id}/leave',
  summary: 'Sale de una clase ajena antes de que empiece; el lugar queda libre',
  auth: 'login',
  limitPer10Minutes: 120,
  responses: {
    200: { description: 'Afuera', schema: z.object({ success: z.literal(true) }) },
    404: { description: SEAT_TEXT['unknown-class'] },
    409: { description: 'Cancelada, comenzada, o es la clase propia' },
  },
  async handle(c, viewer) {
    const id = Id.safeParse(c.req.param('id'))
    const left = id.success ? await leaveClass(c.get('deps'), viewer, id.data) : ({ ok: false, reason: 'unknown-class' } as const)
    return left.ok ? c.json({ success: true }) : refused(c, { reason: left.reason })
  },
}

const CodeBody = z.object({
  accessCode: Code.optional().meta({
    description: 'Cambiar solo si este es todavía el código: así un pedido repetido no lo cambia dos veces',
  }),
})

export const rotateCodeEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/classes/{id}/code',
  summary: 'Cambia el código de una clase (el anfitrión o el admin); quienes ya entraron siguen',
  auth: 'login',
  limitPer10Minutes: 60,
  body: CodeBody.optional(),
  responses: {
    200: { description: 'El código que funciona ahora', schema: NewCode },
    400: { description: API_TEXT.notJson },
    403: { description: 'Solo el anfitrión' },
    404: { description: SEAT_TEXT['unknown-class'] },
    409: { description: 'No está reservada, o ya terminó' },
    429: { description: SEAT_TEXT['too-many'] },
  },
  async handle(c, viewer) {
    const body = await optionalBody(c, CodeBody)
    if (!body) return fail(c, 400, API_TEXT.notJson)
    const id = Id.safeParse(c.req.param('id'))
    if (!id.success) return refused(c, { reason: 'unknown-class' })
    const rotated = await rotateCode(c.get('deps'), viewer, id.data, body.accessCode ?? null)
    return rotated.ok ? c.json({ success: true, accessCode: rotated.value.accessCode }) : refused(c, rotated)
  },
}
