import type { Hono } from 'hono'
import { z } from 'zod'
import { markAttendance } from '../../features/attendance/commands.ts'
import { returnToMeet } from '../../features/meeting/links.ts'
import { useRoom } from '../../features/meeting/room/commands.ts'
import { ROOM_STATUS, ROOM_TEXT } from '../../features/meeting/room/text.es.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import type { TeacherView } from '../pages/class/view.ts'
import { errorPage, field, readForm, type SiteOptions } from '../site.tsx'
import { readWayBack, wayBackQuery } from '../ui/way-back.ts'
import { viewerOf } from './guard.ts'

const UNKNOWN_CLASS = 'No se encontró la clase'
const TYPED_MAX = 500
const PEOPLE_MAX = 10

/** What was typed into a form of a class's page and is not right. */
export type TypedOnClass = { room: Pick<TeacherView['room'], 'typed' | 'error'> }

/** The pages of classes on which somebody decides: the admin on those of all classes, a teacher on those of their own. */
export interface ClassArea {
  /** What comes before the id. */
  path: '/admin/clases' | '/profe/clases'
  /** Whether the viewer may decide about the class of the address. */
  mayDecide: (c: AppContext) => Promise<boolean>
  /** The page of that class, with a form that has to be corrected. */
  show: (c: AppContext, typed: TypedOnClass) => Promise<Response>
}

/** What is decided on the page of one class: its room, and who was there. */
export function mountClassParts(app: Hono<AppEnv>, site: SiteOptions, area: ClassArea): void {
  const decided =
    (decide: (c: AppContext, site: SiteOptions, area: ClassArea, id: string) => Promise<Response>) => async (c: AppContext) => {
      const id = z.uuid().safeParse(c.req.param('id'))
      return id.success && (await area.mayDecide(c)) ? decide(c, site, area, id.data) : errorPage(c, site, 404, UNKNOWN_CLASS)
    }
  // Where a refused form was answered: loading that page again must not end nowhere.
  for (const part of ['sala', 'sala/meet', 'asistencia']) {
    app.get(`${area.path}/:id/${part}`, (c) => c.redirect(pageHref(c, area.path, c.req.param('id') ?? '')))
  }
  app.post(`${area.path}/:id/sala`, decided(changeRoom))
  app.post(`${area.path}/:id/sala/meet`, decided(backToMeet))
  app.post(`${area.path}/:id/asistencia`, decided(saveAttendance))
}

/** The page of the class, which still knows where its reader came from. `done`: what it says has been done. */
function pageHref(c: AppContext, path: ClassArea['path'], id: string, done?: string): string {
  const query = wayBackQuery(readWayBack(c.req.query('volver'), 'admin'))
  const href = `${path}/${encodeURIComponent(id)}${query}`
  return done === undefined ? href : `${href}${query === '' ? '?' : '&'}ok=${done}`
}

async function changeRoom(c: AppContext, site: SiteOptions, { path, show }: ClassArea, id: string): Promise<Response> {
  const typed = field(await readForm(c), 'url').slice(0, TYPED_MAX + 1)
  const taken = await useRoom(c.get('deps'), id, typed, viewerOf(c).id)
  if (taken.ok) return c.redirect(pageHref(c, path, id, 'sala'), 303)
  const text = ROOM_TEXT[taken.reason]
  if (ROOM_STATUS[taken.reason] !== 400) return errorPage(c, site, ROOM_STATUS[taken.reason], text)
  return show(c, { room: { typed: typed.slice(0, TYPED_MAX), error: text } })
}

async function backToMeet(c: AppContext, site: SiteOptions, { path }: ClassArea, id: string): Promise<Response> {
  const left = await returnToMeet(c.get('deps'), id, viewerOf(c).id)
  if (left.ok) return c.redirect(pageHref(c, path, id, 'meet'), 303)
  return errorPage(c, site, ROOM_STATUS[left.reason], ROOM_TEXT[left.reason])
}

async function saveAttendance(c: AppContext, site: SiteOptions, { path }: ClassArea, id: string): Promise<Response> {
  const marked = await markAttendance(c.get('deps'), id, marksIn(await readForm(c)), viewerOf(c).id)
  if (marked.ok) return c.redirect(pageHref(c, path, id, 'asistencia'), 303)
  if (marked.reason === 'not-begun') return errorPage(c, site, 409, 'La asistencia se marca cuando la clase comenzó.')
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
