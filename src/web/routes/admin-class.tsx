import type { Hono } from 'hono'
import { z } from 'zod'
import { markAttendance } from '../../features/attendance/commands.ts'
import { returnToMeet } from '../../features/meeting/links.ts'
import { useRoom } from '../../features/meeting/room/commands.ts'
import { ROOM_STATUS, ROOM_TEXT } from '../../features/meeting/room/text.es.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { errorPage, field, readForm, type SiteOptions } from '../site.tsx'
import { showClassRecord } from './class-record.tsx'
import { viewerOf } from './guard.ts'

const UNKNOWN_CLASS = 'No se encontró la clase'
const TYPED_MAX = 500
const PEOPLE_MAX = 10

/** What the teacher decides on the page of one class: its room, and who was there. */
export function mountAdminClass(app: Hono<AppEnv>, site: SiteOptions): void {
  // Where a refused form was answered: loading that page again must not end nowhere.
  for (const part of ['sala', 'sala/meet', 'asistencia']) {
    app.get(`/admin/clases/:id/${part}`, (c) => c.redirect(`/admin/clases/${encodeURIComponent(c.req.param('id') ?? '')}`))
  }
  app.post('/admin/clases/:id/sala', (c) => changeRoom(c, site))
  app.post('/admin/clases/:id/sala/meet', (c) => backToMeet(c, site))
  app.post('/admin/clases/:id/asistencia', (c) => saveAttendance(c, site))
}

function idOf(c: AppContext): string | null {
  const id = z.uuid().safeParse(c.req.param('id'))
  return id.success ? id.data : null
}

async function changeRoom(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const typed = field(await readForm(c), 'url').slice(0, TYPED_MAX + 1)
  const taken = id ? await useRoom(c.get('deps'), id, typed, viewerOf(c).id) : ({ ok: false, reason: 'unknown-class' } as const)
  if (taken.ok) return c.redirect(`/admin/clases/${id}?ok=sala`, 303)
  const text = ROOM_TEXT[taken.reason]
  if (ROOM_STATUS[taken.reason] !== 400) return errorPage(c, site, ROOM_STATUS[taken.reason], text)
  return showClassRecord(c, site, true, { room: { typed: typed.slice(0, TYPED_MAX), error: text } }, 400)
}

async function backToMeet(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const left = id ? await returnToMeet(c.get('deps'), id, viewerOf(c).id) : ({ ok: false, reason: 'unknown-class' } as const)
  if (left.ok) return c.redirect(`/admin/clases/${id}?ok=meet`, 303)
  return errorPage(c, site, ROOM_STATUS[left.reason], ROOM_TEXT[left.reason])
}

async function saveAttendance(c: AppContext, site: SiteOptions): Promise<Response> {
  const id = idOf(c)
  const form = await readForm(c)
  const marked = id ? await markAttendance(c.get('deps'), id, marksIn(form), viewerOf(c).id) : null
  if (marked?.ok) return c.redirect(`/admin/clases/${id}?ok=asistencia`, 303)
  if (marked?.reason === 'not-begun') return errorPage(c, site, 409, 'La asistencia se marca cuando la clase comenzó.')
  return errorPage(c, site, 404, UNKNOWN_CLASS)
}

/** `asistio_<person>` is "si" or "no"; whoever has no mark stays as they are. */
function marksIn(form: FormData | null): Map<string, boolean> {
  const marks = new Map<string, boolean>()
  for (const [name, value] of form ?? []) {
    const userId = z.uuid().safeParse(name.replace(/^asistio_/, ''))
    if (userId.success && marks.size < PEOPLE_MAX && (value === 'si' || value === 'no')) marks.set(userId.data, value === 'si')
  }
  return marks
}
