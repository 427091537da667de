import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientError,
  Configuration,
  calculatePKCECodeChallenge,
  clockSkew,
  enableNonRepudiationChecks,
  ResponseBodyError,
} from 'openid-client'
import { z } from 'zod'
import type { Config } from '../../config.ts'
import {
  ATTENDANCE_SCOPE,
  CALENDAR_SCOPES,
  type GoogleIdentity,
  type SignInChecks,
  type SignInProvider,
  type SignInPurpose,
} from '../../features/identity/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { createDiscovery } from './discovery.ts'

export type SignInOptions = Omit<Config['google'], 'serviceAccount'> & {
  clock: Clock
  log: Log
  /** Allows an issuer over plain http: the sandbox. */
  insecure: boolean
  /** Per request; 10 s unless told. */
  timeoutMs?: number
}

type SignInFailure = 'denied' | 'invalid' | 'unavailable'

const IDENTITY_SCOPES = ['openid', 'email', 'profile']

const Claims = z.object({
  sub: z.string().min(1).max(255),
  // Google verified it; a stricter pattern would only lock people out.
  email: z
    .string()
    .max(320)
    .regex(/^[^\s@]+@[^\s@]+$/)
    .transform((email) => email.toLowerCase()),
  email_verified: z.union([z.boolean(), z.stringbool()]).default(false),
  name: z.string().trim().min(1).max(200).optional().catch(undefined),
  picture: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .optional()
    .catch(undefined),
})

/** Only sent for a grant that ends by itself: that of an application in testing (google.md 3.3). */
const LifeSeconds = z.number().int().positive().nullish().catch(null)

/** Google sign-in through OpenID Connect: code flow with PKCE, state, nonce and a checked id_token signature (google.md 3). */
export function createSignIn(options: SignInOptions): SignInProvider {
  const { clock, log, insecure, timeoutMs = 10_000 } = options
  const discovery = createDiscovery({ ...options, timeoutMs })

  /** A fresh configuration per operation: it carries how far our clock (which the sandbox may move) is from the machine's. */
  async function configure(): Promise<Configuration> {
    const server = await discovery.metadata()
    const skew = Math.round((clock.now().getTime() - Date.now()) / 1_000)
    const configuration = new Configuration(server, options.clientId, { client_secret: options.clientSecret, [clockSkew]: skew })
    configuration.timeout = timeoutMs / 1_000
    if (insecure) allowInsecureRequests(configuration)
    // The keys are read at each sign-in: kept ones would refuse people for a minute after Google replaces a key.
    enableNonRepudiationChecks(configuration)
    return configuration
  }

  return {
    async authorizationUrl(purpose, checks, loginHint) {
      try {
        const parameters = await authorizationParameters(purpose, checks, options.redirectUri, loginHint)
        return succeed(buildAuthorizationUrl(await configure(), parameters).href)
      } catch (error) {
        log.warn({ operation: 'authorizationUrl', error: describe(error) }, 'Google sign-in is not reachable')
        return refuse('unavailable')
      }
    },

    async exchange(callbackUrl, checks) {
      try {
        const tokens = await authorizationCodeGrant(await configure(), asRegistered(callbackUrl, options.redirectUri), {
          expectedState: checks.state,
          expectedNonce: checks.nonce,
          pkceCodeVerifier: checks.verifier,
          idTokenExpected: true,
        })
        const identity = identityFrom(tokens)
        if (identity) return succeed(identity)
        log.warn({ operation: 'exchange' }, 'Google id_token lacks the claims we need')
        return refuse('invalid')
      } catch (error) {
        const reason = failureOf(error)
        // Never the error itself: it carries tokens and the code.
        if (reason !== 'denied') log.warn({ operation: 'exchange', reason, error: describe(error) }, 'Google sign-in failed')
        return refuse(reason)
      }
    },
  }
}

async function authorizationParameters(purpose: SignInPurpose, checks: SignInChecks, redirectUri: string, loginHint: string | undefined) {
  const login = purpose === 'login'
  return {
    redirect_uri: redirectUri,
    scope: [...IDENTITY_SCOPES, ...(login ? [] : [...CALENDAR_SCOPES, ATTENDANCE_SCOPE])].join(' '),
    state: checks.state,
    nonce: checks.nonce,
    code_challenge: await calculatePKCECodeChallenge(checks.verifier),
    code_challenge_method: 'S256',
    // A refresh token comes only with offline access, and again only with forced consent (google.md 3.2).
    ...(login ? { prompt: 'select_account' } : { access_type: 'offline', prompt: 'consent' }),
    ...(loginHint ? { login_hint: loginHint } : {}),
  }
}

/** Behind a proxy the request's own scheme and host may differ from the registered address, which the code is bound to. */
function asRegistered(callbackUrl: URL, redirectUri: string): URL {
  const url = new URL(redirectUri)
  url.search = callbackUrl.search
  return url
}

function identityFrom(tokens: Awaited<ReturnType<typeof authorizationCodeGrant>>): GoogleIdentity | null {
  const claims = Claims.safeParse(tokens.claims())
  if (!claims.success) return null
  const { sub, email, email_verified, name, picture } = claims.data
  const lifeSeconds = LifeSeconds.parse(tokens.refresh_token_expires_in)
  return {
    subject: sub,
    email,
    emailVerified: email_verified,
    name: name ?? email.slice(0, email.indexOf('@')),
    image: picture ?? null,
    grant: {
      refreshToken: tokens.refresh_token ?? null,
      scopes: tokens.scope?.split(' ').filter((scope) => scope !== '') ?? [],
      ...(lifeSeconds ? { lifeSeconds } : {}),
    },
  }
}

/** Codes of openid-client that say "no usable answer" rather than "the answer is wrong". */
const UNAVAILABLE_CODES = ['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'OAUTH_PARSE_ERROR', 'OAUTH_RESPONSE_IS_NOT_JSON']

function failureOf(error: unknown): SignInFailure {
  if (error instanceof AuthorizationResponseError) {
    if (error.error === 'access_denied') return 'denied'
    return error.error === 'server_error' || error.error === 'temporarily_unavailable' ? 'unavailable' : 'invalid'
  }
  if (error instanceof ResponseBodyError) return isTransient(error.status) ? 'unavailable' : 'invalid'
  if (error instanceof ClientError) {
    if (UNAVAILABLE_CODES.includes(error.code ?? '')) return 'unavailable'
    return isTransient(statusOf(error.cause)) ? 'unavailable' : 'invalid'
  }
  // `fetch` reports every network failure as a TypeError.
  return error instanceof TypeError ? 'unavailable' : 'invalid'
}

/** The answer that openid-client could not use. By its shape, not its class: the HTTP server replaces the global `Response`. */
function statusOf(cause: unknown): number {
  const status = typeof cause === 'object' && cause !== null && 'status' in cause ? cause.status : 0
  return typeof status === 'number' ? status : 0
}

function isTransient(status: number): boolean {
  return status === 429 || status >= 500
}

function describe(error: unknown): string {
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) return `${error.name}: ${error.error}`
  if (error instanceof ClientError) return `${error.name}: ${error.code ?? error.message}`
  return error instanceof Error ? error.constructor.name : 'unknown'
}
