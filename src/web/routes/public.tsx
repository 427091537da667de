import type { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { bookingRules, teacherName } from '../../features/academy/queries.ts'
import { slotsToOffer } from '../../features/booking/availability.ts'
import { landingPath, safeReturnPath } from '../../features/identity/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import type { ApiForPeople } from '../../http/openapi.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { parseInstant } from '../../kernel/zoned-time.ts'
import { ApiDocsPage } from '../pages/api-docs.tsx'
import { GuidePage } from '../pages/guide/guide.tsx'
import { LandingPage, type LandingView } from '../pages/landing/landing.tsx'
import type { LegalFacts } from '../pages/legal/facts.ts'
import { PrivacyPage, TermsPage } from '../pages/legal/legal.tsx'
import { type SignInError, SignInPage } from '../pages/sign-in.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { policyOf, pricesOf } from './views.ts'

const OFFERED = { limit: 6, perDayMax: 2 }
/** To find nothing, the whole timetable is read, and anybody may ask for it as often as they like. */
const BOOKED_OUT_MS = 10_000
const BOOKING_PATHS = ['/inicio/reservas', '/inicio/pre-compra']

const SIGN_IN_ERROR: Record<string, SignInError> = {
  denied: 'denied',
  'unverified-email': 'unverified-email',
  expired: 'expired',
  invalid: 'expired',
  'email-taken': 'email-taken',
  unavailable: 'failed',
}

/** What anybody may see. */
export function mountPublic(app: Hono<AppEnv>, site: SiteOptions, api: () => ApiForPeople): void {
  const offered = bookedOutRemembered()
  app.get('/', (c) => showLanding(c, site, offered))
  app.get('/guia', (c) => showGuide(c, site))
  app.get('/tos', async (c) => render(c, <TermsPage chrome={await chromeOf(c, site)} {...(await legalFacts(c))} />))
  app.get('/privacidad', async (c) => render(c, <PrivacyPage chrome={await chromeOf(c, site)} {...(await legalFacts(c))} />))
  app.get('/ingresar', (c) => showSignIn(c, site))
  app.get('/api/docs', async (c) => render(c, <ApiDocsPage chrome={await chromeOf(c, site)} version="1" {...api()} />))
}

type Offer = Awaited<ReturnType<typeof slotsToOffer>>

/** What is offered, read anew each time; only that there is nothing is remembered for a moment. */
function bookedOutRemembered(): (deps: Deps) => Promise<Offer> {
  let nothing: { offer: Offer; readAt: number } | null = null
  return async (deps) => {
    const now = deps.clock.now().getTime()
    if (nothing && now >= nothing.readAt && now < nothing.readAt + BOOKED_OUT_MS) return nothing.offer
    const offer = await slotsToOffer(deps, OFFERED)
    nothing = offer.slots?.length === 0 ? { offer, readAt: now } : null
    return offer
  }
}

async function showLanding(c: AppContext, site: SiteOptions, offered: (deps: Deps) => Promise<Offer>): Promise<Response> {
  if (c.get('viewer')) return c.redirect('/inicio')
  const { config } = c.get('deps')
  const { teacher, contact } = config.academy
  const { freeSlots, name, slotMinutes } = await offerOf(c, offered)
  return render(
    c,
    <LandingPage
      chrome={await chromeOf(c, site)}
      freeSlots={freeSlots}
      prices={pricesOf(config)}
      policy={policyOf(config, slotMinutes)}
      teacher={{ name, academy: config.academy.name, presentation: teacher.presentation, photo: site.teacherPhoto ?? null, contact }}
    />,
  )
}

/** What the data says. A shop window that cannot read them still tells what is sold, and for how much. */
async function offerOf(
  c: AppContext,
  offered: (deps: Deps) => Promise<Offer>,
): Promise<{ freeSlots: LandingView['freeSlots']; name: string | null; slotMinutes: number }> {
  const deps = c.get('deps')
  try {
    const [{ slots, slotMinutes }, name] = await Promise.all([offered(deps), teacherName(deps)])
    return { freeSlots: slots?.map((slot) => ({ start: slot.startsAt })) ?? null, name, slotMinutes }
  } catch (error) {
    deps.log.error({ path: c.req.path, ...describeFailure(error) }, 'the landing page is shown without its data')
    return { freeSlots: null, name: deps.config.academy.teacher.name, slotMinutes: 60 }
  }
}

async function showGuide(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const { slotMinutes } = await bookingRules(deps)
  const { individual } = deps.config.pricing
  return render(c, <GuidePage chrome={await chromeOf(c, site)} policy={policyOf(deps.config, slotMinutes)} individual={individual} />)
}

async function legalFacts(c: AppContext): Promise<LegalFacts> {
  const deps = c.get('deps')
  const { academy, baseUrl } = deps.config
  return { academy, baseUrl, policy: policyOf(deps.config, (await bookingRules(deps)).slotMinutes) }
}

async function showSignIn(c: AppContext, site: SiteOptions): Promise<Response> {
  const callbackUrl = safeReturnPath(c.req.query('callbackUrl'))
  const viewer = c.get('viewer')
  if (viewer) return c.redirect(landingPath(callbackUrl, viewer.role === 'ADMIN'))
  const error = SIGN_IN_ERROR[c.req.query('error') ?? ''] ?? null
  return render(c, <SignInPage chrome={await chromeOf(c, site)} callbackUrl={callbackUrl} chosen={chosenIn(callbackUrl)} error={error} />)
}

/** The slot that somebody chose before signing in. */
function chosenIn(callbackUrl: string): Date | null {
  const url = new URL(callbackUrl, 'http://inside.invalid')
  return BOOKING_PATHS.includes(url.pathname) ? parseInstant(url.searchParams.get('start') ?? '') : null
}
