import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { INVITATION_PATH, invitedBy } from '../../features/academy/invitation.ts'
import { academyTeacher } from '../../features/academy/queries.ts'
import { beginSignIn, finishSignIn, type RefusedAttempt, type SignInRefusal, signOut } from '../../features/identity/commands.ts'
import type { GoogleIdentity } from '../../features/identity/provider.ts'
import { HOME, safeReturnPath } from '../../features/identity/rules.ts'
import { calendarConnected } from '../../features/meeting/connect.ts'
import { connectCalendar, disconnectCalendar } from '../../features/meeting/connection.ts'
import { connectInvited } from '../../features/meeting/invited.ts'
import { connectServiceAccount } from '../../features/meeting/service-account.ts'
import type { AppContext } from '../context.ts'
import type { Endpoint } from '../endpoint.ts'
import { clearSessionCookie, setSessionCookie, setSignInCookie, takeSignInCookie } from '../middleware/session.ts'

const CALENDAR_PAGE = '/admin/google'

export const loginEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/auth/login',
  summary: 'Empieza el ingreso con Google',
  auth: 'none',
  ownPagesOnly: true,
  limitPer10Minutes: 60,
  form: z.object({ callbackUrl: z.string().optional().meta({ description: 'Página del sitio a la que volver; si falta, /inicio' }) }),
  responses: { 303: { description: 'A Google, o a /ingresar con el motivo' } },
  async handle(c) {
    const form = await c.req.formData().catch(() => null)
    const wanted = form?.get('callbackUrl')
    const returnTo = safeReturnPath(typeof wanted === 'string' ? wanted : null)
    return begin(c, { purpose: 'login', returnTo }, (reason) => signInPage(reason, returnTo))
  },
}

/** One callback serves sign-in and the teacher's calendar consent; the attempt knows its purpose (behaviour 4.11). */
export const googleCallbackEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/auth/callback/google',
  summary: 'Vuelta de Google: termina un ingreso o una conexión de calendario',
  auth: 'none',
  query: z.object({ state: z.string().optional(), code: z.string().optional(), error: z.string().optional() }),
  responses: { 302: { description: 'A la página pedida, o a la de ingreso o del calendario con el motivo' } },
  async handle(c) {
    const deps = c.get('deps')
    const finished = await finishSignIn(deps, callbackUrl(c), takeSignInCookie(c), c.req.header('user-agent'))
    if (!finished.ok) {
      deps.log.info({ reason: finished.reason, purpose: finished.detail?.purpose }, 'sign-in refused')
      return c.redirect(refusalPage(finished.reason, finished.detail))
    }
    if (finished.value.purpose === 'login') {
      const before = c.get('sessionToken')
      if (before) await signOut(deps, before)
      setSessionCookie(c, finished.value.sessionToken)
      return c.redirect(finished.value.returnTo)
    }
    const { identity, userId, teacherId, returnTo } = finished.value
    if (teacherId) return c.redirect(`${returnTo}&${await connectTeacher(deps, teacherId, identity)}`)
    // The consent counts only for the session that asked for it.
    const viewer = c.get('viewer')
    if (viewer?.role !== 'ADMIN' || viewer.id !== userId) return c.redirect(`${CALENDAR_PAGE}?error=invalid`)
    const connected = await connectCalendar(deps, viewer.id, identity)
    if (!connected.ok) return c.redirect(`${CALENDAR_PAGE}?error=${connected.reason}`)
    await calendarConnected(deps, connected.value.teacherId)
    return c.redirect(`${CALENDAR_PAGE}?ok=connected`)
  },
}

/** What becomes of the consent of a teacher who was invited, for the page of their invitation. */
async function connectTeacher(deps: Deps, teacherId: string, identity: GoogleIdentity): Promise<string> {
  const connected = await connectInvited(deps, teacherId, identity)
  if (!connected.ok) return `error=${connected.reason}`
  await calendarConnected(deps, teacherId)
  return 'ok=connected'
}

/** The button of an invitation: no login is needed, Google says who it is. */
export const connectInvitedEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/teachers/connect',
  summary: 'Un profesor invitado conecta su calendario: lleva al permiso de Google',
  auth: 'none',
  ownPagesOnly: true,
  limitPer10Minutes: 60,
  form: z.object({ invitacion: z.string().meta({ description: 'Lo que trae el enlace de la invitación' }) }),
  responses: { 303: { description: 'A Google, o a la página de la invitación con el motivo' } },
  async handle(c) {
    const form = await c.req.formData().catch(() => null)
    const token = String(form?.get('invitacion') ?? '').slice(0, 200)
    const back = `${INVITATION_PATH}?${new URLSearchParams({ invitacion: token })}`
    const invited = await invitedBy(c.get('deps'), token)
    if (!invited) return c.redirect(back, 303)
    const { id: teacherId, email: loginHint } = invited
    return begin(c, { purpose: 'calendar', returnTo: back, teacherId, loginHint }, (reason) => `${back}&error=${reason}`)
  },
}

export const logoutEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/auth/logout',
  summary: 'Cierra la sesión',
  auth: 'none',
  ownPagesOnly: true,
  responses: { 303: { description: 'A la página de inicio' } },
  async handle(c) {
    const token = c.get('sessionToken')
    if (token) await signOut(c.get('deps'), token)
    clearSessionCookie(c)
    // The storage holds passes that were saved for the way.
    c.header('Clear-Site-Data', '"cache", "storage"')
    return c.redirect('/', 303)
  },
}

const User = z.object({ name: z.string(), email: z.string(), image: z.string().nullable(), isAdmin: z.boolean() })

export const sessionEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/auth/session',
  summary: 'Quién está conectado; null si nadie',
  auth: 'none',
  responses: {
    200: { description: 'La sesión', schema: z.object({ user: User.nullable(), expiresAt: z.iso.datetime().nullable() }) },
  },
  handle(c, viewer) {
    c.header('Cache-Control', 'no-store')
    const user = viewer ? { name: viewer.name, email: viewer.email, image: viewer.image, isAdmin: viewer.role === 'ADMIN' } : null
    return c.json({ user, expiresAt: c.get('sessionExpiresAt')?.toISOString() ?? null })
  },
}

export const connectCalendarEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/google/connect',
  summary: 'Conecta el calendario: lleva al permiso de Google, o prueba la cuenta de servicio',
  auth: 'admin',
  responses: { 303: { description: 'A Google, o a /admin/google con el motivo' } },
  async handle(c, viewer) {
    if (c.get('deps').config.google.serviceAccount) {
      const connected = await connectServiceAccount(c.get('deps'), viewer.id)
      return c.redirect(`${CALENDAR_PAGE}?${connected.ok ? 'ok=connected' : `error=${connected.reason}`}`, 303)
    }
    return begin(
      c,
      { purpose: 'calendar', returnTo: CALENDAR_PAGE, userId: viewer.id, loginHint: viewer.email },
      (reason) => `${CALENDAR_PAGE}?error=${reason}`,
    )
  },
}

export const disconnectCalendarEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/google/disconnect',
  summary: 'Desconecta el calendario: olvida y revoca el permiso',
  auth: 'admin',
  responses: { 303: { description: 'A /admin/google' } },
  async handle(c, viewer) {
    const deps = c.get('deps')
    const teacher = await academyTeacher(deps)
    if (teacher) await disconnectCalendar(deps, teacher.id, viewer.id)
    return c.redirect(`${CALENDAR_PAGE}?ok=disconnected`, 303)
  },
}

async function begin(
  c: AppContext,
  request: Parameters<typeof beginSignIn>[1],
  onFailure: (reason: SignInRefusal) => string,
): Promise<Response> {
  const begun = await beginSignIn(c.get('deps'), request)
  if (!begun.ok) return c.redirect(onFailure(begun.reason), 303)
  setSignInCookie(c, begun.value.browserSecret)
  return c.redirect(begun.value.url, 303)
}

function refusalPage(reason: SignInRefusal, attempt: RefusedAttempt | undefined): string {
  if (attempt?.purpose !== 'calendar') return signInPage(reason, attempt?.returnTo ?? HOME)
  return attempt.returnTo.startsWith(INVITATION_PATH) ? `${attempt.returnTo}&error=${reason}` : `${CALENDAR_PAGE}?error=${reason}`
}

function signInPage(reason: SignInRefusal, returnTo: string): string {
  return `/ingresar?${new URLSearchParams({ error: reason, callbackUrl: returnTo })}`
}

/** The address Google was told, with the query it sent: what is compared must not depend on the Host header. */
function callbackUrl(c: AppContext): URL {
  const url = new URL(c.get('deps').config.google.redirectUri)
  url.search = new URL(c.req.url).search
  return url
}
