import { z } from 'zod'
import { availability, bookableTeacher } from '../../features/booking/availability.ts'
import { CANCEL_STATUS, CANCEL_TEXT, cancelClass } from '../../features/booking/cancel.ts'
import { rescheduleClass } from '../../features/booking/reschedule/commands.ts'
import { RESCHEDULE_STATUS, refuseMove, reschedulesLeft } from '../../features/booking/reschedule/rules.ts'
import { rescheduleText } from '../../features/booking/reschedule/text.es.ts'
import { BOOKING_STATUS } from '../../features/booking/rules.ts'
import { parseSlot, RescheduleBody } from '../../features/booking/schema.ts'
import { bookingText } from '../../features/booking/text.es.ts'
import { enterClass } from '../../features/enrollment/commands.ts'
import { ENTER_STATUS } from '../../features/enrollment/rules.ts'
import * as en from '../../features/enrollment/text.en.ts'
import * as es from '../../features/enrollment/text.es.ts'
import { countHistory, historyOfClasses } from '../../features/virtual-class/history.ts'
import { classInvitation } from '../../features/virtual-class/invitation.ts'
import { publicUpcoming } from '../../features/virtual-class/public.ts'
import { countPreparing, type MyClass, upcomingClasses } from '../../features/virtual-class/queries.ts'
import { isCancellable, isJoinable, refundIfCancelled } from '../../features/virtual-class/rules.ts'
import { textIn } from '../../kernel/locale.ts'
import { pageOf } from '../../kernel/paging.ts'
import { ARGENTINA, addDays, daysBetween, isWallDate, wallDate } from '../../kernel/zoned-time.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, jsonForAll, readJson, readText, wantsPage } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const ClassId = z.uuid()
const UNKNOWN_CLASS = 'No se encontró la clase'
const RANGE_DAYS_MAX = 62
const HISTORY_PER_PAGE = 200

export const availabilityEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/availability',
  summary: 'Turnos libres y ocupados',
  auth: 'none',
  limitPer10Minutes: 600,
  query: z.object({ from: z.iso.date().optional(), to: z.iso.date().optional(), teacherId: z.uuid().optional() }),
  responses: {
    200: {
      description: 'Turnos del rango, en orden',
      schema: z.object({
        timeZone: z.string(),
        slotMinutes: z.number(),
        slots: z.array(z.object({ start: z.iso.datetime(), end: z.iso.datetime(), state: z.enum(['free', 'taken', 'unavailable']) })),
        reason: z.literal('calendar').optional(),
      }),
    },
    400: { description: 'Rango de fechas inválido' },
    404: { description: 'Ese profesor no existe o no toma reservas' },
  },
  async handle(c) {
    const deps = c.get('deps')
    const today = wallDate(deps.clock.now())
    const from = c.req.query('from') ?? today
    const to = c.req.query('to') ?? (isWallDate(from) ? addDays(from, 6) : from)
    if (!isWallDate(from) || !isWallDate(to)) return fail(c, 400, 'Rango de fechas inválido')
    const days = daysBetween(from, to)
    if (days < 0 || days >= RANGE_DAYS_MAX) return fail(c, 400, 'Rango de fechas inválido')
    const wanted = await bookableTeacher(deps, c.req.query('teacherId'))
    if (!wanted.ok) return fail(c, BOOKING_STATUS[wanted.reason], bookingText(wanted.reason))
    return jsonForAll(c, `availability ${from} ${to} ${wanted.value}`, async () => {
      const { slotMinutes, slots, reason } = await availability(deps, from, to, wanted.value)
      return {
        timeZone: ARGENTINA,
        slotMinutes,
        slots: slots.map((slot) => ({ start: slot.startsAt.toISOString(), end: slot.endsAt.toISOString(), state: slot.state })),
        ...(reason ? { reason } : {}),
      }
    })
  },
}

export const upcomingEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/upcoming-classes',
  summary: 'Clases por venir, sin datos personales',
  auth: 'none',
  responses: {
    200: {
      description: 'Ordenadas por comienzo',
      schema: z.object({
        response: z.array(
          z.object({
            id: z.string(),
            maxParticipants: z.number(),
            classType: z.string(),
            status: z.string(),
            startTime: z.iso.datetime(),
            endTime: z.iso.datetime(),
          }),
        ),
      }),
    },
  },
  async handle(c) {
    const { db, clock } = c.get('deps')
    return jsonForAll(c, 'upcoming', async () => {
      const classes = await publicUpcoming(db.staleHandle, clock.now())
      return { response: classes.map((row) => ({ ...row, startTime: row.startTime.toISOString(), endTime: row.endTime.toISOString() })) }
    })
  },
}

const MyClasses = z.object({
  view: z.enum(['upcoming', 'history']).default('upcoming'),
  filter: z.enum(['upcoming', 'all']).optional(),
  page: z.string().optional().meta({ description: 'Página del historial, desde 1' }),
})

export const myClassesEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/my-classes',
  summary: 'Las clases de quien pregunta',
  auth: 'login',
  query: MyClasses,
  responses: { 200: { description: 'Clases y cuántas se están preparando' }, 400: { description: 'Filtro inválido' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const query = MyClasses.safeParse(c.req.query())
    if (!query.success || (query.data.view === 'upcoming' && query.data.filter)) return fail(c, 400, 'Filtro inválido')
    const now = deps.clock.now()
    const { handle } = deps.db
    if (query.data.view === 'upcoming') {
      const [preparing, rows] = await Promise.all([countPreparing(handle, viewer.id), upcomingClasses(handle, viewer.id, now)])
      return c.json({ response: rows.map((row) => presentClass(c, row, now)), preparing })
    }
    const preparing = await countPreparing(handle, viewer.id)
    const history = { filter: query.data.filter ?? 'all', words: [] } as const
    const { total } = await countHistory(handle, viewer.id, history)
    const { page, pagesTotal, limit, offset } = pageOf(query.data.page, total, HISTORY_PER_PAGE)
    const rows = await historyOfClasses(handle, viewer.id, history, { limit, offset })
    return c.json({ response: rows.map((row) => presentClass(c, row, now)), preparing, page, pagesTotal, total })
  },
}

function presentClass(c: AppContext, row: MyClass, now: Date): Record<string, unknown> {
  const { config } = c.get('deps')
  const { joinLeadMinutes, fullRefundHours } = config
  const joinable = isJoinable(row, joinLeadMinutes, now)
  const isHost = row.rol === 'anfitrion'
  const canCancel = isCancellable(row, now)
  return {
    id: row.id,
    startTime: row.startsAt.toISOString(),
    endTime: row.endsAt.toISOString(),
    classType: row.classType,
    rol: row.rol,
    status: row.status,
    cancelReason: row.cancelReason,
    activityStatus: row.activityId === null ? 'pending' : 'uploaded',
    activityId: row.activityId,
    activityCompleted: row.activityCompleted,
    currentParticipants: row.currentParticipants,
    maxParticipants: row.maxParticipants,
    joinable,
    joinUrl: joinable ? `/api/classes/${row.id}/join` : null,
    ...(isHost ? { learningFocus: row.learningFocus } : {}),
    ...(row.accessCode ? { accessCode: row.accessCode } : {}),
    ...(isHost
      ? {
          canCancel,
          refundIfCancelled: canCancel ? refundIfCancelled(row, 'host', fullRefundHours, now) : 'none',
          canReschedule: refuseMove(row, 'host', config, now) === null,
          reschedulesLeft: reschedulesLeft(row, config),
        }
      : {}),
  }
}

const REASON_TOO_LONG = 'El motivo puede tener hasta 200 caracteres'
const CancelBody = z.object({ reason: z.string().trim().max(200).optional() }).optional()

export const cancelEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/classes/{id}/cancel',
  summary: 'Cancela una clase propia (o cualquiera, el admin)',
  auth: 'login',
  limitPer10Minutes: 120,
  body: CancelBody,
  responses: {
    200: {
      description: 'Cancelada, o ya la había cancelado la misma persona',
      schema: z.object({ success: z.literal(true), status: z.literal('cancelled'), refund: z.enum(['full', 'none']) }),
    },
    400: { description: REASON_TOO_LONG },
    403: { description: 'Solo el anfitrión' },
    404: { description: UNKNOWN_CLASS },
    409: { description: 'Ya cancelada, comenzada o finalizada' },
  },
  async handle(c, viewer) {
    // The body may be empty; one that is there must be JSON.
    const hasBody = (await readText(c)).trim() !== ''
    const body = hasBody ? await readJson(c) : { ok: true as const, value: undefined }
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const given = CancelBody.safeParse(body.value)
    if (!given.success) return fail(c, 400, REASON_TOO_LONG)
    const id = ClassId.safeParse(c.req.param('id'))
    if (!id.success) return fail(c, 404, UNKNOWN_CLASS)
    const cancelled = await cancelClass(c.get('deps'), viewer, id.data, given.data?.reason)
    if (!cancelled.ok) return fail(c, CANCEL_STATUS[cancelled.reason], CANCEL_TEXT[cancelled.reason])
    return c.json({ success: true, status: 'cancelled', refund: cancelled.value.refund })
  },
}

export const rescheduleEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/classes/{id}/reschedule',
  summary: 'Pasa una clase propia (o cualquiera, el admin) a otro turno libre; el código cambia, el enlace y los invitados quedan',
  auth: 'login',
  limitPer10Minutes: 120,
  body: RescheduleBody,
  responses: {
    200: {
      description: 'Reprogramada',
      schema: z.object({
        success: z.literal(true),
        startTime: z.iso.datetime(),
        endTime: z.iso.datetime(),
        accessCode: z.string().meta({ description: 'El código nuevo; el anterior ya no funciona' }),
        reschedulesLeft: z.number().meta({ description: 'Cuántas veces más puede reprogramarla el anfitrión' }),
      }),
    },
    400: { description: 'El turno nuevo no se puede reservar, o es el que ya tiene' },
    403: { description: 'Solo el anfitrión' },
    404: { description: UNKNOWN_CLASS },
    409: { description: 'No está reservada, es tarde, ya se reprogramó dos veces, o el turno está ocupado' },
    503: { description: 'La agenda no se puede confirmar en este momento' },
  },
  async handle(c, viewer) {
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const id = ClassId.safeParse(c.req.param('id'))
    if (!id.success) return fail(c, 404, UNKNOWN_CLASS)
    const moved = await rescheduleClass(c.get('deps'), viewer, id.data, parseSlot(body.value))
    if (!moved.ok) return fail(c, RESCHEDULE_STATUS[moved.reason], rescheduleText(moved.reason, moved.detail))
    const { startsAt, endsAt, accessCode, reschedulesLeft: left } = moved.value
    return c.json({
      success: true,
      startTime: startsAt.toISOString(),
      endTime: endsAt.toISOString(),
      accessCode,
      reschedulesLeft: left,
    })
  },
}

export const invitationEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/classes/{id}/calendar.ics',
  summary: 'La clase como archivo de calendario',
  auth: 'login',
  responses: { 200: { description: 'text/calendar' }, 404: { description: UNKNOWN_CLASS } },
  async handle(c, viewer) {
    const id = ClassId.safeParse(c.req.param('id'))
    const file = id.success ? await classInvitation(c.get('deps'), viewer.id, id.data) : null
    if (!file) return fail(c, 404, UNKNOWN_CLASS)
    return c.body(file, 200, {
      'Content-Type': 'text/calendar; charset=utf-8',
      'Content-Disposition': 'attachment; filename="clase-de-ingles.ics"',
    })
  },
}

/** Joining is a page for browsers and JSON for everybody else; `page` renders the refusal. */
export function joinEndpoint(page: NonNullable<Endpoint['page']>): Endpoint {
  return {
    page,
    method: 'GET',
    path: '/api/classes/{id}/join',
    noHead: true,
    summary: 'Entra a una clase: anota la entrada y lleva a Google Meet',
    auth: 'login',
    responses: {
      302: { description: 'Al enlace de Meet' },
      403: { description: 'Todavía no se habilita' },
      404: { description: UNKNOWN_CLASS },
      409: { description: 'Todavía no está confirmada' },
      410: { description: 'Cancelada o finalizada' },
    },
    async handle(c, viewer) {
      const deps = c.get('deps')
      const id = ClassId.safeParse(c.req.param('id'))
      const entered = id.success ? await enterClass(deps, viewer, id.data) : ({ ok: false, reason: 'unknown-class' } as const)
      c.header('Referrer-Policy', 'no-referrer')
      c.header('Cache-Control', 'no-store')
      if (entered.ok) return c.redirect(entered.value.meetUrl, 302)
      const status = ENTER_STATUS[entered.reason]
      const { joinLeadMinutes } = deps.config
      if (!wantsPage(c)) return fail(c, status, textIn('es', { es, en }).enterText(entered.reason, joinLeadMinutes))
      return page(c, status, textIn(c.get('locale'), { es, en }).enterText(entered.reason, joinLeadMinutes))
    },
  }
}
