import type { Hono } from 'hono'
import { invitationUrl } from '../../features/academy/invitation.ts'
import {
  addTeacher,
  editTeacher,
  mayChangeCalendar,
  mayTakeBookings,
  setTeacherActive,
  type TeacherForm,
  teachersForAdmin,
} from '../../features/academy/teachers.ts'
import { disconnectCalendar } from '../../features/meeting/connection.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { TeachersPage, type TypedTeacher } from '../pages/admin/teachers.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'

const PATH = '/admin/profesores'

/** Who gives classes: taking them on, their name and account, whether they take bookings, and their way to connect a calendar (decision 025). */
export function mountAdminTeachers(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(PATH, (c) => show(c, site))
  app.post(PATH, (c) => add(c, site))
  // Where a refused form was answered: loading that page again must not end nowhere.
  app.get(`${PATH}/:id`, (c) => c.redirect(PATH))
  app.post(`${PATH}/:id`, (c) => edit(c, site))
  app.post(`${PATH}/:id/estado`, (c) => setActive(c, site))
  app.post(`${PATH}/:id/desconectar`, (c) => disconnect(c, site))
}

const DONE: Record<string, Notice> = {
  sumado: { kind: 'ok', text: 'Lo sumamos. Revisá sus horarios y mandale el enlace para que conecte su calendario; después activalo.' },
  guardado: { kind: 'ok', text: 'Guardamos los cambios.' },
  activo: { kind: 'ok', text: 'Ahora toma reservas.' },
  'sin-calendario': { kind: 'error', text: 'Primero tiene que conectar su calendario: sin él no se puede preparar ninguna clase.' },
  inactivo: { kind: 'ok', text: 'Ya no toma reservas. Sus clases quedan como están.' },
  desconectado: { kind: 'ok', text: 'Desconectamos su calendario.' },
}

const EMPTY: TypedTeacher = { form: { name: '', email: '', calendarId: '' }, faults: {} }

async function show(
  c: AppContext,
  site: SiteOptions,
  { added = EMPTY, edited }: { added?: TypedTeacher; edited?: TypedTeacher & { id: string } } = {},
  status: 200 | 400 = 200,
): Promise<Response> {
  const deps = c.get('deps')
  const teachers = (await teachersForAdmin(deps)).map((teacher) => ({
    ...teacher,
    mayChangeCalendar: mayChangeCalendar(teacher),
    mayTakeBookings: mayTakeBookings(teacher),
    invitation: teacher.isFirst ? null : invitationUrl(deps, teacher),
    typed: edited?.id === teacher.id ? edited : null,
  }))
  const chrome = await chromeOf(c, site, DONE[c.req.query('ok') ?? ''] ?? null)
  return render(c, <TeachersPage chrome={{ ...chrome, path: PATH }} teachers={teachers} added={added} />, status)
}

async function typedForm(c: AppContext): Promise<TeacherForm> {
  const form = await readForm(c)
  const text = (name: string) => field(form, name).slice(0, 300)
  return { name: text('name'), email: text('email'), calendarId: text('calendarId') }
}

async function add(c: AppContext, site: SiteOptions): Promise<Response> {
  const form = await typedForm(c)
  const added = await addTeacher(c.get('deps'), form, viewerOf(c).id)
  if (!added.ok) return show(c, site, { added: { form, faults: added.detail ?? {} } }, 400)
  return c.redirect(`${PATH}?ok=sumado#profe-${added.value.id}`, 303)
}

async function edit(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const form = await typedForm(c)
  const edited = id ? await editTeacher(c.get('deps'), id, form, viewerOf(c).id) : null
  if (!id || !edited || (!edited.ok && edited.reason === 'unknown')) return errorPage(c, site, 404)
  if (!edited.ok) return show(c, site, { edited: { id, form, faults: edited.detail ?? {} } }, 400)
  return c.redirect(`${PATH}?ok=guardado#profe-${id}`, 303)
}

async function setActive(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const active = field(await readForm(c), 'activo') === '1'
  const done = id ? await setTeacherActive(c.get('deps'), id, active, viewerOf(c).id) : null
  if (!done || (!done.ok && done.reason === 'unknown')) return errorPage(c, site, 404)
  return c.redirect(`${PATH}?ok=${done.ok ? (active ? 'activo' : 'inactivo') : 'sin-calendario'}#profe-${id}`, 303)
}

async function disconnect(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const deps = c.get('deps')
  const known = (await teachersForAdmin(deps)).find((teacher) => teacher.id === id)
  if (!known) return errorPage(c, site, 404)
  await disconnectCalendar(deps, known.id, viewerOf(c).id)
  return c.redirect(`${PATH}?ok=desconectado#profe-${known.id}`, 303)
}

function idOf(c: AppContext): string | null {
  const id = c.req.param('id') ?? ''
  return isUuid(id) ? id : null
}
