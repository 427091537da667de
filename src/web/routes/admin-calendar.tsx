import type { Hono } from 'hono'
import { acceptMove, putBack, type SettleOutcome } from '../../features/hand-edit/commands.ts'
import { SETTLE_TEXT } from '../../features/hand-edit/text.es.ts'
import { restoreEvent } from '../../features/meeting/restore.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { errorPage, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'

/** How the panel tells what came of it. */
export const CALENDAR_DONE: Record<string, Notice> = {
  aceptada: { kind: 'ok', text: 'La clase pasó al horario del evento y avisamos a quienes participan.' },
  'puesta-de-vuelta': { kind: 'ok', text: 'El evento vuelve al horario de la clase.' },
  recreado: { kind: 'ok', text: 'Estamos creando el evento de nuevo.' },
  'sin-cambio': { kind: 'error', text: SETTLE_TEXT.unknown },
  'no-se-puede': { kind: 'error', text: SETTLE_TEXT['not-acceptable'] },
  'horario-ocupado': { kind: 'error', text: SETTLE_TEXT['slot-taken'] },
  'otra-clase': { kind: 'error', text: SETTLE_TEXT['own-class'] },
}

const FAILED = {
  unknown: 'sin-cambio',
  'not-acceptable': 'no-se-puede',
  'slot-taken': 'horario-ocupado',
  'own-class': 'otra-clase',
} as const

/** The answers to what somebody changed in Google Calendar by hand (behaviour 4.18). */
export function mountAdminCalendar(app: Hono<AppEnv>, site: SiteOptions): void {
  app.post('/admin/calendario/:id/aceptar', (c) => answer(c, acceptMove, 'aceptada'))
  app.post('/admin/calendario/:id/deshacer', (c) => answer(c, putBack, 'puesta-de-vuelta'))
  app.post('/admin/clases/:id/recrear', (c) => restore(c, site))
}

async function answer(c: AppContext, settle: typeof acceptMove, done: string): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const outcome: SettleOutcome = isUuid(id)
    ? await settle(c.get('deps'), id, viewerOf(c).id)
    : ({ ok: false, reason: 'unknown' } as SettleOutcome)
  return c.redirect(`/admin?ok=${outcome.ok ? done : FAILED[outcome.reason]}`, 303)
}

async function restore(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const outcome = isUuid(id) ? await restoreEvent(c.get('deps'), id, viewerOf(c).id) : null
  return outcome?.ok ? c.redirect('/admin?ok=recreado', 303) : errorPage(c, site, 409, 'La clase ya no está reservada')
}
