import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { createFaults, type FaultError } from '../kernel/faults.ts'
import type { PartContext, SandboxPart } from '../kernel/parts.ts'
import { ensureAccount } from './accounts.ts'
import { deliverDue, dropExpiredChannels } from './calendar/channels.ts'
import { settleConference } from './calendar/conference.ts'
import { faultError, GoogleApiError } from './calendar/errors.ts'
import { CALENDAR_ROUTES, calendarApi } from './calendar/routes.ts'
import { saveEvent } from './calendar/store.ts'
import { googleControl } from './control/index.ts'
import { freshState } from './fresh-state.ts'
import { MEET_ROUTES, meetApi } from './meet/routes.ts'
import { authorizationPages } from './oauth/authorize.ts'
import { oauthEndpoints } from './oauth/endpoints.ts'
import { canonicalScope } from './oauth/scopes.ts'
import { grantByHand, type TokenResponse } from './oauth/tokens.ts'
import { googlePages } from './pages.ts'
import type { GoogleOptions, GoogleState, GoogleWorld } from './world.ts'

export type { GoogleOptions } from './world.ts'

export interface GoogleSandbox extends SandboxPart {
  accounts(): { email: string; name: string; sub: string; role: 'admin' | 'student' }[]
  /** Grants scopes without pages, as if the account had consented; unknown scopes throw. */
  grant(input: { email: string; scopes: string[] }): TokenResponse & { sub: string; email: string }
}

const BODY_BYTES_MAX = 1_048_576

const OAUTH_ROUTES = {
  'oauth.discovery': { method: 'GET', path: '/.well-known/openid-configuration' },
  'oauth.authorize': { method: 'GET', path: '/o/oauth2/v2/auth' },
  'oauth.token': { method: 'POST', path: '/token' },
  'oauth.revoke': { method: 'POST', path: '/revoke' },
  'oauth.certs': { method: 'GET', path: '/oauth2/v3/certs' },
  'oauth.userinfo': { method: 'GET', path: '/v1/userinfo' },
}

/** Google as the application meets it: sign-in, consent, tokens, Calendar v3 and the pages behind its links. */
export function createGoogleSandbox(context: PartContext, options: GoogleOptions): GoogleSandbox {
  const faults = createFaults({ routes: { ...OAUTH_ROUTES, ...CALENDAR_ROUTES, ...MEET_ROUTES }, errorResponse })
  const world: GoogleWorld = { context, options, faults, state: freshState(options) }

  const app = new Hono()
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX }))
  app.use(context.log.record('google'))
  app.use(faults.middleware('google'))
  app.route('/', oauthEndpoints(world))
  app.route('/', authorizationPages(world))
  app.route('/', googlePages(world))
  app.route('/', calendarApi(world))
  app.route('/', meetApi(world))
  app.onError((error) => {
    if (error instanceof GoogleApiError) return error.toResponse()
    if (error instanceof HTTPException) return error.getResponse()
    process.emitWarning(error)
    return faultError(500, undefined, undefined).toResponse()
  })

  function reset(): void {
    world.state = freshState(options, world.state.keys)
    faults.clear()
    context.changed()
  }

  return {
    app,
    control: googleControl(world, reset),
    accounts: () => world.state.accounts.map(({ email, name, sub, role }) => ({ email, name, sub, role })),
    grant({ email, scopes }) {
      const canonical = scopes.map((scope) => {
        const known = canonicalScope(scope)
        if (!known) throw new Error(`Unknown scope: ${scope}`)
        return known
      })
      const account = ensureAccount(world, { email })
      return { ...grantByHand(world, account, canonical), sub: account.sub, email: account.email }
    },
    snapshot: () => structuredClone(world.state),
    restore(state) {
      const known = freshState(options)
      const stored = state as Partial<GoogleState>
      if (!Array.isArray(stored?.accounts) || !stored.oauth || !stored.calendars)
        throw new Error('This is not a state of the Google sandbox.')
      const settings = { ...known.settings, ...stored.settings, ...(options.allowLoopbackWebhooks && { allowLoopbackWebhooks: true }) }
      world.state = { ...known, ...stored, settings }
    },
    reset,
    async tick() {
      settleDueConferences(world)
      dropExpiredChannels(world)
      await deliverDue(world)
    },
    close: async () => undefined,
  }
}

function settleDueConferences(world: GoogleWorld): void {
  for (const calendar of Object.values(world.state.calendars)) {
    for (const event of Object.values(calendar.events)) {
      if (event.conference && settleConference(world, event.conference, false)) saveEvent(world, calendar, event)
    }
  }
}

function errorResponse({ status, reason, message, path }: FaultError): Response {
  if (path.startsWith('/calendar/') || path.startsWith('/v2/')) return faultError(status, reason, message).toResponse()
  const error = reason ?? (status >= 500 ? 'internal_failure' : 'invalid_request')
  return Response.json(
    { error, error_description: message ?? (error === 'invalid_grant' ? 'Token has been expired or revoked.' : 'Sandbox fault') },
    { status },
  )
}
