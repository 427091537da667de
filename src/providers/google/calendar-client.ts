import { calendar, type calendar_v3 } from '@googleapis/calendar'
import { OAuth2Client } from 'google-auth-library'
import type { ServerMetadata } from 'openid-client'
import type { CalendarAccess } from '../../features/meeting/provider.ts'
import { createCallGate } from './call-gate.ts'
import type { Discovery } from './discovery.ts'

/** A client that holds one grant's access token and renews it. */
export interface GrantClient {
  auth: OAuth2Client
  api: calendar_v3.Calendar
}

export interface ClientPoolOptions {
  clientId: string
  clientSecret: string
  redirectUri: string
  apiUrl: string
  discovery: Discovery
  timeoutMs: number
  callsPerSecondMax: number
  onRefreshToken: (grantId: string, refreshToken: string) => void
}

const CLIENTS_MAX = 100
/** Nobody waits much longer than five seconds for a turn. */
const CALLS_WAITING_SECONDS = 5

/** One long-lived client per grant, so that parallel calls share one access token. The longest unused one makes room. */
export function createClientPool(options: ClientPoolOptions) {
  const clients = new Map<string, { client: GrantClient; refreshToken: string }>()
  const gate = createCallGate(options.callsPerSecondMax, options.callsPerSecondMax * CALLS_WAITING_SECONDS)

  function make(access: CalendarAccess, server: ServerMetadata): GrantClient {
    const requests = {
      timeout: options.timeoutMs,
      // A redirect must never carry a token to another host.
      redirect: 'error' as const,
      fetchImplementation: fetch,
    }
    const auth = new OAuth2Client({
      clientId: options.clientId,
      clientSecret: options.clientSecret,
      redirectUri: options.redirectUri,
      endpoints: tokenEndpoints(server),
      credentials: { refresh_token: access.refreshToken },
      // Renewing a token may be repeated once; calls of the calendar never are.
      transporterOptions: { ...requests, retryConfig: { retry: 1, noResponseRetries: 1 } },
    })
    auth.on('tokens', ({ refresh_token }) => {
      if (refresh_token && refresh_token !== access.refreshToken) options.onRefreshToken(access.grantId, refresh_token)
    })
    const api = calendar({
      version: 'v3',
      auth,
      rootUrl: options.apiUrl,
      ...requests,
      retry: false,
      retryConfig: { retry: 0, noResponseRetries: 0 },
    })
    return { auth, api }
  }

  return {
    async take(access: CalendarAccess): Promise<GrantClient> {
      const server = await options.discovery.metadata()
      // Nothing is awaited from here on: parallel callers must find the same client.
      const known = clients.get(access.grantId)
      const client = known?.refreshToken === access.refreshToken ? known.client : make(access, server)
      clients.delete(access.grantId)
      clients.set(access.grantId, { client, refreshToken: access.refreshToken })
      const [oldest] = clients.keys()
      if (clients.size > CLIENTS_MAX && oldest !== undefined) clients.delete(oldest)
      return client
    },
    /** Waits until this grant may make another call; throws `CallsExhausted` when too many wait already. */
    turn(access: CalendarAccess): Promise<void> {
      return gate.turn(access.grantId)
    },
    forget(grantId: string): void {
      clients.delete(grantId)
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
