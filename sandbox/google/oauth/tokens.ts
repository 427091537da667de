import { createHash, randomBytes } from 'node:crypto'
import { accountBySub } from '../accounts.ts'
import type { Account, GoogleWorld, TokenProblem } from '../world.ts'
import { signJwt } from './keys.ts'
import type { AccessToken, RefreshToken } from './model.ts'
import { calendarScopes, isIdentityScope, union } from './scopes.ts'

const ACCESS_TOKEN_SECONDS = 3_599
const REFRESH_TOKENS_PER_ACCOUNT_MAX = 100
const TESTING_LIFETIME_MS = 7 * 86_400_000
const IDLE_MONTHS = 6
const ACCESS_TOKENS_MAX = 5_000

/** Body of a successful answer of the token endpoint. */
export interface TokenResponse {
  access_token: string
  expires_in: number
  scope: string
  token_type: 'Bearer'
  refresh_token?: string
  refresh_token_expires_in?: number
  id_token?: string
}

/** Why the token endpoint refuses; becomes `{ error, error_description, … }`. */
export interface TokenRefusal {
  error: string
  error_description: string
  error_subtype?: string
}

/** Makes an access token and, when told, a refresh token and an id token. Times follow the virtual clock. */
export function issueTokens(
  world: GoogleWorld,
  account: Account,
  input: { scopes: string[]; offline: boolean; withRefreshToken: boolean; nonce?: string | null },
): TokenResponse {
  const now = world.context.clock.now().getTime()
  const accessToken = `ya29.${randomBytes(48).toString('base64url')}`
  pruneAccessTokens(world, now)
  world.state.oauth.accessTokens[accessToken] = {
    sub: account.sub,
    scopes: input.scopes,
    expiresAt: now + ACCESS_TOKEN_SECONDS * 1_000,
    offline: input.offline,
  }
  const response: TokenResponse = {
    access_token: accessToken,
    expires_in: ACCESS_TOKEN_SECONDS,
    scope: input.scopes.join(' '),
    token_type: 'Bearer',
  }
  if (input.withRefreshToken) {
    const refreshToken = issueRefreshToken(world, account.sub, input.scopes, now)
    response.refresh_token = refreshToken.token
    if (refreshToken.expiresAt !== null) response.refresh_token_expires_in = Math.floor((refreshToken.expiresAt - now) / 1_000) - 1
  }
  if (input.scopes.includes('openid')) response.id_token = signIdToken(world, account, input.scopes, accessToken, input.nonce ?? null)
  world.context.changed()
  return response
}

/** A new access token for a refresh token, or the reason why the grant is dead (section 3.4 of the provider contract). */
export function refresh(world: GoogleWorld, token: string, scope: string | undefined): TokenResponse | TokenRefusal {
  const now = world.context.clock.now().getTime()
  const refreshToken = world.state.oauth.refreshTokens.find((candidate) => candidate.token === token)
  const account = refreshToken && accountBySub(world, refreshToken.sub)
  if (!refreshToken || !account) return EXPIRED_OR_REVOKED
  if (account.tokenProblem) return PROBLEMS[account.tokenProblem]
  if (isDead(refreshToken, now)) {
    world.state.oauth.refreshTokens = world.state.oauth.refreshTokens.filter((other) => other !== refreshToken)
    world.context.changed()
    return EXPIRED_OR_REVOKED
  }
  const wanted = scope?.split(' ').filter(Boolean)
  if (wanted?.some((one) => !refreshToken.scopes.includes(one))) return { error: 'invalid_scope', error_description: 'Bad Request' }
  refreshToken.lastUsedAt = now
  return issueTokens(world, account, { scopes: wanted ?? refreshToken.scopes, offline: true, withRefreshToken: false })
}

export interface LiveAccessToken extends AccessToken {
  account: Account
}

/** The access token with its account, or undefined when it is unknown, expired or revoked. */
export function liveAccessToken(world: GoogleWorld, token: string): LiveAccessToken | undefined {
  const accessToken = world.state.oauth.accessTokens[token]
  if (!accessToken || accessToken.expiresAt <= world.context.clock.now().getTime()) return undefined
  const account = accountBySub(world, accessToken.sub)
  return account && account.tokenProblem !== 'disabled' ? { ...accessToken, account } : undefined
}

/** Revoking any token removes everything the account allowed. False when the token is unknown. */
export function revoke(world: GoogleWorld, token: string): boolean {
  const sub =
    world.state.oauth.accessTokens[token]?.sub ?? world.state.oauth.refreshTokens.find((candidate) => candidate.token === token)?.sub
  if (!sub) return false
  revokeAccount(world, sub)
  return true
}

export function revokeAccount(world: GoogleWorld, sub: string): void {
  const { oauth } = world.state
  delete oauth.grants[sub]
  oauth.refreshTokens = oauth.refreshTokens.filter((token) => token.sub !== sub)
  oauth.accessTokens = Object.fromEntries(Object.entries(oauth.accessTokens).filter(([, token]) => token.sub !== sub))
  world.context.changed()
}

/** Makes every access token of the account expire now; refresh tokens stay. */
export function expireAccessTokens(world: GoogleWorld, sub: string): void {
  const now = world.context.clock.now().getTime()
  for (const token of Object.values(world.state.oauth.accessTokens)) if (token.sub === sub) token.expiresAt = now
  world.context.changed()
}

/** Adds the scopes to what the account allowed, without pages, and issues tokens for them. */
export function grantByHand(world: GoogleWorld, account: Account, scopes: string[]): TokenResponse {
  const known = world.state.oauth.grants[account.sub]
  world.state.oauth.grants[account.sub] = { scopes: union(known?.scopes ?? [], scopes), offline: true }
  return issueTokens(world, account, { scopes, offline: true, withRefreshToken: true })
}

const EXPIRED_OR_REVOKED: TokenRefusal = { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }

const PROBLEMS = {
  disabled: { error: 'invalid_grant', error_description: 'Account has been deleted' },
  rapt: { error: 'invalid_grant', error_description: 'reauth related error (invalid_rapt)', error_subtype: 'invalid_rapt' },
  policy: {
    error: 'invalid_grant',
    error_description: 'This app is restricted by the organization administrator.',
    error_subtype: 'admin_policy_enforced',
  },
} as const satisfies Record<TokenProblem, TokenRefusal>

function issueRefreshToken(world: GoogleWorld, sub: string, scopes: string[], now: number): RefreshToken {
  const { oauth, settings } = world.state
  const timeBased = settings.publishingStatus === 'testing' && scopes.some((scope) => !isIdentityScope(scope))
  const refreshToken: RefreshToken = {
    token: `1//0${randomBytes(60).toString('base64url')}`,
    sub,
    scopes,
    issuedAt: now,
    lastUsedAt: now,
    expiresAt: timeBased ? now + TESTING_LIFETIME_MS : null,
  }
  const own = oauth.refreshTokens.filter((token) => token.sub === sub)
  const tooMany = new Set(own.slice(0, Math.max(0, own.length - REFRESH_TOKENS_PER_ACCOUNT_MAX + 1)))
  oauth.refreshTokens = [...oauth.refreshTokens.filter((token) => !tooMany.has(token)), refreshToken]
  return refreshToken
}

function isDead(token: RefreshToken, now: number): boolean {
  const idleSince = Temporal.Instant.fromEpochMilliseconds(token.lastUsedAt).toZonedDateTimeISO('UTC')
  const idleUntil = idleSince.add({ months: IDLE_MONTHS }).epochMilliseconds
  return now >= idleUntil || (token.expiresAt !== null && now >= token.expiresAt)
}

function signIdToken(world: GoogleWorld, account: Account, scopes: string[], accessToken: string, nonce: string | null): string {
  const issuedAt = Math.floor(world.context.clock.now().getTime() / 1_000)
  const [email = '', profile = ''] = calendarScopes('userinfo.email', 'userinfo.profile')
  return signJwt(world, {
    iss: world.context.origin,
    azp: world.options.clientId,
    aud: world.options.clientId,
    sub: account.sub,
    ...(scopes.includes(email) && { email: account.email, email_verified: account.emailVerified }),
    at_hash: createHash('sha256').update(accessToken).digest().subarray(0, 16).toString('base64url'),
    ...(nonce !== null && { nonce }),
    ...(scopes.includes(profile) && profileClaims(account)),
    iat: issuedAt,
    exp: issuedAt + 3_600,
  })
}

/** Claims of the `profile` scope. */
export function profileClaims(account: Account): Record<string, string> {
  const [given = account.name, ...family] = account.name.split(' ')
  return { name: account.name, given_name: given, ...(family.length > 0 && { family_name: family.join(' ') }) }
}

function pruneAccessTokens(world: GoogleWorld, now: number): void {
  const live = Object.entries(world.state.oauth.accessTokens).filter(([, token]) => token.expiresAt > now)
  world.state.oauth.accessTokens = Object.fromEntries(live.slice(-ACCESS_TOKENS_MAX + 1))
}
