import { z } from 'zod'
import { isValidSchedule } from '../../features/academy/rules.ts'
import { addBlackout, defaultTeacher, openingOf, removeBlackout, saveSchedule } from '../../features/academy/store.ts'
import { findConnection } from '../../features/meeting/connection.ts'
import { nextEvents } from '../../features/meeting/listing.ts'
import { openCases } from '../../features/operation/attention.ts'
import { ADMIN_REFUND_STATUS, ADMIN_REFUND_TEXT, refundOrderAsAdmin, refundPaymentAsAdmin } from '../../features/payment/admin.ts'
import { adminClasses } from '../../features/virtual-class/queries.ts'
import { liveIntervals } from '../../features/virtual-class/store.ts'
import { addDays, instantAt, isWallDate, parseInstant, withOffset } from '../../kernel/zoned-time.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const ClassFilter = z.enum(['scheduled', 'completed', 'cancelled', 'pending']).optional()
const OkFlag = z.object({ success: z.literal(true) })

export const adminClassesEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/classes',
  summary: 'Todas las clases, la última primero',
  auth: 'admin',
  query: z.object({ status: ClassFilter }),
  responses: { 200: { description: 'Clases' }, 400: { description: 'Filtro inválido' } },
  async handle(c) {
    const status = ClassFilter.safeParse(c.req.query('status') || undefined)
    if (!status.success) return fail(c, 400, 'Filtro inválido')
    const rows = await adminClasses(c.get('deps').db.handle, status.data ? { status: status.data } : {})
    return c.json({ response: rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() })) })
  },
}

export const adminEventsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/calendar-events',
  summary: 'Los próximos 10 eventos del calendario',
  auth: 'admin',
  responses: { 200: { description: 'Eventos' }, 500: { description: 'El calendario no se puede leer' } },
  async handle(c) {
    const deps = c.get('deps')
    const teacher = await defaultTeacher(deps.db.handle)
    const events = teacher ? await nextEvents(deps, teacher, 10) : null
    if (!events?.ok) return fail(c, 500, 'Failed to fetch calendar events')
    return c.json({
      response: events.value.map(({ summary, startsAt, endsAt, status }) => ({
        summary,
        start: withOffset(startsAt),
        end: withOffset(endsAt),
        status,
      })),
    })
  },
}

export const adminAttentionEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/payments',
  summary: 'Lo que necesita atención',
  auth: 'admin',
  query: z.object({ attention: z.literal('1').optional() }),
  responses: { 200: { description: 'Casos abiertos' } },
  handle: async (c) => c.json({ response: await openCases(c.get('deps').db.handle) }),
}

export const adminRefundEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/payments/{id}/refund',
  summary: 'Reembolsa entero un pago: el de una orden (su id), o uno suelto (su número en Mercado Pago)',
  auth: 'admin',
  responses: {
    200: { description: 'Reembolsado', schema: OkFlag },
    404: { description: 'Pago desconocido' },
    409: { description: 'No está aprobado' },
    503: { description: 'Se va a reintentar' },
  },
  async handle(c, viewer) {
    const id = c.req.param('id') ?? ''
    const isPayment = /^\d{1,20}$/.test(id)
    if (!isPayment && !z.uuid().safeParse(id).success) return fail(c, 404, ADMIN_REFUND_TEXT['unknown-payment'])
    const refunded = await (isPayment ? refundPaymentAsAdmin : refundOrderAsAdmin)(c.get('deps'), id, viewer.id)
    return refunded.ok ? c.json({ success: true }) : fail(c, ADMIN_REFUND_STATUS[refunded.reason], ADMIN_REFUND_TEXT[refunded.reason])
  },
}

const ScheduleBody = z.object({
  slotMinutes: z.number().int(),
  minNoticeMinutes: z.number().int(),
  horizonDays: z.number().int(),
  opening: z.array(z.object({ weekday: z.number().int(), opens: z.string(), closes: z.string() })).max(70),
})

export const readScheduleEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/schedule',
  summary: 'Horarios de atención',
  auth: 'admin',
  responses: { 200: { description: 'Horarios', schema: ScheduleBody } },
  async handle(c) {
    const { db } = c.get('deps')
    const teacher = await defaultTeacher(db.handle)
    if (!teacher) return fail(c, 404, API_TEXT.notFound)
    const { slotMinutes, minNoticeMinutes, horizonDays } = teacher
    return c.json({ slotMinutes, minNoticeMinutes, horizonDays, opening: await openingOf(db.handle, teacher.id) })
  },
}

export const saveScheduleEndpoint: Endpoint = {
  method: 'PUT',
  path: '/api/admin/schedule',
  summary: 'Cambia los horarios de atención; las clases que existen no se tocan',
  auth: 'admin',
  body: ScheduleBody,
  responses: { 200: { description: 'Guardado', schema: OkFlag }, 400: { description: 'Los horarios no son válidos' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = ScheduleBody.safeParse(body.value)
    const teacher = await defaultTeacher(deps.db.handle)
    if (!parsed.success || !teacher || !isValidSchedule(parsed.data)) return fail(c, 400, 'Los horarios no son válidos')
    await saveSchedule(deps, teacher.id, parsed.data, viewer.id)
    return c.json({ success: true })
  },
}

const BlackoutBody = z.object({
  from: z.string().meta({ description: 'Instante ISO 8601 con Z u offset, o un día entero AAAA-MM-DD' }),
  to: z.string().meta({ description: 'Instante, o el último día entero' }),
  note: z.string().trim().max(200).default(''),
})

/** An instant, or the edge of a whole Argentine day: its beginning for `from`, its end for `to`. */
function edge(text: string, of: 'from' | 'to'): Date | null {
  if (!isWallDate(text)) return parseInstant(text)
  return instantAt(of === 'from' ? text : addDays(text, 1), '00:00')
}

export const addBlackoutEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/blackouts',
  summary: 'Cierra un intervalo; las clases que ya están adentro se listan, no se cancelan',
  auth: 'admin',
  body: BlackoutBody,
  responses: { 200: { description: 'Cerrado' }, 400: { description: 'Los horarios no son válidos' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = BlackoutBody.safeParse(body.value)
    const startsAt = parsed.success ? edge(parsed.data.from, 'from') : null
    const endsAt = parsed.success ? edge(parsed.data.to, 'to') : null
    const teacher = await defaultTeacher(deps.db.handle)
    if (!parsed.success || !teacher || !startsAt || !endsAt || endsAt <= startsAt) return fail(c, 400, 'Los horarios no son válidos')
    const id = await addBlackout(deps, teacher.id, { startsAt, endsAt, note: parsed.data.note }, viewer.id)
    const classes = await liveIntervals(deps.db.handle, teacher.id, startsAt, endsAt)
    return c.json({
      success: true,
      id,
      classes: classes.map((entry) => ({ start: entry.startsAt.toISOString(), end: entry.endsAt.toISOString() })),
    })
  },
}

export const removeBlackoutEndpoint: Endpoint = {
  method: 'DELETE',
  path: '/api/admin/blackouts/{id}',
  summary: 'Vuelve a abrir un intervalo cerrado',
  auth: 'admin',
  responses: { 200: { description: 'Abierto', schema: OkFlag }, 404: { description: 'Desconocido' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const id = z.uuid().safeParse(c.req.param('id'))
    const teacher = await defaultTeacher(deps.db.handle)
    const removed = id.success && teacher ? await removeBlackout(deps, teacher.id, id.data, viewer.id) : false
    return removed ? c.json({ success: true }) : fail(c, 404, API_TEXT.notFound)
  },
}

export const adminGoogleEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/google',
  summary: 'Estado de la conexión con Google Calendar',
  auth: 'admin',
  responses: { 200: { description: 'Estado, último éxito y último error' } },
  async handle(c) {
    const deps = c.get('deps')
    const teacher = await defaultTeacher(deps.db.handle)
    const connection = teacher ? await findConnection(deps, teacher.id) : null
    return c.json({
      status: connection?.status ?? 'disconnected',
      account: connection?.email ?? null,
      scopes: connection?.scopes ?? [],
      lastOkAt: connection?.lastOkAt?.toISOString() ?? null,
      lastError: connection?.lastError ?? null,
      lastErrorAt: connection?.lastErrorAt?.toISOString() ?? null,
    })
  },
}
