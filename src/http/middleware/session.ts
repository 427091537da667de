import type { MiddlewareHandler } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import type { Config } from '../../config.ts'
import { viewerOf } from '../../features/identity/commands.ts'
import { SESSION_MS, SIGN_IN_ATTEMPT_MS } from '../../features/identity/rules.ts'
import type { AppContext, AppEnv } from '../context.ts'
import type { Doors } from '../doors.ts'

/** With https the `__Host-` prefix makes the browser refuse the cookie from anywhere but this host. */
function cookieName(config: Config, name: 'session' | 'sign-in'): string {
  return config.baseUrl.startsWith('https://') ? `__Host-hiy-${name}` : `hiy-${name}`
}

function attributes(config: Config, maxAgeMs: number) {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: config.baseUrl.startsWith('https://'),
    maxAge: Math.floor(maxAgeMs / 1000),
  } as const
}

/** Finds out who is signed in, unless that is known already. Requests without the cookie cost nothing. */
export const session: MiddlewareHandler<AppEnv> = async (c, next) => {
  const isRenewed = c.get('viewer') === null && (await findViewer(c))
  await next()
  // Whatever the endpoint said of its answer: a login goes with it.
  if (isRenewed && !c.res.headers.get('cache-control')?.includes('no-store')) c.header('Cache-Control', 'no-store')
}

/** True when the answer brings the login anew. */
async function findViewer(c: AppContext): Promise<boolean> {
  const deps = c.get('deps')
  const token = getCookie(c, cookieName(deps.config, 'session')) ?? null
  const found = await viewerOf(deps, token)
  c.set('viewer', found?.viewer ?? null)
  c.set('sessionToken', found ? token : null)
  c.set('sessionExpiresAt', found?.expiresAt ?? null)
  // What a person chose wins over the browser they happen to use.
  if (found?.viewer.locale) c.set('locale', found.viewer.locale)
  if (found?.viewer.theme) c.set('theme', found.viewer.theme)
  if (!found?.renewed || !token) return false
  setSessionCookie(c, token)
  return true
}

/** Who is signed in, found out before a body is received: for that alone this request takes a place, and gives it back. False: it is too full. */
export async function sessionFirst(c: AppContext, doors: Doors): Promise<boolean> {
  if (getCookie(c, cookieName(c.get('deps').config, 'session')) === undefined) return true
  const leave = await doors.enter('read')
  if (!leave) return false
  try {
    await findViewer(c)
  } finally {
    leave()
  }
  return true
}

/** A login goes out with this answer: nobody on the way may keep it. */
export function setSessionCookie(c: AppContext, token: string): void {
  const { config } = c.get('deps')
  c.header('Cache-Control', 'no-store')
  setCookie(c, cookieName(config, 'session'), token, attributes(config, SESSION_MS))
}

export function clearSessionCookie(c: AppContext): void {
  const { config } = c.get('deps')
  deleteCookie(c, cookieName(config, 'session'), attributes(config, 0))
}

export function setSignInCookie(c: AppContext, secret: string): void {
  const { config } = c.get('deps')
  setCookie(c, cookieName(config, 'sign-in'), secret, attributes(config, SIGN_IN_ATTEMPT_MS))
}

/** Reads the secret of a begun sign-in and forgets it. */
export function takeSignInCookie(c: AppContext): string | null {
  const { config } = c.get('deps')
  const secret = getCookie(c, cookieName(config, 'sign-in')) ?? null
  deleteCookie(c, cookieName(config, 'sign-in'), attributes(config, 0))
  return secret
}
