import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import { accountByEmail, ensureAccount } from '../accounts.ts'
import type { GoogleWorld } from '../world.ts'
import { canonicalScope } from './scopes.ts'
import { issueTokens, type TokenRefusal, type TokenResponse } from './tokens.ts'

export const JWT_BEARER = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** The jwt-bearer grant: as itself, or, with delegation, as the person that the assertion names (section 3.7 of the provider contract). */
export function grantByAssertion(world: GoogleWorld, assertion: string): TokenResponse | TokenRefusal {
  const [header = '', payload = '', signature = ''] = assertion.split('.')
  const claims = readClaims(payload)
  const account = typeof claims?.iss === 'string' ? accountByEmail(world, claims.iss) : undefined
  if (!account?.service || !claims) return invalid('Invalid email or User ID')
  const signed = Buffer.from(`${header}.${payload}`)
  if (!verify('RSA-SHA256', signed, createPublicKey(account.service.publicKey), Buffer.from(signature, 'base64url')))
    return invalid('Invalid JWT Signature.')
  const now = world.context.clock.now().getTime() / 1_000
  const { aud, exp, iat, scope, sub } = claims
  if (aud !== `${world.context.origin}/token`) return invalid('Invalid JWT: Failed audience check.')
  if (typeof exp !== 'number' || typeof iat !== 'number' || exp < now || iat > now + 300 || exp - iat > 3_600)
    return invalid('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.')
  const scopes = String(scope ?? '')
    .split(' ')
    .map(canonicalScope)
  if (scopes.some((one) => one === undefined))
    return { error: 'invalid_scope', error_description: 'Invalid OAuth scope or ID token audience provided.' }
  const actor = sub === undefined ? account : accountByEmail(world, String(sub))
  if (!actor || (actor !== account && !account.service.delegated)) {
    return {
      error: 'unauthorized_client',
      error_description:
        'Client is unauthorized to retrieve access tokens using this method, or client not authorized for any of the scopes requested.',
    }
  }
  return issueTokens(world, actor, { scopes: scopes as string[], offline: false, withRefreshToken: false })
}

/** Makes a service account and hands out its key file, as the console does. */
export function createServiceAccount(world: GoogleWorld, delegated: boolean): Record<string, string> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const account = ensureAccount(world, { email: 'clases@sandbox.iam.gserviceaccount.test', name: 'Clases' })
  account.service = { publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(), delegated }
  world.context.changed()
  return {
    type: 'service_account',
    client_email: account.email,
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}

function readClaims(payload: string): Record<string, unknown> | null {
  try {
    return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  } catch {
    return null
  }
}

function invalid(description: string): TokenRefusal {
  return { error: 'invalid_grant', error_description: description }
}
