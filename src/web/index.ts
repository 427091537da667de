import type { MiddlewareHandler } from 'hono'
import type { Pages } from '../http/app.ts'
import type { AppEnv } from '../http/context.ts'
import { textIn } from '../kernel/locale.ts'
import * as en from './pages/text.en.ts'
import * as es from './pages/text.es.ts'
import { mountActivities } from './routes/activities.tsx'
import { mountAdmin } from './routes/admin.tsx'
import { mountBilling } from './routes/billing.tsx'
import { mountBooking } from './routes/booking.tsx'
import { mountCalendar } from './routes/calendar.tsx'
import { mountCheckout } from './routes/checkout.tsx'
import { mountClassActivity } from './routes/class-activity.tsx'
import { mountClassRecord } from './routes/class-record.tsx'
import { mountClasses } from './routes/classes.tsx'
import { mountCloseAccount } from './routes/close-account.tsx'
import { mountDevice } from './routes/device.tsx'
import { adminOnly, signedIn, teachersOnly } from './routes/guard.ts'
import { mountHistory } from './routes/history.tsx'
import { mountHome } from './routes/home.tsx'
import { mountInvitation } from './routes/invitation.tsx'
import { mountPass } from './routes/pass.tsx'
import { mountPreferences } from './routes/preferences.ts'
import { mountProgress } from './routes/progress.tsx'
import { mountPublic } from './routes/public.tsx'
import { mountReschedule } from './routes/reschedule.tsx'
import { mountSeats } from './routes/seats.ts'
import { mountSettings } from './routes/settings.tsx'
import { mountSupport } from './routes/support.tsx'
import { mountTeaching } from './routes/teaching.tsx'
import { mountUnsubscribe } from './routes/unsubscribe.tsx'
import { errorPage, type SiteOptions } from './site.tsx'

/** Every page of the product. */
export function createPages(site: SiteOptions): Pages {
  return {
    mount(app, api) {
      app.use(oneHost)
      mountPublic(app, site, api)
      mountDevice(app, site)
      mountPreferences(app, site)
      mountUnsubscribe(app, site)
      mountInvitation(app, site)
      app.use('/inicio', signedIn(site))
      app.use('/inicio/*', signedIn(site))
      app.use('/actividad', signedIn(site))
      app.use('/actividad/*', signedIn(site))
      app.use('/admin', signedIn(site), adminOnly(site))
      app.use('/admin/*', signedIn(site), adminOnly(site))
      app.use('/profe', signedIn(site), teachersOnly(site))
      app.use('/profe/*', signedIn(site), teachersOnly(site))
      mountHome(app, site)
      mountActivities(app, site)
      mountProgress(app, site)
      mountBooking(app, site)
      mountCalendar(app, site)
      mountClasses(app, site)
      mountPass(app, site)
      mountSeats(app, site)
      mountHistory(app, site)
      mountClassRecord(app, site)
      mountBilling(app, site)
      mountReschedule(app, site)
      mountCheckout(app, site)
      mountSettings(app, site)
      mountCloseAccount(app, site)
      mountSupport(app, site)
      mountTeaching(app, site)
      mountClassActivity(app, site)
      mountAdmin(app, site)
    },
    sandboxHub: site.sandbox?.hubHref ?? null,
    error: (c, status, text) => errorPage(c, site, status, text),
    busy: (c) => errorPage(c, site, 503, textIn(c.get('locale'), { es, en }).ERRORS.busy),
  }
}

/**
 * On one's own machine a page opened under another name of it (127.0.0.1 for localhost) moves to the address that sign-in returns to:
 * cookies belong to one name only. Not behind a proxy, where the Host header may be anything.
 */
const oneHost: MiddlewareHandler<AppEnv> = async (c, next) => {
  const { sandbox, baseUrl } = c.get('deps').config
  const url = new URL(c.req.url)
  const isOther = sandbox && c.req.method === 'GET' && url.host !== new URL(baseUrl).host
  return isOther ? c.redirect(`${baseUrl}${url.pathname}${url.search}`, 307) : next()
}
