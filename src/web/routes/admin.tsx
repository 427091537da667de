import type { Hono } from 'hono'
import { z } from 'zod'
import { CANCEL_TEXT, cancelClass } from '../../features/booking/cancel.ts'
import { connectionSummary } from '../../features/meeting/connection.ts'
import { retryCalendar } from '../../features/meeting/retry.ts'
import { resolveCase } from '../../features/operation/attention.ts'
import { type ListedCase, listCases } from '../../features/operation/attention-list.ts'
import { ADMIN_REFUND_TEXT, refundOrderAsAdmin, refundPaymentAsAdmin } from '../../features/payment/admin.ts'
import { type AdminClass as AdminClassRow, adminClasses, countAdminClasses } from '../../features/virtual-class/queries.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { addDays, formatDate, instantAt, wallDate, wallTime } from '../../kernel/zoned-time.ts'
import { type AdminFilter, AdminPanelPage } from '../pages/admin/panel.tsx'
import type { AdminClass, AttentionAction, AttentionItem } from '../pages/admin/view.ts'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { mountAdminSettings } from './admin-settings.tsx'
import { viewerOf } from './guard.ts'

const PAGE_SIZE = 20
const COMING_SHOWN = 8
const Filter = z.enum(['scheduled', 'completed', 'cancelled', 'pending', 'all'])

/** What the teacher needs to run the academy: today, what needs attention, every class (behaviour 4.23). */
export function mountAdmin(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/admin', (c) => showPanel(c, site))
  app.post('/admin/clases/:id/reintentar', (c) => retry(c, site))
  app.post('/admin/clases/:id/cancelar', (c) => cancel(c, site))
  app.post('/admin/pagos/:id/reembolsar', (c) => refund(c, site))
  app.post('/admin/casos/:id/resolver', (c) => resolve(c, site))
  mountAdminSettings(app, site)
}

const DONE: Record<string, Notice> = {
  lista: { kind: 'ok', text: 'El calendario quedó al día con la clase.' },
  reprogramada: { kind: 'ok', text: 'Reprogramamos la clase y avisamos a quienes participan.' },
  cancelada: { kind: 'ok', text: 'Cancelamos la clase y devolvemos el total.' },
  reembolsado: { kind: 'ok', text: 'Reembolso hecho.' },
  resuelto: { kind: 'ok', text: 'Marcado como resuelto.' },
  'sin-evento': { kind: 'error', text: 'No se pudo actualizar el calendario. Se va a reintentar.' },
  'reembolso-pendiente': { kind: 'error', text: ADMIN_REFUND_TEXT['provider-failed'] },
}

async function showPanel(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const { handle } = deps.db
  const now = deps.clock.now()
  const today = wallDate(now)
  const tomorrow = instantAt(addDays(today, 1), '00:00')
  const filter: AdminFilter = Filter.catch('scheduled').parse(c.req.query('status') || 'scheduled')
  const status: { status?: AdminClassRow['status'] } = filter === 'all' ? {} : { status: filter }
  const pagesTotal = Math.max(1, Math.ceil((await countAdminClasses(handle, status)) / PAGE_SIZE))
  const wanted = Number(c.req.query('page'))
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pagesTotal) : 1
  const [cases, ofToday, coming, rows, google] = await Promise.all([
    listCases(handle),
    adminClasses(handle, { from: instantAt(today, '00:00'), to: tomorrow, order: 'asc', limit: 100 }),
    adminClasses(handle, { status: 'scheduled', from: tomorrow, order: 'asc', limit: COMING_SHOWN }),
    adminClasses(handle, { ...status, limit: PAGE_SIZE, offset: (page - 1) * PAGE_SIZE }),
    connectionSummary(deps),
  ])
  return render(
    c,
    <AdminPanelPage
      chrome={await chromeOf(c, site, DONE[c.req.query('ok') ?? ''] ?? null)}
      attention={cases.map(attentionItem)}
      today={ofToday.filter((row) => row.status !== 'cancelled').map((row) => adminClass(row, now))}
      coming={coming.map((row) => adminClass(row, now))}
      google={google}
      filter={filter}
      classes={rows.map((row) => adminClass(row, now))}
      page={page}
      pagesTotal={pagesTotal}
    />,
  )
}

function adminClass(row: AdminClassRow, now: Date): AdminClass {
  return {
    id: row.id,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    type: row.classType,
    people: row.currentParticipants,
    peopleMax: row.maxParticipants,
    hostName: row.hostName,
    status: row.status,
    cancelReason: row.cancelReason,
    accessCode: row.accessCode,
    meetHref: row.status === 'scheduled' || row.status === 'completed' ? row.meetUrl : null,
    calendarHref: row.calendarPageUrl,
    calendar: row.calendarState,
    activity: row.status !== 'completed' ? 'none' : row.activityStatus === 'uploaded' ? 'sent' : 'pending',
    rescheduleHref: row.status === 'scheduled' && now < row.startsAt ? `/admin/clases/${row.id}/reprogramar` : null,
    canCancel: (row.status === 'pending' || row.status === 'scheduled') && now < row.startsAt,
    paid: row.paid ? row.priceCentavos : null,
  }
}

function attentionItem(listed: ListedCase): AttentionItem {
  const who = listed.hostName ?? 'Sin nombre'
  const when = listed.classStartsAt ? `, clase del ${formatDate(listed.classStartsAt)} ${wallTime(listed.classStartsAt)}` : ''
  return {
    id: listed.id,
    reason: listed.reason,
    since: listed.openedAt,
    subject: listed.subject === 'connection' ? 'Google Calendar' : `${who}${when}`,
    detail: listed.detail,
    actions: actionsFor(listed),
  }
}

function actionsFor(listed: ListedCase): AttentionAction[] {
  const actions: AttentionAction[] = []
  if (listed.calendarBehind && listed.classId) actions.push({ kind: 'retry', classId: listed.classId })
  if (listed.subject === 'payment' && listed.paymentId && listed.paymentLeft) {
    actions.push({ kind: 'refund', paymentId: listed.paymentId, amount: listed.paymentLeft })
  } else if (listed.orderId && listed.orderStatus === 'approved' && listed.orderAmount) {
    actions.push({ kind: 'refund', paymentId: listed.orderId, amount: listed.orderAmount })
  }
  actions.push({ kind: 'resolve', caseId: listed.id })
  return actions
}

function idOf(c: AppContext): string | null {
  const id = c.req.param('id') ?? ''
  return z.uuid().safeParse(id).success ? id : null
}

async function retry(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const outcome = id ? await retryCalendar(c.get('deps'), id, viewerOf(c).id) : null
  if (!outcome || (!outcome.ok && outcome.reason === 'unknown-class')) return errorPage(c, site, 404, 'No se encontró la clase')
  return c.redirect(`/admin?ok=${outcome.ok ? 'lista' : 'sin-evento'}`, 303)
}

async function cancel(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const cancelled = id ? await cancelClass(c.get('deps'), viewerOf(c), id) : ({ ok: false, reason: 'unknown-class' } as const)
  if (!cancelled.ok) return errorPage(c, site, cancelled.reason === 'unknown-class' ? 404 : 409, CANCEL_TEXT[cancelled.reason])
  return c.redirect('/admin?ok=cancelada', 303)
}

/** An order of ours by its id, or a payment without one by the provider's number. */
async function refund(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const id = c.req.param('id') ?? ''
  const refunded = /^\d{1,20}$/.test(id)
    ? await refundPaymentAsAdmin(deps, id, viewerOf(c).id)
    : idOf(c)
      ? await refundOrderAsAdmin(deps, id, viewerOf(c).id)
      : ({ ok: false, reason: 'unknown-payment' } as const)
  if (refunded.ok) return c.redirect('/admin?ok=reembolsado', 303)
  if (refunded.reason === 'provider-failed') return c.redirect('/admin?ok=reembolso-pendiente', 303)
  return errorPage(c, site, refunded.reason === 'unknown-payment' ? 404 : 409, ADMIN_REFUND_TEXT[refunded.reason])
}

async function resolve(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const resolved = id ? await resolveCase(c.get('deps'), id, viewerOf(c).id) : false
  return resolved ? c.redirect('/admin?ok=resuelto', 303) : errorPage(c, site, 404)
}
