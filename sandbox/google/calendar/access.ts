import type { Context } from 'hono'
import { bearer } from '../oauth/endpoints.ts'
import { calendarScopes } from '../oauth/scopes.ts'
import { liveAccessToken } from '../oauth/tokens.ts'
import type { GoogleWorld } from '../world.ts'
import { GoogleApiError, insufficientScopes, invalidApiKey, invalidCredentials, loginRequired } from './errors.ts'
import type { Caller } from './model.ts'

const API_KEY = 'local-sandbox-api-key'

const WRITE_EVENTS = calendarScopes('calendar', 'calendar.app.created', 'calendar.events', 'calendar.events.owned')

/** Scopes that each call accepts (section 2.8 of the provider contract). */
export const ACCEPTED_SCOPES = {
  writeEvents: WRITE_EVENTS,
  readEvents: [
    ...WRITE_EVENTS,
    ...calendarScopes(
      'calendar.readonly',
      'calendar.events.readonly',
      'calendar.events.owned.readonly',
      'calendar.events.freebusy',
      'calendar.events.public.readonly',
    ),
  ],
  freeBusy: calendarScopes('calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'),
  readCalendar: calendarScopes(
    'calendar',
    'calendar.readonly',
    'calendar.calendars',
    'calendar.calendars.readonly',
    'calendar.app.created',
  ),
  readCalendarList: calendarScopes('calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'),
} as const satisfies Record<string, string[]>

/** The caller of a read that an API key may also make. Without any identity: 403. */
export function authorizeRead(world: GoogleWorld, c: Context, accepted: readonly string[]): Caller {
  const key = c.req.query('key')
  if (bearer(c) !== undefined || c.req.query('access_token') !== undefined) return authorize(world, c, accepted)
  if (key === API_KEY) return { kind: 'public' }
  if (key !== undefined) throw invalidApiKey()
  throw new GoogleApiError(
    403,
    'forbidden',
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
    { frontEndStatus: 'PERMISSION_DENIED' },
  )
}

/** The account behind the access token. Unknown, expired or revoked token: 401 authError; scope missing: 403 insufficientPermissions. */
export function authorize(world: GoogleWorld, c: Context, accepted: readonly string[]): Caller & { kind: 'account' } {
  const token = bearer(c) ?? c.req.query('access_token')
  if (token === undefined) throw loginRequired()
  const live = liveAccessToken(world, token)
  if (!live) throw invalidCredentials()
  if (!live.scopes.some((scope) => accepted.includes(scope))) throw insufficientScopes()
  return { kind: 'account', sub: live.account.sub, email: live.account.email }
}
