import type { MiddlewareHandler } from 'hono'
import type { Viewer } from '../../features/identity/store.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isForeignOrigin } from '../../http/middleware/origin.ts'
import { errorPage, type SiteOptions } from '../site.tsx'
import { FORBIDDEN } from '../text.es.ts'

/** Pages of signed-in people: nobody else gets past, and no data is read for them (behaviour 4.19). */
export function signedIn(site: SiteOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!c.get('viewer')) {
      const url = new URL(c.req.url)
      const wanted = c.req.method === 'GET' ? url.pathname + url.search : '/inicio'
      return c.redirect(`/ingresar?${new URLSearchParams({ callbackUrl: wanted })}`, c.req.method === 'GET' ? 302 : 303)
    }
    if (c.req.method !== 'GET' && isForeignOrigin(c)) return errorPage(c, site, 403, 'Origen no permitido')
    await next()
  }
}

/** Pages of the admin: Spanish only. */
export function adminOnly(site: SiteOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.get('viewer')?.role !== 'ADMIN') return errorPage(c, site, 403, FORBIDDEN)
    c.set('locale', 'es')
    await next()
  }
}

/** The viewer of a page behind `signedIn`. */
export function viewerOf(c: AppContext): Viewer {
  const viewer = c.get('viewer')
  if (!viewer) throw new Error('This page must be mounted behind signedIn')
  return viewer
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a part of an address can be the id of anything: the database takes nothing else. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
