import type { Hono } from 'hono'
import { z } from 'zod'
import { addClosedTime, conflictsOf, reopenClosedTime, SCHEDULE_INVALID, saveOpeningHours } from '../../features/academy/commands.ts'
import { academyTeacher, allTeachers, scheduleForAdmin } from '../../features/academy/queries.ts'
import { type OpeningInterval, type ScheduleSettings, scheduleFault } from '../../features/academy/rules.ts'
import { queueTrial } from '../../features/meeting/check.ts'
import { connectionSummary } from '../../features/meeting/connection.ts'
import { bringEventsHere } from '../../features/meeting/restore.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { addDays, instantAt, isWallDate } from '../../kernel/zoned-time.ts'
import type { BlackoutForm } from '../pages/admin/blackouts.tsx'
import { GooglePage, type GoogleTrouble } from '../pages/admin/google.tsx'
import {
  type IntervalFields,
  type MarkedField,
  type ScheduleForm,
  SchedulePage,
  type ScheduleView,
  weekdayWord,
} from '../pages/admin/schedule.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'

/** Opening hours, closed days and the Google connection. */
export function mountAdminSettings(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/admin/horarios', (c) => showSchedule(c, site))
  app.post('/admin/horarios', (c) => saveSchedule(c, site))
  // Where a refused form was answered: loading that page again must not end nowhere.
  app.get('/admin/bloqueos', (c) => c.redirect(schedulePath(teacherOf(c))))
  app.post('/admin/bloqueos', (c) => addBlackout(c, site))
  app.post('/admin/bloqueos/:id/borrar', (c) => removeBlackout(c, site))
  app.get('/admin/google', (c) => showGoogle(c, site))
  app.get('/admin/google/probar', (c) => c.redirect(pathOf(GOOGLE_PATH, teacherOf(c))))
  app.post('/admin/google/probar', (c) => tryGoogle(c, site))
  app.get('/admin/google/traer', (c) => c.redirect(pathOf(GOOGLE_PATH, teacherOf(c))))
  app.post('/admin/google/traer', (c) => bringEvents(c, site))
}

const SCHEDULE_PATH = '/admin/horarios'
const GOOGLE_PATH = '/admin/google'

/** Whose hours the address asks for; null: the first teacher's. */
function teacherOf(c: AppContext): string | null {
  const id = c.req.query('profe') ?? ''
  return isUuid(id) ? id : null
}

function schedulePath(teacherId: string | null, told: Record<string, string> = {}): string {
  return pathOf(SCHEDULE_PATH, teacherId, told)
}

function pathOf(path: string, teacherId: string | null, told: Record<string, string> = {}): string {
  const query = new URLSearchParams({ ...told, ...(teacherId === null ? {} : { profe: teacherId }) }).toString()
  return query === '' ? path : `${path}?${query}`
}

const SAVED: Record<string, Notice> = {
  guardado: { kind: 'ok', text: 'Guardamos los horarios.' },
  abierto: { kind: 'ok', text: 'Ese horario vuelve a estar disponible.' },
  cerrado: { kind: 'ok', text: 'Ese horario ya no se ofrece.' },
}
const NO_BLACKOUT: BlackoutForm = { allDay: false, day: '', from: '', to: '', note: '', error: null, wrong: [] }

async function showSchedule(
  c: AppContext,
  site: SiteOptions,
  typed: Partial<Pick<ScheduleView, 'form' | 'error' | 'marked' | 'blackoutForm'>> = {},
  status: 200 | 400 = 200,
): Promise<Response> {
  const teacherId = teacherOf(c)
  const schedule = await scheduleForAdmin(c.get('deps'), teacherId)
  if (!schedule) return errorPage(c, site, 404)
  const justClosed = schedule.blackouts.find((entry) => entry.id === c.req.query('bloqueo'))
  const conflicts = justClosed ? await conflictsOf(c.get('deps'), schedule.teacher.id, justClosed) : { classes: [], total: 0 }
  const chrome = await chromeOf(c, site, conflicts.total > 0 ? null : (SAVED[c.req.query('ok') ?? ''] ?? null))
  return render(
    c,
    <SchedulePage
      chrome={{ ...chrome, path: SCHEDULE_PATH }}
      form={typed.form ?? formOf({ ...schedule.teacher, opening: schedule.opening })}
      error={typed.error ?? null}
      marked={typed.marked ?? null}
      blackouts={schedule.blackouts.map((entry) => ({ id: entry.id, from: entry.startsAt, to: entry.endsAt, note: entry.note }))}
      blackoutForm={typed.blackoutForm ?? NO_BLACKOUT}
      conflicts={conflicts}
      teachers={await allTeachers(c.get('deps'))}
      teacherId={schedule.teacher.id}
    />,
    status,
  )
}

function formOf(settings: ScheduleSettings): ScheduleForm {
  return {
    days: Array.from({ length: 7 }, (_, index) =>
      settings.opening
        .filter((interval) => interval.weekday === index + 1)
        // A time field cannot say "24:00"; there midnight is "00:00".
        .map((interval) => ({ from: interval.opens, to: interval.closes === '24:00' ? '00:00' : interval.closes })),
    ),
    slotMinutes: String(settings.slotMinutes),
    minNoticeMinutes: String(settings.minNoticeMinutes),
    horizonDays: String(settings.horizonDays),
  }
}

async function saveSchedule(c: AppContext, site: SiteOptions): Promise<Response> {
  const form = await readForm(c)
  const typed: ScheduleForm = {
    days: Array.from({ length: 7 }, (_, index) => intervalsTyped(form, index + 1)),
    slotMinutes: field(form, 'slotMinutes'),
    minNoticeMinutes: field(form, 'minNoticeMinutes'),
    horizonDays: field(form, 'horizonDays'),
  }
  const opening: OpeningInterval[] = typed.days.flatMap((day, index) =>
    day.map(({ from, to }) => ({ weekday: index + 1, opens: from, closes: to === '00:00' ? '24:00' : to })),
  )
  const settings = {
    opening,
    slotMinutes: numberOf(typed.slotMinutes),
    minNoticeMinutes: numberOf(typed.minNoticeMinutes),
    horizonDays: numberOf(typed.horizonDays),
  }
  const saved = await saveOpeningHours(c.get('deps'), settings, viewerOf(c).id, teacherOf(c))
  if (saved.ok) return c.redirect(schedulePath(teacherOf(c), { ok: 'guardado' }), 303)
  const fault = saved.reason === 'too-long' ? tooLongFor(saved.detail ?? '') : faultOf(settings)
  return showSchedule(c, site, { form: typed, ...fault }, 400)
}

/** The length is everybody's: somebody else's hours would offer nothing any more. */
function tooLongFor(name: string): { error: string; marked: MarkedField } {
  const error = `Los turnos duran lo mismo para todos, y ${name} tiene algún intervalo más corto. Cambiá primero sus horarios.`
  return { error, marked: { name: 'slotMinutes' } }
}

const NUMBER_FAULT = {
  slotMinutes: 'La duración del turno tiene que ser de 15 a 240 minutos.',
  minNoticeMinutes: 'La anticipación mínima tiene que ser de 0 a 43.200 minutos.',
  horizonDays: 'Se puede reservar de 1 a 365 días para adelante.',
} as const

/** What is wrong in words, and the field that it is about. */
function faultOf(settings: ScheduleSettings): { error: string; marked: MarkedField | null } {
  const fault = scheduleFault(settings)
  if (!fault || fault.at === 'opening') return { error: SCHEDULE_INVALID, marked: null }
  if (fault.at !== 'interval') return { error: NUMBER_FAULT[fault.at], marked: { name: fault.at } }
  const weekday = settings.opening[fault.index]?.weekday ?? 1
  const row = settings.opening.slice(0, fault.index).filter((interval) => interval.weekday === weekday).length
  const why = {
    unreadable: 'falta una hora o no es válida.',
    'too-short': `«hasta» tiene que ser al menos ${settings.slotMinutes} minutos después de «desde», lo que dura un turno.`,
    overlap: 'se pisa con otro intervalo del mismo día.',
  }[fault.why]
  return { error: `Revisá el intervalo ${row + 1} del ${weekdayWord(weekday)}: ${why}`, marked: { weekday, row } }
}

/** The intervals of one day as typed; pairs go by position, and a pair of two empty fields is none. */
function intervalsTyped(form: FormData | null, weekday: number): IntervalFields[] {
  const texts = (name: string) =>
    (form?.getAll(`${name}_${weekday}`) ?? []).slice(0, 10).map((value) => (typeof value === 'string' ? value.slice(0, 5) : ''))
  const until = texts('to')
  return texts('from')
    .map((from, index) => ({ from, to: until[index] ?? '' }))
    .filter(({ from, to }) => from !== '' || to !== '')
}

function numberOf(text: string): number {
  return /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN
}

async function addBlackout(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const form = await readForm(c)
  const typed = {
    allDay: field(form, 'allDay') !== '',
    day: field(form, 'day').slice(0, 10),
    from: field(form, 'from').slice(0, 16),
    to: field(form, 'to').slice(0, 16),
    note: field(form, 'note').trim().slice(0, 200),
  }
  const edges = edgesOf(typed)
  const closed = await addClosedTime(deps, { ...edges, note: typed.note }, viewerOf(c).id, teacherOf(c))
  if (!closed) return showSchedule(c, site, { blackoutForm: { ...typed, ...blackoutFault(typed, edges) } }, 400)
  return c.redirect(schedulePath(teacherOf(c), { ok: 'cerrado', bloqueo: closed.id }), 303)
}

type BlackoutEdges = { startsAt: Date | null; endsAt: Date | null }

/** A whole day goes from midnight to midnight. */
function edgesOf({ allDay, day, from, to }: Pick<BlackoutForm, 'allDay' | 'day' | 'from' | 'to'>): BlackoutEdges {
  if (!allDay) return { startsAt: wallInstant(from), endsAt: wallInstant(to) }
  return isWallDate(day)
    ? { startsAt: instantAt(day, '00:00'), endsAt: instantAt(addDays(day, 1), '00:00') }
    : { startsAt: null, endsAt: null }
}

function blackoutFault(
  { allDay }: Pick<BlackoutForm, 'allDay'>,
  { startsAt, endsAt }: BlackoutEdges,
): Pick<BlackoutForm, 'error' | 'wrong'> {
  if (allDay) return { error: 'Elegí el día que querés cerrar.', wrong: ['day'] }
  if (startsAt && endsAt) return { error: '«Hasta» tiene que ser después de «Desde».', wrong: ['to'] }
  const missing = [...(startsAt ? [] : (['from'] as const)), ...(endsAt ? [] : (['to'] as const))]
  return { error: 'Completá el día y la hora de «Desde» y de «Hasta».', wrong: missing }
}

/** "2026-11-26T18:00" as read on a wall in Argentina. */
function wallInstant(text: string): Date | null {
  const [date, time] = text.split('T')
  return date && time && isWallDate(date) && /^([01]\d|2[0-3]):[0-5]\d$/.test(time) ? instantAt(date, time) : null
}

async function removeBlackout(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = z.uuid().safeParse(c.req.param('id'))
  const removed = id.success && (await reopenClosedTime(c.get('deps'), id.data, viewerOf(c).id))
  return removed ? c.redirect(schedulePath(teacherOf(c), { ok: 'abierto' }), 303) : errorPage(c, site, 404)
}

const CONNECTED: Record<string, Notice> = {
  connected: { kind: 'ok', text: 'Tu calendario quedó conectado.' },
  disconnected: { kind: 'ok', text: 'Desconectamos tu calendario.' },
  trayendo: {
    kind: 'ok',
    text: 'Los eventos están pasando a este calendario. Avisamos a quienes participan cuando cada enlace esté listo.',
  },
  probando: { kind: 'ok', text: 'Lo estamos probando. Actualizá la página en unos segundos.' },
}
const NOT_CONNECTED: Record<string, string> = {
  denied: 'No diste permiso en Google, así que el calendario no se conectó.',
  'scope-missing': 'Faltó marcar un permiso del calendario en Google. Conectalo de nuevo y dejá todos los permisos marcados.',
  'no-refresh-token': 'Google no envió un permiso duradero. Conectalo de nuevo.',
  'not-teacher': 'Esta cuenta no es la del profesor.',
  'no-delegation':
    'La cuenta de servicio no puede actuar por vos: sin delegación en todo el dominio no se crean enlaces de Meet ni se invita a nadie. El administrador de Google Workspace tiene que autorizarla.',
  'no-meet':
    'Con la cuenta de servicio no se crean enlaces de Meet en tu calendario. Revisá que Meet esté activado para tu cuenta de Workspace.',
  'service-refused': 'Google no aceptó la cuenta de servicio. El registro dice por qué.',
  expired: 'El intento venció. Probá de nuevo.',
  unavailable: 'No pudimos hablar con Google. Probá de nuevo en unos minutos.',
}

/** The daily trial, now. */
async function tryGoogle(c: AppContext, site: SiteOptions): Promise<Response> {
  const teacher = await academyTeacher(c.get('deps'), teacherOf(c))
  if (!teacher) return errorPage(c, site, 404)
  await queueTrial(c.get('deps'), teacher.id)
  return c.redirect(pathOf(GOOGLE_PATH, teacherOf(c), { ok: 'probando' }), 303)
}

async function bringEvents(c: AppContext, site: SiteOptions): Promise<Response> {
  const teacher = await academyTeacher(c.get('deps'), teacherOf(c))
  if (!teacher) return errorPage(c, site, 404)
  await bringEventsHere(c.get('deps'), teacher.id, viewerOf(c).id)
  return c.redirect(pathOf(GOOGLE_PATH, teacherOf(c), { ok: 'trayendo' }), 303)
}

async function showGoogle(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const teacher = await academyTeacher(deps, teacherOf(c))
  if (!teacher && teacherOf(c) !== null) return errorPage(c, site, 404)
  const error = c.req.query('error')
  const failed: Notice | null = error
    ? { kind: 'error', text: NOT_CONNECTED[error] ?? 'No se pudo conectar el calendario. Probá de nuevo.' }
    : null
  const summary = await connectionSummary(deps, teacher?.id ?? null)
  const chrome = await chromeOf(c, site, failed ?? CONNECTED[c.req.query('ok') ?? ''] ?? null)
  const first = await academyTeacher(deps)
  const whose = { teachers: await allTeachers(deps), teacherId: teacher?.id ?? null, isOwn: teacher?.id === first?.id }
  return render(c, <GooglePage chrome={{ ...chrome, path: GOOGLE_PATH }} {...summary} {...whose} trouble={troubleOf(summary.lastError)} />)
}

/** Which of the known troubles the last error belongs to (behaviour 4.16). */
function troubleOf(lastError: string | null): GoogleTrouble | null {
  if (!lastError) return null
  if (/refresh token not found/i.test(lastError)) return 'refresh-token-not-found'
  if (/invalid_grant|insufficient/i.test(lastError)) return 'invalid-grant'
  if (/not enabled|accessNotConfigured|SERVICE_DISABLED/i.test(lastError)) return 'api-not-enabled'
  return /conference|meet link/i.test(lastError) ? 'no-meet-link' : null
}
