import type { Hono } from 'hono'
import { bookingRules } from '../../features/academy/queries.ts'
import { nextFree } from '../../features/booking/availability.ts'
import { landingPath, safeReturnPath } from '../../features/identity/rules.ts'
import type { AppEnv } from '../../http/context.ts'
import type { Operation } from '../../http/openapi.ts'
import { ApiDocsPage } from '../pages/api-docs.tsx'
import { LandingPage } from '../pages/landing.tsx'
import { type SignInError, SignInPage } from '../pages/sign-in.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { pricesOf } from './views.ts'

const FREE_SLOTS_SHOWN = 3

const SIGN_IN_ERROR: Record<string, SignInError> = {
  denied: 'denied',
  'unverified-email': 'unverified-email',
  expired: 'expired',
  invalid: 'expired',
  'email-taken': 'email-taken',
  unavailable: 'failed',
}

/** What anybody may see. */
export function mountPublic(app: Hono<AppEnv>, site: SiteOptions, operations: readonly Operation[]): void {
  app.get('/', async (c) => {
    if (c.get('viewer')) return c.redirect('/inicio')
    const deps = c.get('deps')
    const [free, { slotMinutes }] = await Promise.all([nextFree(deps, FREE_SLOTS_SHOWN), bookingRules(deps)])
    return render(
      c,
      <LandingPage
        chrome={await chromeOf(c, site)}
        freeSlots={free.map((slot) => ({ start: slot.startsAt, end: slot.endsAt }))}
        prices={pricesOf(deps.config)}
        slotMinutes={slotMinutes}
      />,
    )
  })

  app.get('/ingresar', async (c) => {
    const callbackUrl = safeReturnPath(c.req.query('callbackUrl'))
    const viewer = c.get('viewer')
    if (viewer) return c.redirect(landingPath(callbackUrl, viewer.role === 'ADMIN'))
    const error = SIGN_IN_ERROR[c.req.query('error') ?? ''] ?? null
    return render(c, <SignInPage chrome={await chromeOf(c, site)} callbackUrl={callbackUrl} error={error} />)
  })

  app.get('/api/docs', async (c) => render(c, <ApiDocsPage chrome={await chromeOf(c, site)} version="1" operations={operations} />))
}
