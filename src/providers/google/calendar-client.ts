import { calendar, type calendar_v3 } from '@googleapis/calendar'
import { OAuth2Client } from 'google-auth-library'
import type { ServerMetadata } from 'openid-client'
import { CALENDAR_SCOPES } from '../../features/identity/provider.ts'
import {
  type AccessToken,
  type AccessTokens,
  type CalendarAccess,
  type CallTurns,
  RENEWAL_MS_MAX,
} from '../../features/meeting/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import { plus } from '../../kernel/clock.ts'
import { CallsExhausted, createCallGate } from './call-gate.ts'
import type { Discovery } from './discovery.ts'
import { type ServiceAccount, tokenByDelegation } from './service-account.ts'

/** A client for the calls of one grant, with an access token that was good a moment ago. */
export interface GrantClient {
  api: calendar_v3.Calendar
  /** For calls that the calendar's own client does not know. */
  accessToken: string
}

export interface ClientPoolOptions {
  clientId: string
  clientSecret: string
  redirectUri: string
  apiUrl: string
  discovery: Discovery
  clock: Clock
  tokens: AccessTokens
  /** Acts for teachers by delegation; null: every teacher gave a grant. */
  serviceAccount: ServiceAccount | null
  timeoutMs: number
  callsPerSecondMax: number
  /** Where calls take turns with those of other processes; null: this one is alone. */
  turns: CallTurns | null
  onRefreshToken: (grantId: string, refreshToken: string) => void
}

/** Another process has been renewing the access token for longer than anybody waits. */
export class RenewalBusy extends Error {
  constructor() {
    super('Another process is renewing the access token')
    this.name = 'RenewalBusy'
  }
}

/** There is no access token to call with: nothing was asked of the calendar. `cause` may carry the refresh token and is never logged. */
export class WithoutAccessToken extends Error {
  constructor(cause: unknown) {
    super('No access token', { cause })
    this.name = 'WithoutAccessToken'
  }
}

interface Grant {
  refreshToken: string
  /** Renews access tokens, and nothing else: calls are made with the token that all processes share. */
  renewer: OAuth2Client
  tokenUrl: string
  current: (AccessToken & GrantClient) | null
  /** Everybody of this process who needs a token waits for the same one. */
  arriving: Promise<AccessToken & GrantClient> | null
}

const GRANTS_MAX = 100
/** Nobody waits much longer than five seconds for a turn. */
const CALLS_WAITING_SECONDS = 5
const LOOK_EVERY_MS = 200
const LOOKS_MAX = 45
const SPARE_MS = 60_000
/** Renewing is tried twice, half a second apart, and over before anybody takes the lease for abandoned. */
const RENEWAL_TRY_MS = (RENEWAL_MS_MAX - 500) / 2

/** One client per grant, so that parallel calls share one access token. The longest unused one makes room. */
export function createClientPool(options: ClientPoolOptions) {
  const { clock, tokens } = options
  const grants = new Map<string, Grant>()
  const gate = createCallGate(options.callsPerSecondMax, options.callsPerSecondMax * CALLS_WAITING_SECONDS)
  const requests = {
    timeout: options.timeoutMs,
    // A redirect must never carry a token to another host.
    redirect: 'error' as const,
    fetchImplementation: fetch,
  }

  const tryMs = Math.min(options.timeoutMs, RENEWAL_TRY_MS)

  function renewerOf(access: CalendarAccess, server: ServerMetadata): OAuth2Client {
    const renewer = new OAuth2Client({
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      redirectUri: options.redirectUri,
      endpoints: tokenEndpoints(server),
      credentials: { refresh_token: access.refreshToken },
      // Renewing a token may be repeated once; calls of the calendar never are.
      transporterOptions: { ...requests, timeout: tryMs, retryConfig: { retry: 1, noResponseRetries: 1 } },
    })
    renewer.on('tokens', ({ refresh_token }) => {
      if (refresh_token && refresh_token !== access.refreshToken) options.onRefreshToken(access.grantId, refresh_token)
    })
    return renewer
  }

  function clientWith({ token, expiresAt }: AccessToken): AccessToken & GrantClient {
    // Without a refresh token of its own it never renews anything by itself.
    const auth = new OAuth2Client({ credentials: { access_token: token } })
    const api = calendar({
      version: 'v3',
      auth,
      rootUrl: options.apiUrl,
      ...requests,
      retry: false,
      retryConfig: { retry: 0, noResponseRetries: 0 },
    })
    return { api, accessToken: token, token, expiresAt }
  }

  async function grantOf(access: CalendarAccess): Promise<Grant> {
    const server = await options.discovery.metadata()
    // Nothing is awaited from here on: parallel callers must find the same grant.
    const known = grants.get(access.grantId)
    const grant =
      known?.refreshToken === access.refreshToken
        ? known
        : {
            refreshToken: access.refreshToken,
            renewer: renewerOf(access, server),
            tokenUrl: tokenEndpoints(server).oauth2TokenUrl,
            current: null,
            arriving: null,
          }
    grants.delete(access.grantId)
    grants.set(access.grantId, grant)
    const [oldest] = grants.keys()
    if (grants.size > GRANTS_MAX && oldest !== undefined) grants.delete(oldest)
    return grant
  }

  /** The token that all share, or the one that we renew, or the one that somebody else renews meanwhile. */
  async function arrive(access: CalendarAccess, grant: Grant, stale: string | null): Promise<AccessToken & GrantClient> {
    for (let look = 0; look < LOOKS_MAX; look++) {
      const turn = await tokens.take(access.grantId, stale)
      if (turn.state === 'good') return clientWith(turn)
      if (turn.state === 'renew') return clientWith(await renew(access, grant, turn.lease))
      await new Promise<void>((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    throw new RenewalBusy()
  }

  async function renew({ grantId, actsFor }: CalendarAccess, { renewer, tokenUrl }: Grant, lease: string): Promise<AccessToken> {
    try {
      if (actsFor !== undefined) {
        const delegated = await delegatedToken(actsFor, tokenUrl)
        await tokens.put(grantId, lease, delegated)
        return delegated
      }
      const { credentials } = await renewer.refreshAccessToken()
      if (!credentials.access_token) throw new Error('The token endpoint sent no access token')
      // The library counts on the machine's clock; ours may be another.
      const lifeMs = Math.max(0, (credentials.expiry_date ?? Date.now()) - Date.now())
      const renewed = { token: credentials.access_token, expiresAt: plus(clock.now(), lifeMs) }
      await tokens.put(grantId, lease, renewed)
      return renewed
    } catch (error) {
      await tokens.release(grantId, lease)
      throw error
    }
  }

  async function currentOf(access: CalendarAccess, stale: string | null): Promise<GrantClient> {
    const grant = await grantOf(access)
    const { current } = grant
    if (current && current.token !== stale && current.expiresAt > plus(clock.now(), SPARE_MS)) return current
    grant.arriving ??= arrive(access, grant, stale).finally(() => {
      grant.arriving = null
    })
    grant.current = await grant.arriving
    return grant.current
  }

  function delegatedToken(subject: string, tokenUrl: string): Promise<AccessToken> {
    const { serviceAccount: account } = options
    if (!account) throw new Error('No service account is configured')
    return tokenByDelegation({ account, subject, scopes: CALENDAR_SCOPES, tokenUrl, clock, timeoutMs: tryMs })
  }

  return {
    /** `stale`: an access token that Google has just refused. Throws `WithoutAccessToken`. */
    async take(access: CalendarAccess, stale: string | null = null): Promise<GrantClient> {
      try {
        return await currentOf(access, stale)
      } catch (error) {
        throw new WithoutAccessToken(error)
      }
    },
    /** Waits until this grant may make another call; throws `CallsExhausted` when too many wait already. */
    async turn({ grantId }: CalendarAccess): Promise<void> {
      if (!options.turns) return gate.turn(grantId)
      const waitMs = await options.turns.take(grantId)
      if (waitMs === null) throw new CallsExhausted()
      if (waitMs > 0) await new Promise<void>((resolve) => setTimeout(resolve, waitMs))
    },
    async revoke(access: CalendarAccess): Promise<void> {
      // What a service account may do is the administrator's to take back.
      if (access.actsFor !== undefined) return
      const { renewer } = await grantOf(access)
      await renewer.revokeToken(access.refreshToken)
      grants.delete(access.grantId)
    },
  }
}

/** The library's own defaults are Google's: a token of another issuer must never go there. */
function tokenEndpoints(server: ServerMetadata) {
  if (!server.token_endpoint) throw new Error('The issuer names no token endpoint')
  return {
    oauth2TokenUrl: server.token_endpoint,
    oauth2RevokeUrl: server.revocation_endpoint ?? new URL('revoke', server.token_endpoint).href,
  }
}
