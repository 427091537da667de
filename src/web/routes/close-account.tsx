import type { Hono } from 'hono'
import { closeAccount, standingOfAccount } from '../../features/account/close.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { clearSessionCookie } from '../../http/middleware/session.ts'
import { ClosePage } from '../pages/settings/close.tsx'
import { ClosedPage } from '../pages/settings/closed.tsx'
import { CLOSE_PATH } from '../pages/settings/view.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'

const TRIES_PER_10_MINUTES = 20
const CLOSED_PATH = '/cuenta-eliminada'
const STATUS = { unconfirmed: 400, staff: 403, unfinished: 409 } as const

/** Ending one's own account: what it means, the form, and where one arrives afterwards. */
export function mountCloseAccount(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(CLOSE_PATH, (c) => page(c, site, { typed: '', unconfirmed: false }, 200))
  app.post(CLOSE_PATH, (c) => close(c, site))
  app.get(CLOSED_PATH, async (c) => render(c, <ClosedPage chrome={await chromeOf(c, site)} />))
}

async function close(c: AppContext, site: SiteOptions): Promise<Response> {
  const limited = await limitRate(c, CLOSE_PATH, TRIES_PER_10_MINUTES)
  if (limited) return errorPage(c, site, 429)
  const typed = field(await readForm(c), 'email')
  const closed = await closeAccount(c.get('deps'), viewerOf(c).id, typed)
  if (!closed.ok) return page(c, site, { typed: typed.slice(0, 320), unconfirmed: closed.reason === 'unconfirmed' }, STATUS[closed.reason])
  clearSessionCookie(c)
  c.header('Clear-Site-Data', '"cache", "storage"')
  return c.redirect(CLOSED_PATH, 303)
}

async function page(
  c: AppContext,
  site: SiteOptions,
  state: { typed: string; unconfirmed: boolean },
  status: 200 | ErrorStatus,
): Promise<Response> {
  const viewer = viewerOf(c)
  const standing = await standingOfAccount(c.get('deps'), viewer.id)
  return render(c, <ClosePage chrome={await chromeOf(c, site)} email={viewer.email} {...standing} {...state} />, status)
}
