import type { Pages } from '../http/app.ts'
import { mountAdmin } from './routes/admin.tsx'
import { mountBooking } from './routes/booking.tsx'
import { mountCheckout } from './routes/checkout.tsx'
import { mountClasses } from './routes/classes.tsx'
import { adminOnly, signedIn } from './routes/guard.ts'
import { mountPublic } from './routes/public.tsx'
import { errorPage, type SiteOptions } from './site.tsx'

/** Every page of the product. */
export function createPages(site: SiteOptions): Pages {
  return {
    mount(app, operations) {
      mountPublic(app, site, operations)
      app.use('/inicio', signedIn(site))
      app.use('/inicio/*', signedIn(site))
      app.use('/admin', signedIn(site), adminOnly(site))
      app.use('/admin/*', signedIn(site), adminOnly(site))
      mountBooking(app, site)
      mountClasses(app, site)
      mountCheckout(app, site)
      mountAdmin(app, site)
    },
    sandboxHub: site.sandbox?.hubHref ?? null,
    error: (c, status, text) => errorPage(c, site, status, text),
  }
}
