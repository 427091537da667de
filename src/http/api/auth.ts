import type { Hono } from 'hono'
import { defaultTeacher } from '../../features/academy/store.ts'
import { beginSignIn, finishSignIn, type SignInRefusal, signOut } from '../../features/identity/commands.ts'
import { safeReturnPath } from '../../features/identity/rules.ts'
import { calendarConnected } from '../../features/meeting/connect.ts'
import { connectCalendar, disconnectCalendar } from '../../features/meeting/connection.ts'
import type { AppContext, AppEnv } from '../context.ts'
import { fail, limitRate } from '../endpoint.ts'
import { isForeignOrigin } from '../middleware/origin.ts'
import { clearSessionCookie, setSessionCookie, setSignInCookie, takeSignInCookie } from '../middleware/session.ts'
import { API_TEXT } from '../text.es.ts'

const SIGN_INS_PER_10_MINUTES = 60

/** Sign-in, sign-out and the teacher's calendar consent (behaviour 4.11). One callback serves both; the attempt knows its purpose. */
export function mountAuth(app: Hono<AppEnv>): void {
  app.post('/api/auth/login', async (c) => {
    const refused = isForeignOrigin(c) ? fail(c, 403, API_TEXT.foreignOrigin) : await limitRate(c, 'sign-in', SIGN_INS_PER_10_MINUTES)
    if (refused) return refused
    const form = await c.req.formData().catch(() => null)
    const wanted = form?.get('callbackUrl')
    const returnTo = safeReturnPath(typeof wanted === 'string' ? wanted : null)
    return begin(c, { purpose: 'login', returnTo }, (reason) => signInPage(reason, returnTo))
  })

  app.get('/api/auth/callback/google', async (c) => {
    const deps = c.get('deps')
    const finished = await finishSignIn(deps, callbackUrl(c), takeSignInCookie(c))
    if (!finished.ok) {
      const returnTo = finished.detail?.returnTo ?? '/inicio'
      deps.log.info({ reason: finished.reason }, 'sign-in refused')
      return c.redirect(
        returnTo.startsWith('/admin/google') ? `/admin/google?error=${finished.reason}` : signInPage(finished.reason, returnTo),
      )
    }
    if (finished.value.purpose === 'login') {
      const before = c.get('sessionToken')
      if (before) await signOut(deps, before)
      setSessionCookie(c, finished.value.sessionToken)
      return c.redirect(finished.value.returnTo)
    }
    // The consent counts only for the session that asked for it.
    if (c.get('viewer')?.id !== finished.value.userId) return c.redirect('/admin/google?error=invalid')
    const connected = await connectCalendar(deps, finished.value.userId, finished.value.identity)
    if (!connected.ok) return c.redirect(`/admin/google?error=${connected.reason}`)
    await calendarConnected(deps, connected.value.teacherId)
    return c.redirect('/admin/google?ok=connected')
  })

  app.post('/api/auth/logout', async (c) => {
    if (isForeignOrigin(c)) return fail(c, 403, API_TEXT.foreignOrigin)
    const token = c.get('sessionToken')
    if (token) await signOut(c.get('deps'), token)
    clearSessionCookie(c)
    c.header('Clear-Site-Data', '"cache"')
    return c.redirect('/', 303)
  })

  app.get('/api/auth/session', (c) => {
    c.header('Cache-Control', 'no-store')
    const viewer = c.get('viewer')
    return c.json(
      viewer ? { user: { name: viewer.name, email: viewer.email, image: viewer.image, isAdmin: viewer.role === 'ADMIN' } } : { user: null },
    )
  })

  app.post('/api/admin/google/connect', async (c) => {
    const viewer = c.get('viewer')
    const refused = refuseAdminForm(c)
    if (refused || !viewer) return refused ?? fail(c, 401, API_TEXT.unauthorized)
    return begin(
      c,
      { purpose: 'calendar', returnTo: '/admin/google', userId: viewer.id, loginHint: viewer.email },
      (reason) => `/admin/google?error=${reason}`,
    )
  })

  app.post('/api/admin/google/disconnect', async (c) => {
    const refused = refuseAdminForm(c)
    const viewer = c.get('viewer')
    if (refused || !viewer) return refused ?? fail(c, 401, API_TEXT.unauthorized)
    const deps = c.get('deps')
    const teacher = await defaultTeacher(deps.db.handle)
    if (teacher) await disconnectCalendar(deps, teacher.id, viewer.id)
    return c.redirect('/admin/google?ok=disconnected', 303)
  })
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

function signInPage(reason: SignInRefusal, returnTo: string): string {
  return `/ingresar?${new URLSearchParams({ error: reason, callbackUrl: returnTo })}`
}

/** The address Google was told, with the query it sent: what is compared must not depend on the Host header. */
function callbackUrl(c: AppContext): URL {
  const url = new URL(c.get('deps').config.google.redirectUri)
  url.search = new URL(c.req.url).search
  return url
}

function refuseAdminForm(c: AppContext): Response | null {
  const viewer = c.get('viewer')
  if (!viewer) return fail(c, 401, API_TEXT.unauthorized)
  if (viewer.role !== 'ADMIN') return fail(c, 403, API_TEXT.forbidden)
  return isForeignOrigin(c) ? fail(c, 403, API_TEXT.foreignOrigin) : null
}
