import { z } from 'zod'
import { listPublicCalendar } from '../../features/meeting/listing.ts'
import { retryMeeting } from '../../features/meeting/retry.ts'
import { receiveNotification } from '../../features/mirror/notification.ts'
import { classOfPreference } from '../../features/payment/queries.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { pageOf } from '../../kernel/paging.ts'
import { ARGENTINA, withOffset } from '../../kernel/zoned-time.ts'
import { type Endpoint, fail, letKeep, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const PAGE_SIZE_MAX = 1_000
const KEPT_SECONDS = 30
const PageSize = z.coerce.number().int().min(1).max(PAGE_SIZE_MAX)

const When = z.object({ dateTime: z.string(), timeZone: z.string() })

export const readCalendarEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/calendar',
  summary: 'Horarios ocupados del calendario, sin datos personales',
  auth: 'none',
  query: z.object({ pageSize: z.string().optional(), page: z.string().optional() }),
  responses: {
    200: {
      description:
        'Eventos por venir de un año (hasta 10.000 por calendario): todos, o una página de pageSize (hasta 1000). Link dice cuál sigue; X-Total-Count, cuántos son.',
      schema: z.array(z.object({ start: When, end: When, status: z.enum(['confirmed', 'tentative']) })),
    },
    500: { description: 'El calendario no se puede leer' },
  },
  async handle(c) {
    const events = await listPublicCalendar(c.get('deps'))
    if (!events.ok) return fail(c, 500, 'Failed to fetch calendar events')
    letKeep(c, KEPT_SECONDS)
    const total = events.value.length
    const pageSize = PageSize.catch(Math.max(total, 1)).parse(c.req.query('pageSize'))
    const { page, pagesTotal, offset } = pageOf(c.req.query('page'), total, pageSize)
    c.header('X-Total-Count', String(total))
    if (page < pagesTotal) c.header('Link', `</api/calendar?pageSize=${pageSize}&page=${page + 1}>; rel="next"`)
    return c.json(
      events.value.slice(offset, offset + pageSize).map((event) => ({
        start: { dateTime: withOffset(event.startsAt), timeZone: ARGENTINA },
        end: { dateTime: withOffset(event.endsAt), timeZone: ARGENTINA },
        status: event.status,
      })),
    )
  },
}

export const createEventEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/calendar',
  summary: 'Crea (o reintenta) el evento de una clase pagada',
  auth: 'admin',
  body: z.object({ preferenceId: z.string() }),
  responses: {
    200: { description: 'Evento creado, o ya lo estaba', schema: z.object({ success: z.literal(true), message: z.string() }) },
    400: { description: 'Falta preferenceId' },
    403: { description: 'Solo el admin' },
    404: { description: 'Ninguna clase con esa preferencia' },
    409: { description: 'La clase está cancelada, o el pago no está aprobado' },
    500: { description: 'Google o el almacenamiento fallaron' },
  },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const parsed = z.object({ preferenceId: z.string().trim().min(1) }).safeParse(body.value)
    if (!parsed.success) return fail(c, 400, 'Missing preferenceId')
    const classId = await classOfPreference(deps, parsed.data.preferenceId)
    if (!classId) return fail(c, 404, 'Virtual class not found')
    try {
      const created = await retryMeeting(deps, classId, viewer.id)
      if (created.ok) return c.json({ success: true, message: 'Event created successfully' })
      if (created.reason === 'cancelled' || created.reason === 'too-late') return fail(c, 409, 'La clase está cancelada')
      if (created.reason === 'not-paid') return fail(c, 409, 'El pago no está aprobado')
      deps.log.error({ classId, reason: created.reason, cause: created.detail?.cause }, 'Failed to create calendar event')
    } catch (error) {
      deps.log.error({ classId, ...describeFailure(error) }, 'Failed to save google event in database')
    }
    return fail(c, 500, 'Failed to create calendar event')
  },
}

/** Google's push notifications: an empty body, everything in the headers; answered at once, read in a job (behaviour 4.18). */
export const googleWebhookEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/google-webhook',
  summary: 'Avisos de cambios del calendario de Google',
  auth: 'none',
  responses: {
    200: { description: 'Recibido' },
    401: { description: 'Token del canal inválido' },
    404: { description: 'Canal desconocido' },
  },
  async handle(c) {
    const read = (name: string) => c.req.header(`x-goog-${name}`) ?? ''
    const outcome = await receiveNotification(c.get('deps'), {
      channelId: read('channel-id'),
      token: read('channel-token'),
      resourceId: read('resource-id'),
      state: read('resource-state'),
      messageNumber: read('message-number'),
    })
    if (outcome === 'unknown-channel') return fail(c, 404, API_TEXT.notFound)
    return outcome === 'unauthorized' ? fail(c, 401, 'Unauthorized') : c.body(null, 200)
  },
}
