import type { Hono } from 'hono'
import { readUnsubscription, unsubscribe } from '../../features/notice/unsubscribe.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { UnsubscribePage, type UnsubscribeView } from '../pages/unsubscribe/unsubscribe.tsx'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'

const PATH = '/mails/baja'
/** A provider of mail sends those of all its people from few addresses. */
const ENDINGS_PER_10_MINUTES = 120

/**
 * Where a mail leads whoever wants no more of its sort (RFC 8058): POST ends them at once, whoever sends it, since the address is signed; GET
 * only asks, because scanners of mail open every link.
 */
export function mountUnsubscribe(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(PATH, (c) => show(c, site, 'ask'))
  app.post(PATH, async (c) => ((await limitRate(c, PATH, ENDINGS_PER_10_MINUTES)) ? errorPage(c, site, 429) : show(c, site, 'done')))
}

async function show(c: AppContext, site: SiteOptions, step: 'ask' | 'done'): Promise<Response> {
  const deps = c.get('deps')
  const token = c.req.query('t') ?? ''
  const asked = readUnsubscription(deps.config, token)
  if (asked && step === 'done') await unsubscribe(deps, asked)
  const view: UnsubscribeView = {
    step: asked ? step : 'invalid',
    sort: asked?.choice ?? 'dayBefore',
    action: `${PATH}?t=${encodeURIComponent(token)}`,
  }
  return render(c, <UnsubscribePage chrome={await chromeOf(c, site)} {...view} />, asked ? 200 : 404)
}
