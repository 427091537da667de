import { randomBytes } from 'node:crypto'
import type { GoogleWorld } from '../world.ts'
import type { AuthorizationRequest } from './model.ts'
import { canonicalScope, union } from './scopes.ts'

export interface RequestRefusal {
  status: 400 | 401
  code: string
  explanation: string
}

export interface AcceptedRequest {
  request: AuthorizationRequest
  prompts: string[]
}

const PROMPTS = ['none', 'consent', 'select_account']
const REQUEST_LIFETIME_MS = 3_600_000
const REQUESTS_MAX = 500

/** Checks the parameters of the authorization address (section 3.2) and keeps the request. Nothing is redirected before all of it is right. */
export function openRequest(world: GoogleWorld, query: URLSearchParams): AcceptedRequest | RequestRefusal {
  if (query.get('client_id') !== world.options.clientId) return refusal(401, 'invalid_client', 'No se encontró el cliente OAuth.')
  const redirectUri = query.get('redirect_uri') ?? ''
  if (!world.options.redirectUris.includes(redirectUri)) {
    return refusal(400, 'redirect_uri_mismatch', `La dirección de retorno no está registrada: "${redirectUri}".`)
  }
  if (query.get('response_type') !== 'code') return refusal(400, 'unsupported_response_type', 'response_type tiene que ser "code".')
  const asked = (query.get('scope') ?? '').split(' ').filter(Boolean)
  if (asked.length === 0) return refusal(400, 'invalid_request', 'Missing required parameter: scope')
  const unknown = asked.filter((scope) => !canonicalScope(scope))
  if (unknown.length > 0) return refusal(400, 'invalid_scope', `Some requested scopes were invalid: ${unknown.join(' ')}`)
  const prompts = (query.get('prompt') ?? '').split(' ').filter(Boolean)
  if (prompts.some((prompt) => !PROMPTS.includes(prompt)) || (prompts.includes('none') && prompts.length > 1)) {
    return refusal(400, 'invalid_request', `Invalid parameter value for prompt: "${query.get('prompt')}"`)
  }
  const accessType = query.get('access_type') ?? 'online'
  if (!['online', 'offline'].includes(accessType)) return refusal(400, 'invalid_request', 'Invalid parameter value for access_type')
  const codeChallenge = query.get('code_challenge')
  const method = query.get('code_challenge_method') ?? 'plain'
  if (codeChallenge !== null && !isChallenge(codeChallenge, method)) {
    return refusal(400, 'invalid_request', 'Invalid parameter value for code_challenge or code_challenge_method')
  }
  const request: AuthorizationRequest = {
    id: randomBytes(18).toString('base64url'),
    expiresAt: world.context.clock.now().getTime() + REQUEST_LIFETIME_MS,
    redirectUri,
    scopes: union(asked.flatMap((scope) => canonicalScope(scope) ?? [])),
    state: query.get('state'),
    nonce: query.get('nonce'),
    codeChallenge,
    codeChallengeMethod: method === 'S256' ? 'S256' : 'plain',
    offline: accessType === 'offline',
    includeGranted: query.get('include_granted_scopes') === 'true',
    forceConsent: prompts.includes('consent'),
    loginHint: query.get('login_hint'),
    sub: null,
  }
  keep(world, request)
  return { request, prompts }
}

/** A request that still waits, or undefined when it is unknown, answered or too old. */
export function waitingRequest(world: GoogleWorld, id: string): AuthorizationRequest | undefined {
  const request = world.state.oauth.requests[id]
  return request && request.expiresAt > world.context.clock.now().getTime() ? request : undefined
}

function keep(world: GoogleWorld, request: AuthorizationRequest): void {
  const now = world.context.clock.now().getTime()
  const waiting = Object.values(world.state.oauth.requests).filter((other) => other.expiresAt > now)
  world.state.oauth.requests = Object.fromEntries([...waiting.slice(1 - REQUESTS_MAX), request].map((one) => [one.id, one]))
  world.context.changed()
}

function isChallenge(challenge: string, method: string): boolean {
  return ['S256', 'plain'].includes(method) && /^[A-Za-z0-9._~-]{43,128}$/.test(challenge)
}

function refusal(status: 400 | 401, code: string, explanation: string): RequestRefusal {
  return { status, code, explanation }
}
