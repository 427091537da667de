import { z } from 'zod'
import { addClosedTime, reopenClosedTime, SCHEDULE_INVALID, saveOpeningHours } from '../../features/academy/commands.ts'
import { academyTeacher, scheduleForAdmin } from '../../features/academy/queries.ts'
import { findConnection } from '../../features/meeting/connection.ts'
import { nextEvents } from '../../features/meeting/listing.ts'
import { countCases, type ListedCase, listCases, refundOffer } from '../../features/operation/attention-list.ts'
import { ADMIN_REFUND_STATUS, ADMIN_REFUND_TEXT, refundOrderAsAdmin, refundPaymentAsAdmin } from '../../features/payment/admin.ts'
import { adminClasses, countAdminClasses } from '../../features/virtual-class/admin-list.ts'
import { toPesos } from '../../kernel/money.ts'
import { pageOf, pageOfLong } from '../../kernel/paging.ts'
import { addDays, instantAt, isWallDate, parseInstant, withOffset } from '../../kernel/zoned-time.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const ClassFilter = z.enum(['scheduled', 'completed', 'cancelled', 'pending']).optional()
const ROWS_PER_PAGE = 200
const COUNTED = 'total y pagesTotal son exactos si more es false; si no, hay al menos tantas, y la página siguiente dice más'
const PageNumber = z.string().optional().meta({ description: 'Página, desde 1' })
const OkFlag = z.object({ success: z.literal(true) })

export const adminClassesEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/classes',
  summary: 'Todas las clases, la última primero',
  auth: 'admin',
  query: z.object({ status: ClassFilter, page: PageNumber }),
  responses: { 200: { description: `Clases: hasta 200 por página. ${COUNTED}` }, 400: { description: 'Filtro inválido' } },
  async handle(c) {
    const status = ClassFilter.safeParse(c.req.query('status') || undefined)
    if (!status.success) return fail(c, 400, 'Filtro inválido')
    const { handle } = c.get('deps').db
    const filter = status.data ? { status: status.data } : {}
    const { limit, offset, ...counted } = await pageOfLong(c.req.query('page'), ROWS_PER_PAGE, (rowsMax) =>
      countAdminClasses(handle, filter, rowsMax),
    )
    const rows = await adminClasses(handle, { ...filter, limit, offset })
    return c.json({
      response: rows.map((row) => ({ ...row, startsAt: row.startsAt.toISOString(), endsAt: row.endsAt.toISOString() })),
      ...counted,
    })
  },
}

const Whose = z.object({
  teacherId: z.uuid().nullable().default(null).meta({ description: 'De quién, si hay varios profesores; si falta, del primero' }),
})

export const adminEventsEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/calendar-events',
  summary: 'Los próximos 10 eventos del calendario',
  auth: 'admin',
  query: Whose,
  responses: { 200: { description: 'Eventos' }, 500: { description: 'El calendario no se puede leer' } },
  async handle(c) {
    const deps = c.get('deps')
    const whose = Whose.safeParse(c.req.query())
    const teacher = whose.success ? await academyTeacher(deps, whose.data.teacherId) : null
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
  query: z.object({ attention: z.literal('1').optional(), page: PageNumber }),
  responses: {
    200: { description: 'Casos abiertos, el último primero, hasta 200 por página: de qué orden y pago, y qué se puede reembolsar' },
  },
  async handle(c) {
    const { handle } = c.get('deps').db
    const total = await countCases(handle)
    const { page, pagesTotal, limit, offset } = pageOf(c.req.query('page'), total, ROWS_PER_PAGE)
    const cases = await listCases(handle, { limit, offset })
    return c.json({ response: cases.map(presentCase), page, pagesTotal, total })
  },
}

/** Amounts are pesos. `refund.id` is what `POST /api/admin/payments/{id}/refund` takes; null when nothing can be given back. */
function presentCase(listed: ListedCase): Record<string, unknown> {
  const { order, payment, bookedClass } = listed
  const offer = refundOffer(listed)
  return {
    id: listed.id,
    subject: listed.subject,
    subjectId: listed.subjectId,
    reason: listed.reason,
    detail: listed.detail,
    openedAt: listed.openedAt.toISOString(),
    hostName: listed.hostName,
    class: bookedClass ? { id: bookedClass.id, status: bookedClass.status, startTime: bookedClass.startsAt.toISOString() } : null,
    order: order ? { id: order.id, status: order.status, amount: toPesos(order.amount) } : null,
    payment: payment
      ? { id: payment.id, role: payment.role, status: payment.status, amount: payment.amount === null ? null : toPesos(payment.amount) }
      : null,
    refundId: listed.refundId,
    refund: offer ? { id: offer.id, amount: toPesos(offer.amount) } : null,
  }
}

export const adminRefundEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/payments/{id}/refund',
  summary: 'Reembolsa entero un pago: el de una orden (su id), o uno suelto (su número en Mercado Pago)',
  auth: 'admin',
  responses: {
    200: { description: 'Reembolsado, o aceptado por Mercado Pago y en camino', schema: OkFlag },
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
  query: Whose,
  responses: { 200: { description: 'Horarios', schema: ScheduleBody }, 404: { description: 'Profesor desconocido' } },
  async handle(c) {
    const whose = Whose.safeParse(c.req.query())
    const schedule = whose.success ? await scheduleForAdmin(c.get('deps'), whose.data.teacherId) : null
    if (!schedule) return fail(c, 404, API_TEXT.notFound)
    const { slotMinutes, minNoticeMinutes, horizonDays } = schedule.teacher
    return c.json({ slotMinutes, minNoticeMinutes, horizonDays, opening: schedule.opening })
  },
}

export const saveScheduleEndpoint: Endpoint = {
  method: 'PUT',
  path: '/api/admin/schedule',
  summary: 'Cambia los horarios de atención; las clases que existen no se tocan',
  auth: 'admin',
  query: Whose,
  body: ScheduleBody,
  responses: { 200: { description: 'Guardado', schema: OkFlag }, 400: { description: SCHEDULE_INVALID } },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = ScheduleBody.safeParse(body.value)
    const whose = Whose.safeParse(c.req.query())
    if (!parsed.success || !whose.success) return fail(c, 400, SCHEDULE_INVALID)
    const saved = await saveOpeningHours(c.get('deps'), parsed.data, viewer.id, whose.data.teacherId)
    return saved.ok ? c.json({ success: true }) : fail(c, 400, SCHEDULE_INVALID)
  },
}

const BlackoutBody = z.object({
  from: z.string().meta({ description: 'Instante ISO 8601 con Z u offset, o un día entero AAAA-MM-DD' }),
  to: z.string().meta({ description: 'Instante, o el último día entero' }),
  note: z.string().trim().max(200).default(''),
  teacherId: Whose.shape.teacherId,
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
  responses: { 200: { description: 'Cerrado' }, 400: { description: SCHEDULE_INVALID } },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = BlackoutBody.safeParse(body.value)
    if (!parsed.success) return fail(c, 400, SCHEDULE_INVALID)
    const { from, to, note, teacherId } = parsed.data
    const closed = await addClosedTime(c.get('deps'), { startsAt: edge(from, 'from'), endsAt: edge(to, 'to'), note }, viewer.id, teacherId)
    if (!closed) return fail(c, 400, SCHEDULE_INVALID)
    return c.json({
      success: true,
      id: closed.id,
      classes: closed.conflicts.map((entry) => ({ start: entry.startsAt.toISOString(), end: entry.endsAt.toISOString() })),
      classesTotal: closed.conflictsTotal,
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
    const id = z.uuid().safeParse(c.req.param('id'))
    const removed = id.success && (await reopenClosedTime(c.get('deps'), id.data, viewer.id))
    return removed ? c.json({ success: true }) : fail(c, 404, API_TEXT.notFound)
  },
}

export const adminGoogleEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/admin/google',
  summary: 'Estado de la conexión con Google Calendar',
  auth: 'admin',
  query: Whose,
  responses: { 200: { description: 'Estado, último éxito y último error' }, 404: { description: 'Profesor desconocido' } },
  async handle(c) {
    const deps = c.get('deps')
    const whose = Whose.safeParse(c.req.query())
    const teacher = whose.success ? await academyTeacher(deps, whose.data.teacherId) : null
    if (!teacher && c.req.query('teacherId') !== undefined) return fail(c, 404, API_TEXT.notFound)
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
