import type { Hono } from 'hono'
import { CANCEL_STATUS, CANCEL_TEXT, cancelClass } from '../../features/booking/cancel.ts'
import { openBookings } from '../../features/booking/own.ts'
import { AccessCode, joinByCode } from '../../features/enrollment/commands.ts'
import { JOIN_STATUS } from '../../features/enrollment/rules.ts'
import { joinText } from '../../features/enrollment/text.es.ts'
import { countHistory, type HistoryFilter, historyOfClasses, upcomingClasses } from '../../features/virtual-class/queries.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { addressKey } from '../../http/middleware/address.ts'
import { pageOf } from '../../kernel/paging.ts'
import { HistoryPage } from '../pages/history.tsx'
import type { CodeFormView } from '../pages/my-classes/code-form.tsx'
import { MyClassesPage } from '../pages/my-classes/my-classes.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'
import { classCard, openBookingView } from './views.ts'

const PAGE_SIZE = 20
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** A person's own classes: all of them, joining, cancelling, the past. */
export function mountClasses(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/mis-clases-virtuales', (c) => showMyClasses(c, site))
  app.post('/inicio/mis-clases-virtuales/unirme', (c) => joinWithCode(c, site))
  app.get('/inicio/historial', (c) => showHistory(c, site))
  app.post('/inicio/clases/:id/cancelar', (c) => cancel(c, site))
}

const CANCELLED: Record<string, Notice> = {
  full: { kind: 'ok', text: 'Cancelamos la clase. Te devolvemos el total por Mercado Pago.' },
  paga: { kind: 'info', text: 'Tu pago entró mientras tanto: la clase es tuya y no la liberamos.' },
  none: { kind: 'ok', text: 'Cancelamos la clase. No corresponde reembolso.' },
}
const RESCHEDULED: Notice = { kind: 'ok', text: 'Reprogramamos la clase. El código cambió: el anterior ya no funciona.' }

async function showMyClasses(
  c: AppContext,
  site: SiteOptions,
  codeForm: CodeFormView = { value: '', error: null, enterHref: null },
  status: 200 | ErrorStatus = 200,
): Promise<Response> {
  const { db, clock, config } = c.get('deps')
  const viewer = viewerOf(c)
  const now = clock.now()
  const done = c.req.query('reprogramada') ? RESCHEDULED : (CANCELLED[c.req.query('cancelada') ?? ''] ?? null)
  const [rows, open] = await Promise.all([upcomingClasses(db.handle, viewer.id, now), openBookings(db.handle, viewer.id, now)])
  return render(
    c,
    <MyClassesPage
      chrome={await chromeOf(c, site, done)}
      classes={rows.map((row) => classCard(row, config, now))}
      open={open.map(openBookingView)}
      codeForm={codeForm}
      joinLeadMinutes={config.joinLeadMinutes}
      refundUntilHours={config.fullRefundHours}
      origin={config.baseUrl}
    />,
    status,
  )
}

/** The code form without script: the refusal under the field, or straight into the class. */
async function joinWithCode(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const typed = field(await readForm(c), 'code')
  const code = AccessCode.safeParse(typed.replace(/\s+/g, ''))
  const joined = code.success
    ? await joinByCode(deps, viewerOf(c).id, code.data, addressKey(c))
    : ({ ok: false, reason: 'bad-code' } as const)
  if (joined.ok) return c.redirect(`/api/classes/${joined.value.id}/join`, 303)
  const error = joinText(joined.reason, { code: code.success ? code.data : '', leadMinutes: deps.config.joinLeadMinutes })
  return showMyClasses(c, site, { value: typed.slice(0, 24), error, enterHref: null }, JOIN_STATUS[joined.reason])
}

async function showHistory(c: AppContext, site: SiteOptions): Promise<Response> {
  const { db, clock, config } = c.get('deps')
  const viewer = viewerOf(c)
  const filter: HistoryFilter = c.req.query('filter') === 'upcoming' ? 'upcoming' : 'all'
  const total = await countHistory(db.handle, viewer.id, filter)
  const { page, pagesTotal, limit, offset } = pageOf(c.req.query('page'), total, PAGE_SIZE)
  const now = clock.now()
  const [rows, open] = await Promise.all([
    historyOfClasses(db.handle, viewer.id, filter, { limit, offset }),
    openBookings(db.handle, viewer.id, now),
  ])
  return render(
    c,
    <HistoryPage
      chrome={await chromeOf(c, site)}
      filter={filter}
      open={page === 1 ? open.map(openBookingView) : []}
      classes={rows.map((row) => classCard(row, config, now))}
      page={page}
      pagesTotal={pagesTotal}
    />,
  )
}

async function cancel(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const holdOnly = field(await readForm(c), 'hold') === '1'
  const cancelled = UUID.test(id)
    ? await cancelClass(c.get('deps'), viewerOf(c), id, '', { holdOnly })
    : ({ ok: false, reason: 'unknown-class' } as const)
  if (!cancelled.ok && cancelled.reason === 'already-paid') return c.redirect('/inicio/mis-clases-virtuales?cancelada=paga', 303)
  if (!cancelled.ok) return errorPage(c, site, CANCEL_STATUS[cancelled.reason], CANCEL_TEXT[cancelled.reason])
  if (cancelled.value.wasHold) return c.redirect('/inicio/reservas?liberado=1', 303)
  return c.redirect(`/inicio/mis-clases-virtuales?cancelada=${cancelled.value.refund}`, 303)
}
