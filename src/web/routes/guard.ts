import type { MiddlewareHandler } from 'hono'
import { isStaff } from '../../features/identity/rules.ts'
import type { Viewer } from '../../features/identity/store.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isForeignOrigin } from '../../http/middleware/origin.ts'
import { textIn } from '../../kernel/locale.ts'
import * as en from '../pages/text.en.ts'
import * as es from '../pages/text.es.ts'
import { errorPage, type SiteOptions } from '../site.tsx'

/** Pages of signed-in people: nobody else gets past, and no data is read for them (behaviour 4.19). */
export function signedIn(site: SiteOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (!c.get('viewer')) {
      const url = new URL(c.req.url)
      const wanted = c.req.method === 'GET' ? url.pathname + url.search : '/inicio'
      return c.redirect(`/ingresar?${new URLSearchParams({ callbackUrl: wanted })}`, c.req.method === 'GET' ? 302 : 303)
    }
    if (c.req.method !== 'GET' && isForeignOrigin(c)) return errorPage(c, site, 403, foreignOriginText(c))
    await next()
  }
}

/** Pages of the admin: Spanish only. */
export function adminOnly(site: SiteOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (c.get('viewer')?.role !== 'ADMIN') return errorPage(c, site, 403)
    c.set('locale', 'es')
    await next()
  }
}

/** Pages of whoever gives classes: Spanish only, as those of the admin. */
export function teachersOnly(site: SiteOptions): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const viewer = c.get('viewer')
    if (!viewer || !isStaff(viewer)) return errorPage(c, site, 403)
    c.set('locale', 'es')
    await next()
  }
}

/** What a form that another site sent is told. */
export function foreignOriginText(c: AppContext): string {
  return textIn(c.get('locale'), { es, en }).ERRORS.foreignOrigin
}

/** The viewer of a page behind `signedIn`. */
export function viewerOf(c: AppContext): Viewer {
  const viewer = c.get('viewer')
  if (!viewer) throw new Error('This page must be mounted behind signedIn')
  return viewer
}
