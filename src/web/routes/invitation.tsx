import type { Hono } from 'hono'
import { INVITATION_PATH, invitedBy } from '../../features/academy/invitation.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { InvitationPage } from '../pages/invitation/invitation.tsx'
import { chromeOf, errorPage, render, type SiteOptions } from '../site.tsx'

const LOOKS_PER_10_MINUTES = 120

/** Where the invitation of a teacher leads, before and after Google (decision 025). */
export function mountInvitation(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(INVITATION_PATH, async (c) =>
    (await limitRate(c, INVITATION_PATH, LOOKS_PER_10_MINUTES)) ? errorPage(c, site, 429) : show(c, site),
  )
}

async function show(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const token = c.req.query('invitacion') ?? ''
  const invited = await invitedBy(deps, token)
  // The address is a key for as long as it lasts: nobody keeps it, and it goes nowhere.
  c.header('Cache-Control', 'no-store')
  c.header('Referrer-Policy', 'no-referrer')
  return render(
    c,
    <InvitationPage
      chrome={await chromeOf(c, site)}
      invited={invited && { name: invited.displayName, email: invited.email, token }}
      academy={deps.config.academy.name}
      done={c.req.query('ok') === 'connected'}
      error={c.req.query('error')?.slice(0, 50) ?? null}
    />,
    invited ? 200 : 404,
  )
}
