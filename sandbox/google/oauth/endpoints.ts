import { createHash, timingSafeEqual } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { accountBySub } from '../accounts.ts'
import type { GoogleWorld } from '../world.ts'
import { publicJwks, publicPems } from './keys.ts'
import type { AuthorizationCode } from './model.ts'
import { calendarScopes } from './scopes.ts'
import { grantByAssertion, JWT_BEARER } from './service-accounts.ts'
import { issueTokens, liveAccessToken, profileClaims, refresh, revoke, type TokenRefusal, type TokenResponse } from './tokens.ts'

const [EMAIL = '', PROFILE = ''] = calendarScopes('userinfo.email', 'userinfo.profile')

/** Discovery, token, revocation, token information, keys and user information (section 3 of the provider contract). */
export function oauthEndpoints(world: GoogleWorld): Hono {
  const app = new Hono()
  app.get('/.well-known/openid-configuration', (c) => c.json(discovery(world.context.origin)))
  app.get('/oauth2/v3/certs', (c) => c.json(publicJwks(world)))
  app.get('/oauth2/v1/certs', (c) => c.json(publicPems(world)))
  app.post('/token', async (c) => answerToken(c, await handleToken(world, c)))
  app.on(['GET', 'POST'], '/revoke', async (c) => {
    const token = c.req.query('token') ?? (await form(c)).get('token') ?? ''
    if (revoke(world, token)) return c.json({})
    return c.json({ error: 'invalid_token', error_description: 'Token expired or revoked' }, 400)
  })
  app.on(['GET', 'POST'], '/tokeninfo', async (c) => tokenInfo(world, c))
  app.on(['GET', 'POST'], '/v1/userinfo', (c) => userInfo(world, c))
  return app
}

function discovery(origin: string) {
  return {
    issuer: origin,
    authorization_endpoint: `${origin}/o/oauth2/v2/auth`,
    token_endpoint: `${origin}/token`,
    userinfo_endpoint: `${origin}/v1/userinfo`,
    revocation_endpoint: `${origin}/revoke`,
    jwks_uri: `${origin}/oauth2/v3/certs`,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
    scopes_supported: ['openid', 'email', 'profile'],
    token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
    claims_supported: ['aud', 'email', 'email_verified', 'exp', 'family_name', 'given_name', 'iat', 'iss', 'name', 'sub'],
    code_challenge_methods_supported: ['plain', 'S256'],
    grant_types_supported: ['authorization_code', 'refresh_token'],
  }
}

async function handleToken(world: GoogleWorld, c: Context): Promise<TokenResponse | TokenRefusal> {
  const body = await form(c)
  // The signature says who asks.
  if (body.get('grant_type') === JWT_BEARER) return grantByAssertion(world, body.get('assertion') ?? '')
  const refusal = refuseClient(world, c, body)
  if (refusal) return refusal
  const grantType = body.get('grant_type')
  if (grantType === 'authorization_code') return exchangeCode(world, body)
  if (grantType === 'refresh_token') {
    const token = body.get('refresh_token')
    return token ? refresh(world, token, body.get('scope') ?? undefined) : missing('refresh_token')
  }
  if (!grantType) return missing('grant_type')
  return { error: 'unsupported_grant_type', error_description: `Invalid grant_type: ${grantType}` }
}

function exchangeCode(world: GoogleWorld, body: URLSearchParams): TokenResponse | TokenRefusal {
  const value = body.get('code')
  if (!value) return missing('code')
  const code = world.state.oauth.codes[value]
  const account = code && accountBySub(world, code.sub)
  if (!code || !account || code.used || code.expiresAt <= world.context.clock.now().getTime()) return invalidGrant('Bad Request')
  if (body.get('redirect_uri') !== code.redirectUri) return invalidGrant('Bad Request')
  if (!verifierFits(code, body.get('code_verifier'))) return invalidGrant('Invalid code verifier.')
  code.used = true
  return issueTokens(world, account, {
    scopes: code.scopes,
    offline: code.withRefreshToken,
    withRefreshToken: code.withRefreshToken,
    nonce: code.nonce,
  })
}

function verifierFits(code: AuthorizationCode, verifier: string | null): boolean {
  if (code.codeChallenge === null) return verifier === null
  if (verifier === null || !/^[A-Za-z0-9._~-]{43,128}$/.test(verifier)) return false
  const challenge = code.codeChallengeMethod === 'plain' ? verifier : createHash('sha256').update(verifier).digest('base64url')
  return challenge === code.codeChallenge
}

function refuseClient(world: GoogleWorld, c: Context, body: URLSearchParams): TokenRefusal | undefined {
  const basic = /^Basic (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
  const [basicId = '', basicSecret = ''] = basic ? Buffer.from(basic, 'base64').toString().split(':').map(formDecoded) : []
  const id = basic ? basicId : (body.get('client_id') ?? '')
  const secret = basic ? basicSecret : (body.get('client_secret') ?? '')
  if (id !== world.options.clientId) return { error: 'invalid_client', error_description: 'The OAuth client was not found.' }
  if (!sameText(secret, world.options.clientSecret)) return { error: 'invalid_client', error_description: 'Unauthorized' }
  return undefined
}

async function tokenInfo(world: GoogleWorld, c: Context): Promise<Response> {
  const token = c.req.query('access_token') ?? bearer(c) ?? (await form(c)).get('access_token') ?? ''
  const live = liveAccessToken(world, token)
  if (!live) return c.json({ error: 'invalid_token', error_description: 'Invalid Value' }, 400)
  const secondsLeft = Math.floor((live.expiresAt - world.context.clock.now().getTime()) / 1_000)
  return c.json({
    azp: world.options.clientId,
    aud: world.options.clientId,
    sub: live.account.sub,
    scope: live.scopes.join(' '),
    exp: String(Math.floor(live.expiresAt / 1_000)),
    expires_in: String(secondsLeft),
    ...(live.scopes.includes(EMAIL) && { email: live.account.email, email_verified: String(live.account.emailVerified) }),
    access_type: live.offline ? 'offline' : 'online',
  })
}

function userInfo(world: GoogleWorld, c: Context): Response {
  const live = liveAccessToken(world, bearer(c) ?? '')
  if (!live) return c.json({ error: 'invalid_request', error_description: 'Invalid Credentials' }, 401)
  return c.json({
    sub: live.account.sub,
    ...(live.scopes.includes(PROFILE) && profileClaims(live.account)),
    ...(live.scopes.includes(EMAIL) && { email: live.account.email, email_verified: live.account.emailVerified }),
  })
}

function answerToken(c: Context, result: TokenResponse | TokenRefusal): Response {
  c.header('cache-control', 'no-store')
  if (!('error' in result)) return c.json(result)
  return c.json(result, result.error === 'invalid_client' || result.error === 'unauthorized_client' ? 401 : 400)
}

/** Token of the `Authorization: Bearer` header. */
export function bearer(c: Context): string | undefined {
  return /^Bearer (.+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
}

async function form(c: Context): Promise<URLSearchParams> {
  return new URLSearchParams(await c.req.text())
}

function formDecoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text).digest()) as [Buffer, Buffer]
  return timingSafeEqual(left, right)
}

function invalidGrant(description: string): TokenRefusal {
  return { error: 'invalid_grant', error_description: description }
}

function missing(parameter: string): TokenRefusal {
  return { error: 'invalid_request', error_description: `Missing required parameter: ${parameter}` }
}
