import type { Context, Hono } from 'hono'
import { leaveClass, releaseSeat, rotateCode } from '../../features/enrollment/seats/commands.ts'
import { SEAT_STATUS, type SeatRefusal } from '../../features/enrollment/seats/rules.ts'
import * as en from '../../features/enrollment/seats/text.en.ts'
import * as es from '../../features/enrollment/seats/text.es.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { isUuid } from '../../kernel/ids.ts'
import { textIn } from '../../kernel/locale.ts'
import { errorPage, field, readForm, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'

const MY_CLASSES = '/inicio/mis-clases-virtuales'
/** Those of the API, counted together with it. */
const SEATS_PER_10_MINUTES = 120
const CODES_PER_10_MINUTES = 60

/** The forms by which seats are given free and codes are changed; each leads back to Mis Clases Virtuales, which says what was done. */
export function mountSeats(app: Hono<AppEnv>, site: SiteOptions): void {
  app.post('/inicio/clases/:id/lugares/:seat/liberar', (c) => release(c, site))
  app.post('/inicio/clases/:id/codigo', (c) => rotate(c, site))
  app.post('/inicio/clases/:id/salir', (c) => leave(c, site))
}

async function release(c: Context<AppEnv>, site: SiteOptions): Promise<Response> {
  if (await limitRate(c, '/api/classes/{id}/seats/{participationId}/release', SEATS_PER_10_MINUTES)) return errorPage(c, site, 429)
  const [id, seat] = [c.req.param('id') ?? '', c.req.param('seat') ?? '']
  const withCode = field(await readForm(c), 'codigo') === '1'
  if (!isUuid(id) || !isUuid(seat)) return refused(c, site, 'unknown-class')
  const released = await releaseSeat(c.get('deps'), viewerOf(c), id, seat, { rotate: withCode })
  // Sent twice: the seat is free, as it was wished.
  if (!released.ok && released.reason !== 'unknown-person') return refused(c, site, released.reason)
  return c.redirect(`${MY_CLASSES}?lugar=${withCode ? 'codigo' : 'libre'}`, 303)
}

async function rotate(c: Context<AppEnv>, site: SiteOptions): Promise<Response> {
  if (await limitRate(c, '/api/classes/{id}/code', CODES_PER_10_MINUTES)) return errorPage(c, site, 429)
  const id = c.req.param('id') ?? ''
  const current = field(await readForm(c), 'actual')
  if (!isUuid(id)) return refused(c, site, 'unknown-class')
  const rotated = await rotateCode(c.get('deps'), viewerOf(c), id, current === '' ? null : current)
  return rotated.ok ? c.redirect(`${MY_CLASSES}?codigo=nuevo`, 303) : refused(c, site, rotated.reason)
}

async function leave(c: Context<AppEnv>, site: SiteOptions): Promise<Response> {
  if (await limitRate(c, '/api/classes/{id}/leave', SEATS_PER_10_MINUTES)) return errorPage(c, site, 429)
  const id = c.req.param('id') ?? ''
  if (!isUuid(id)) return refused(c, site, 'unknown-class')
  const left = await leaveClass(c.get('deps'), viewerOf(c), id)
  return left.ok ? c.redirect(`${MY_CLASSES}?salio=1`, 303) : refused(c, site, left.reason)
}

function refused(c: AppContext, site: SiteOptions, reason: SeatRefusal): Promise<Response> {
  return errorPage(c, site, SEAT_STATUS[reason], textIn(c.get('locale'), { es, en }).SEAT_TEXT[reason])
}
