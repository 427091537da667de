import { randomBytes } from 'node:crypto'
import { type Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { refuseForeignOrigin } from '../../kernel/guard.ts'
import { accountByEmail, accountBySub, ensureAccount, isEmail } from '../accounts.ts'
import type { Account, GoogleWorld } from '../world.ts'
import { openRequest, waitingRequest } from './authorization-request.ts'
import type { AuthorizationRequest } from './model.ts'
import { chooserPage, consentPage, errorPage } from './pages.ts'
import { isIdentityScope, union } from './scopes.ts'

const CODE_LIFETIME_MS = 600_000
const CODES_MAX = 1_000
const SIGNED_IN = 'sandbox_google_account'

/** The authorization page: choose an account, consent, go back with a code (section 3.2 of the provider contract). */
export function authorizationPages(world: GoogleWorld): Hono {
  const app = new Hono()
  app.get('/o/oauth2/v2/auth', (c) => startAuthorization(world, c))
  app.use('/signin/*', refuseForeignOrigin)
  app.post('/signin/account', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const request = waitingRequest(world, form.get('request') ?? '')
    if (!request) return tooLate(c)
    if (!isEmail(form.get('email')?.trim() ?? '')) return c.html(chooserPage(request, world.state.accounts), 400)
    const account = ensureAccount(world, {
      email: form.get('email') ?? '',
      name: form.get('name') ?? undefined,
      emailVerified: form.get('unverified') !== '1',
    })
    return continueAs(world, c, request, account)
  })
  app.get('/signin/consent', (c) => {
    const request = waitingRequest(world, c.req.query('request') ?? '')
    const account = request?.sub ? accountBySub(world, request.sub) : undefined
    return request && account ? c.html(consentPage(request, account)) : tooLate(c)
  })
  app.post('/signin/consent', async (c) => {
    const form = new URLSearchParams(await c.req.text())
    const request = waitingRequest(world, form.get('request') ?? '')
    const account = request?.sub ? accountBySub(world, request.sub) : undefined
    if (!request || !account) return tooLate(c)
    if (form.get('decision') !== 'allow') return goBack(world, c, request, { error: 'access_denied' })
    const ticked = form.getAll('scope')
    const allowed = request.scopes.filter((scope) => isIdentityScope(scope) || ticked.includes(scope))
    return allow(world, c, request, account, allowed)
  })
  return app
}

function startAuthorization(world: GoogleWorld, c: Context): Response | Promise<Response> {
  const opened = openRequest(world, new URL(c.req.url).searchParams)
  if (!('request' in opened)) return c.html(errorPage(opened.status, opened.code, opened.explanation), opened.status)
  const { request, prompts } = opened
  const automatic = world.state.settings.autoApprove
  if (automatic) return allow(world, c, request, ensureAccount(world, { email: automatic }), request.scopes)
  const hinted = request.loginHint ? (accountByEmail(world, request.loginHint) ?? accountBySub(world, request.loginHint)) : undefined
  if (prompts.includes('none')) {
    const account = hinted ?? accountBySub(world, getCookie(c, SIGNED_IN) ?? '')
    if (!account) return goBack(world, c, request, { error: 'login_required' })
    if (needsConsent(world, request, account)) return goBack(world, c, request, { error: 'consent_required' })
    return allow(world, c, request, account, request.scopes)
  }
  if (hinted && !prompts.includes('select_account')) return continueAs(world, c, request, hinted)
  return c.html(chooserPage(request, world.state.accounts))
}

function continueAs(world: GoogleWorld, c: Context, request: AuthorizationRequest, account: Account): Response | Promise<Response> {
  if (account.tokenProblem === 'disabled') return c.html(errorPage(403, 'account_disabled', 'Esta cuenta está inhabilitada.'), 403)
  setCookie(c, SIGNED_IN, account.sub, { httpOnly: true, sameSite: 'Lax', path: '/' })
  if (!needsConsent(world, request, account)) return allow(world, c, request, account, request.scopes)
  request.sub = account.sub
  world.context.changed()
  return c.redirect(`/signin/consent?request=${request.id}`, 303)
}

/** Asked again only for something new: another scope, offline access for the first time, or because the application forces it. */
function needsConsent(world: GoogleWorld, request: AuthorizationRequest, account: Account): boolean {
  const grant = world.state.oauth.grants[account.sub]
  if (!grant || request.forceConsent || (request.offline && !grant.offline)) return true
  return request.scopes.some((scope) => !grant.scopes.includes(scope))
}

function allow(world: GoogleWorld, c: Context, request: AuthorizationRequest, account: Account, allowed: string[]): Response {
  const { oauth } = world.state
  const before = oauth.grants[account.sub]
  oauth.grants[account.sub] = { scopes: union(before?.scopes ?? [], allowed), offline: (before?.offline ?? false) || request.offline }
  const scopes = request.includeGranted ? union(allowed, before?.scopes ?? []) : allowed
  const code = `4/0${randomBytes(45).toString('base64url')}`
  const now = world.context.clock.now().getTime()
  const live = Object.entries(oauth.codes).filter(([, other]) => other.expiresAt > now)
  oauth.codes = Object.fromEntries(live.slice(1 - CODES_MAX))
  oauth.codes[code] = {
    sub: account.sub,
    expiresAt: now + CODE_LIFETIME_MS,
    used: false,
    redirectUri: request.redirectUri,
    scopes,
    nonce: request.nonce,
    codeChallenge: request.codeChallenge,
    codeChallengeMethod: request.codeChallengeMethod,
    withRefreshToken: request.offline && (request.forceConsent || !before?.offline),
  }
  return goBack(world, c, request, { code, scope: scopes.join(' '), authuser: '0', prompt: request.forceConsent ? 'consent' : 'none' })
}

function goBack(world: GoogleWorld, c: Context, request: AuthorizationRequest, parameters: Record<string, string>): Response {
  delete world.state.oauth.requests[request.id]
  world.context.changed()
  const url = new URL(request.redirectUri)
  if (request.state !== null) url.searchParams.set('state', request.state)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return c.redirect(url.toString(), 303)
}

function tooLate(c: Context): Response | Promise<Response> {
  return c.html(errorPage(400, 'invalid_request', 'La solicitud ya se respondió o venció. Volvé a empezar desde la aplicación.'), 400)
}
