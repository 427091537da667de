import { createPrivateKey, sign } from 'node:crypto'
import { z } from 'zod'
import type { AccessToken } from '../../features/meeting/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'

/** A service account, out of the file that Google hands out. */
export interface ServiceAccount {
  email: string
  privateKey: string
}

const ASSERTION_SECONDS = 3_600
const Answer = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/**
 * An access token for acting as `subject`, by domain-wide delegation (RFC 7523): the account signs that it does, and Google compares that with
 * what the Workspace administrator allowed. Throws as the official client does, so that failures are told apart in one place.
 */
export async function tokenByDelegation(options: {
  account: ServiceAccount
  subject: string
  scopes: readonly string[]
  tokenUrl: string
  clock: Clock
  timeoutMs: number
}): Promise<AccessToken> {
  const { account, subject, scopes, tokenUrl, clock, timeoutMs } = options
  const issuedAt = Math.floor(clock.now().getTime() / SECOND_MS)
  const claims = {
    iss: account.email,
    sub: subject,
    scope: scopes.join(' '),
    aud: tokenUrl,
    iat: issuedAt,
    exp: issuedAt + ASSERTION_SECONDS,
  }
  const unsigned = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`
  const signature = sign('RSA-SHA256', Buffer.from(unsigned), createPrivateKey(account.privateKey)).toString('base64url')
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: `${unsigned}.${signature}` }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  })
  const data: unknown = await answer.json().catch(() => null)
  const token = Answer.safeParse(data)
  if (answer.ok && token.success) return { token: token.data.access_token, expiresAt: plus(clock.now(), token.data.expires_in * SECOND_MS) }
  throw Object.assign(new Error('The token endpoint refused'), { response: { status: answer.status, data, headers: answer.headers } })
}

function encoded(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
