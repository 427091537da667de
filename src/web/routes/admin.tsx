import type { Hono } from 'hono'
import { z } from 'zod'
import { allTeachers, type NamedTeacher } from '../../features/academy/queries.ts'
import { waitingWork } from '../../features/activity/teacher/waiting.ts'
import { CANCEL_TEXT, cancelClass } from '../../features/booking/cancel.ts'
import { isAcceptable } from '../../features/hand-edit/rules.ts'
import { connectionSummary } from '../../features/meeting/connection.ts'
import type { CreateRefusal } from '../../features/meeting/create.ts'
import { retryCalendar } from '../../features/meeting/retry.ts'
import { resolveCase } from '../../features/operation/attention.ts'
import {
  canRestore,
  countCases,
  isCalendarBehind,
  type ListedCase,
  listCases,
  refundOffer,
} from '../../features/operation/attention-list.ts'
import { type RetryResult, retryCase } from '../../features/operation/retry.ts'
import { ADMIN_REFUND_TEXT, refundOrderAsAdmin, refundPaymentAsAdmin } from '../../features/payment/admin.ts'
import { type AdminClass as AdminClassRow, adminClasses, countAdminClasses } from '../../features/virtual-class/admin-list.ts'
import { isCancellable } from '../../features/virtual-class/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { pageOf, pageOfLong } from '../../kernel/paging.ts'
import { addDays, formatDate, instantAt, wallDate, wallTime } from '../../kernel/zoned-time.ts'
import { type AdminFilter, AdminPanelPage } from '../pages/admin/panel.tsx'
import { AdminPaymentsPage } from '../pages/admin/payments.tsx'
import { amountsText, LOST_TEXT, OTHERS_CALENDAR, REFUND_WAITS, RETURNING_TEXT, RETURNING_TITLE } from '../pages/admin/text.es.ts'
import type { AdminClass, AttentionAction, AttentionItem, AttentionList } from '../pages/admin/view.ts'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { CALENDAR_DONE, mountAdminCalendar } from './admin-calendar.tsx'
import { mountAdminSettings } from './admin-settings.tsx'
import { mountAdminStatements } from './admin-statements.tsx'
import { mountAdminTeachers } from './admin-teachers.tsx'
import { mountAdminTickets } from './admin-tickets.tsx'
import { viewerOf } from './guard.ts'

const PAGE_SIZE = 20
const CASES_PER_PAGE = 20
const COMING_SHOWN = 8
const Filter = z.enum(['scheduled', 'completed', 'cancelled', 'pending', 'all'])

/** What the teacher needs to run the academy: today, what needs attention, every class (behaviour 4.23). */
export function mountAdmin(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/admin', (c) => showPanel(c, site))
  app.get('/admin/pagos', (c) => showPayments(c, site))
  app.post('/admin/clases/:id/reintentar', (c) => retry(c, site))
  app.post('/admin/clases/:id/cancelar', (c) => cancel(c, site))
  app.post('/admin/pagos/:id/reembolsar', (c) => refund(c, site))
  app.post('/admin/casos/:id/reintentar', (c) => retryOne(c, site))
  app.post('/admin/casos/:id/resolver', (c) => resolve(c, site))
  mountAdminCalendar(app, site)
  mountAdminSettings(app, site)
  mountAdminStatements(app, site)
  mountAdminTeachers(app, site)
  mountAdminTickets(app, site)
}

const DONE: Record<string, Notice> = {
  lista: { kind: 'ok', text: 'El calendario quedó al día con la clase.' },
  reprogramada: { kind: 'ok', text: 'Reprogramamos la clase y avisamos a quienes participan.' },
  cancelada: { kind: 'ok', text: 'Cancelamos la clase y devolvemos el total.' },
  'cancelada-resto': { kind: 'ok', text: 'Cancelamos la clase y devolvemos lo que quedaba del pago.' },
  'cancelada-sin-pago': { kind: 'ok', text: 'Cancelamos la clase. No estaba paga.' },
  reembolsado: { kind: 'ok', text: 'Reembolso hecho.' },
  'reembolso-en-camino': { kind: 'ok', text: RETURNING_TEXT },
  resuelto: { kind: 'ok', text: 'Marcado como resuelto.' },
  reintentado: { kind: 'ok', text: 'Listo: ahora salió bien.' },
  reintentando: { kind: 'ok', text: 'Lo estamos intentando de nuevo. Si no sale, el caso queda acá.' },
  'sin-evento': { kind: 'error', text: 'No se pudo actualizar el calendario. Se va a reintentar.' },
  'sin-reintento': {
    kind: 'error',
    text: 'La clase ya no espera su evento: está cancelada, empezó o no está paga. No hay nada que reintentar.',
  },
  'sin-calendario': {
    kind: 'error',
    text: 'Google no acepta la conexión con tu calendario. Conectalo de nuevo y la clase se completa sola.',
  },
  ...CALENDAR_DONE,
  'reembolso-pendiente': { kind: 'error', text: ADMIN_REFUND_TEXT['provider-failed'] },
  'reembolso-rechazado': { kind: 'error', text: ADMIN_REFUND_TEXT['provider-refused'] },
}

async function showPanel(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const { handle } = deps.db
  const now = deps.clock.now()
  const today = wallDate(now)
  const tomorrow = instantAt(addDays(today, 1), '00:00')
  const filter: AdminFilter = Filter.catch('scheduled').parse(c.req.query('status') || 'scheduled')
  const status: { status?: AdminClassRow['status'] } = filter === 'all' ? {} : { status: filter }
  const page = await pageOfLong(c.req.query('page'), PAGE_SIZE, (rowsMax) => countAdminClasses(handle, status, rowsMax))
  const [attention, ofToday, coming, rows, google, waiting] = await Promise.all([
    attentionList(c),
    adminClasses(handle, { from: instantAt(today, '00:00'), to: tomorrow, order: 'asc', limit: 100 }),
    adminClasses(handle, { status: 'scheduled', from: tomorrow, order: 'asc', limit: COMING_SHOWN }),
    adminClasses(handle, { ...status, limit: page.limit, offset: page.offset }),
    connectionSummary(deps),
    waitingWork(handle, {}, now),
  ])
  return render(
    c,
    <AdminPanelPage
      chrome={await chromeOf(c, site, DONE[c.req.query('ok') ?? ''] ?? null)}
      attention={attention}
      waiting={waiting}
      today={ofToday.filter((row) => row.status !== 'cancelled').map((row) => adminClass(row, now))}
      coming={coming.map((row) => adminClass(row, now))}
      google={google}
      filter={filter}
      classes={rows.map((row) => adminClass(row, now))}
      page={page.page}
      pagesTotal={page.pagesTotal}
      more={page.more}
    />,
  )
}

/** What needs attention, on a page of its own. */
async function showPayments(c: AppContext, site: SiteOptions): Promise<Response> {
  const [attention, google] = await Promise.all([attentionList(c), connectionSummary(c.get('deps'))])
  return render(c, <AdminPaymentsPage chrome={await chromeOf(c, site)} attention={attention} google={google.state} />)
}

async function attentionList(c: AppContext): Promise<AttentionList> {
  const { db, clock } = c.get('deps')
  const total = await countCases(db.handle)
  const cases = pageOf(c.req.query('casos'), total, CASES_PER_PAGE)
  const now = clock.now()
  const teachers = await allTeachers(c.get('deps'))
  const items = (await listCases(db.handle, cases)).map((listed) => attentionItem(listed, now, teachers))
  return { items, total, page: cases.page, pagesTotal: cases.pagesTotal }
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
    teacherName: row.teacherName,
    guestNames: row.guestNames,
    objective: row.learningFocus?.trim() || null,
    status: row.status,
    cancelReason: row.cancelReason,
    accessCode: row.accessCode,
    meetHref: row.status === 'scheduled' ? `/api/classes/${row.id}/join` : null,
    calendarHref: row.calendarPageUrl,
    calendar: row.calendarState,
    activity: row.status !== 'completed' ? 'none' : row.activityStatus === 'uploaded' ? 'sent' : row.hasDrafts ? 'draft' : 'pending',
    rescheduleHref: row.status === 'scheduled' && now < row.startsAt ? `/admin/clases/${row.id}/reprogramar` : null,
    canCancel: isCancellable(row, now),
    paid: row.paid ? row.priceCentavos : null,
    returned: row.refundedCentavos,
  }
}

/** Cases that are about no person. */
const NAMED: Partial<Record<ListedCase['subject'], (id: string, teachers: readonly NamedTeacher[]) => string>> = {
  connection: (id, teachers) => ['Google Calendar', ...teachers.filter((each) => each.id === id).map(({ name }) => `de ${name}`)].join(' '),
  provider: () => 'Mercado Pago',
  statement: (day) => `Cierre del ${day.split('-').reverse().join('/')}`,
  job: (name) => name.split(':')[0] ?? name,
}
const RETRIED: readonly ListedCase['subject'][] = ['notice', 'job', 'statement']

function attentionItem(listed: ListedCase, now: Date, teachers: readonly NamedTeacher[]): AttentionItem {
  const who = listed.hostName ?? 'Sin nombre'
  const startsAt = listed.bookedClass?.startsAt
  const other = ownerOfCalendar(listed, teachers)
  const words = other && OTHERS_CALENDAR[listed.reason]?.(other.name)
  const when = startsAt ? `, clase del ${formatDate(startsAt)} ${wallTime(startsAt)}` : ''
  return {
    id: listed.id,
    reason: listed.reason,
    since: listed.openedAt,
    subject: NAMED[listed.subject]?.(listed.subjectId, teachers) ?? `${who}${when}`,
    ...wordsOf(listed),
    ...(words ? { title: words.title, advice: words.hint } : {}),
    actions: actionsFor(listed, now, teachers),
  }
}

/** The teacher whose calendar the case is about, when it is not that of the first one, who is the admin. */
function ownerOfCalendar({ subject, subjectId, bookedClass }: ListedCase, teachers: readonly NamedTeacher[]): NamedTeacher | null {
  const id = subject === 'connection' ? subjectId : subject === 'class' ? bookedClass?.teacherId : null
  return teachers.slice(1).find((each) => each.id === id) ?? null
}

/** Reasons whose detail is written for people. */
const READABLE: readonly ListedCase['reason'][] = [
  'calendar_changed',
  'calendar_conflict',
  'link_missing',
  'paid_without_class',
  'payment_differs',
  'money_unaccounted',
  'unknown_payment',
  'refund_unknown',
]
const AN_ID = /[0-9a-f]{8}-[0-9a-f]{4}-/i

/** What of a case is for reading and what is for whoever mends it. */
function wordsOf(listed: ListedCase): Pick<AttentionItem, 'title' | 'advice' | 'note' | 'detail'> {
  const { reason, detail, order, payment } = listed
  const advice = adviceOf(listed)
  const title = reason === 'refund_failed' && listed.isReturning ? { title: RETURNING_TITLE } : {}
  if (reason === 'amount_mismatch' && order && payment) return { advice, note: amountsText(order.amount, payment.amount), detail }
  return READABLE.includes(reason) && !AN_ID.test(detail) ? { advice, note: detail, detail: '' } : { ...title, advice, note: '', detail }
}

/** What is to be done about money, where that is no longer what the case was opened for. */
function adviceOf({ reason, refundError, isReturning, isLost }: ListedCase): string | null {
  if (isLost) return LOST_TEXT
  if (isReturning) return RETURNING_TEXT
  return reason === 'refund_failed' && refundError !== null ? (REFUND_WAITS[refundError] ?? null) : null
}

function actionsFor(listed: ListedCase, now: Date, teachers: readonly NamedTeacher[]): AttentionAction[] {
  const { bookedClass } = listed
  const actions: AttentionAction[] = []
  if (bookedClass && listed.subject === 'class' && isCalendarBehind(listed)) actions.push({ kind: 'retry', classId: bookedClass.id })
  if (listed.move && bookedClass) {
    const { editId, to } = listed.move
    actions.push({ kind: 'settle-move', editId, to: to.startsAt, canAccept: isAcceptable(bookedClass, to, now) })
  }
  if (bookedClass && canRestore(listed)) actions.push({ kind: 'restore', classId: bookedClass.id })
  if (bookedClass && (listed.reason === 'link_missing' || listed.reason === 'calendar_conflict'))
    actions.push({ kind: 'open-class', classId: bookedClass.id })
  if (listed.subject === 'connection') {
    const other = ownerOfCalendar(listed, teachers)
    if (other && listed.reason === 'calendar_disconnected') actions.push({ kind: 'open-invitation', teacherId: other.id })
    else actions.push({ kind: 'open-google', teacherId: teachers.length === 0 ? null : listed.subjectId })
  }
  if (RETRIED.includes(listed.subject)) actions.push({ kind: 'retry-case', caseId: listed.id })
  const offer = refundOffer(listed)
  if (offer) {
    const cancels = offer.of === 'order' && bookedClass !== null && isCancellable(bookedClass, now)
    actions.push({ kind: 'refund', paymentId: offer.id, amount: offer.amount, cancels })
  }
  actions.push({ kind: 'resolve', caseId: listed.id })
  return actions
}

function idOf(c: AppContext): string | null {
  const id = c.req.param('id') ?? ''
  return z.uuid().safeParse(id).success ? id : null
}

/** Which notice tells how a retry failed: what is not going to be tried again must not be said to be. */
const RETRY_FAILED: Record<CreateRefusal, string> = {
  'unknown-class': 'sin-reintento',
  cancelled: 'sin-reintento',
  'not-paid': 'sin-reintento',
  'too-late': 'sin-reintento',
  'needs-reconnect': 'sin-calendario',
  'rate-limited': 'sin-evento',
  unavailable: 'sin-evento',
  refused: 'sin-evento',
  'link-pending': 'sin-evento',
}

async function retry(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const outcome = id ? await retryCalendar(c.get('deps'), id, viewerOf(c).id) : null
  if (!outcome || (!outcome.ok && outcome.reason === 'unknown-class')) return errorPage(c, site, 404, 'No se encontró la clase')
  return c.redirect(`/admin?ok=${outcome.ok ? 'lista' : RETRY_FAILED[outcome.reason]}`, 303)
}

async function cancel(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const cancelled = id ? await cancelClass(c.get('deps'), viewerOf(c), id) : ({ ok: false, reason: 'unknown-class' } as const)
  if (!cancelled.ok) return errorPage(c, site, cancelled.reason === 'unknown-class' ? 404 : 409, CANCEL_TEXT[cancelled.reason])
  const { refund, isRest } = cancelled.value
  return c.redirect(`/admin?ok=${refund === 'none' ? 'cancelada-sin-pago' : isRest ? 'cancelada-resto' : 'cancelada'}`, 303)
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
  if (refunded.ok) return c.redirect(`/admin?ok=${refunded.value === 'made' ? 'reembolsado' : 'reembolso-en-camino'}`, 303)
  if (refunded.reason === 'provider-failed') return c.redirect('/admin?ok=reembolso-pendiente', 303)
  if (refunded.reason === 'provider-refused') return c.redirect('/admin?ok=reembolso-rechazado', 303)
  return errorPage(c, site, refunded.reason === 'unknown-payment' ? 404 : 409, ADMIN_REFUND_TEXT[refunded.reason])
}

const RETRY_NOTICE = {
  done: 'reintentado',
  'in-process': 'reembolso-en-camino',
  later: 'reintentando',
  refused: 'reembolso-rechazado',
} as const satisfies Record<Exclude<RetryResult, 'unknown'>, string>

async function retryOne(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const result = id ? await retryCase(c.get('deps'), id, viewerOf(c).id) : 'unknown'
  return result === 'unknown' ? errorPage(c, site, 404) : c.redirect(`/admin?ok=${RETRY_NOTICE[result]}`, 303)
}

async function resolve(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const resolved = id ? await resolveCase(c.get('deps'), id, viewerOf(c).id) : false
  return resolved ? c.redirect('/admin?ok=resuelto', 303) : errorPage(c, site, 404)
}
