import { describe, expect, it } from 'vitest'
import { DeadlineExceeded } from '../deadline.ts'
import { WithoutAccessToken } from './calendar-client.ts'
import { classify } from './calendar-failure.ts'

const now = new Date('2026-11-26T21:00:00Z')
const REFRESH_TOKEN = '1//secret-refresh-token'

/** As gaxios throws it: the answer beside the request's own configuration, which holds the token. */
function thrown(status: number, data: unknown, headers: Record<string, string> = {}) {
  return Object.assign(new Error(`failed ${REFRESH_TOKEN}`), {
    config: { data: `refresh_token=${REFRESH_TOKEN}` },
    response: { status, data, headers: new Headers(headers) },
  })
}

function googleError(status: number, reason: string, message = 'Message') {
  return { error: { errors: [{ domain: 'global', reason, message }], code: status, message } }
}

describe('classify', () => {
  it.each([
    [400, 'timeRangeEmpty', 'refused'],
    [400, 'invalid', 'refused'],
    [401, 'authError', 'needs-reconnect'],
    [403, 'rateLimitExceeded', 'rate-limited'],
    [403, 'userRateLimitExceeded', 'rate-limited'],
    [403, 'quotaExceeded', 'rate-limited'],
    [403, 'insufficientPermissions', 'needs-reconnect'],
    [403, 'forbiddenForServiceAccounts', 'refused'],
    [403, 'forbiddenForNonOrganizer', 'refused'],
    [404, 'notFound', 'refused'],
    [409, 'duplicate', 'refused'],
    [412, 'conditionNotMet', 'refused'],
    [429, 'rateLimitExceeded', 'rate-limited'],
    [500, 'backendError', 'unavailable'],
    [503, 'backendError', 'unavailable'],
  ])('%i %s is %s', (status, reason, failure) => {
    expect(classify(thrown(status, googleError(status, reason)), now)).toMatchObject({ failure, status })
  })

  it('a missing scope is recognised by the newer detail as well', () => {
    const body = { error: { code: 403, status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] } }
    expect(classify(thrown(403, body), now).failure).toBe('needs-reconnect')
  })

  it.each([
    [400, 'invalid_grant', 'needs-reconnect'],
    [401, 'invalid_client', 'refused'],
    [500, 'internal_failure', 'unavailable'],
  ])('token endpoint: %i %s is %s', (status, error, failure) => {
    expect(classify(thrown(status, { error, error_description: 'Token has been expired or revoked.' }), now).failure).toBe(failure)
  })

  it.each([
    ['120', 120_000],
    ['Thu, 26 Nov 2026 21:00:30 GMT', 30_000],
    ['Thu, 26 Nov 2026 20:00:00 GMT', 0],
  ])('Retry-After "%s" is %i ms', (header, retryAfterMs) => {
    expect(classify(thrown(429, googleError(429, 'rateLimitExceeded'), { 'retry-after': header }), now).retryAfterMs).toBe(retryAfterMs)
  })

  it.each(['soon', ''])('Retry-After "%s" is no hint', (header) => {
    expect(classify(thrown(429, googleError(429, 'rateLimitExceeded'), { 'retry-after': header }), now)).not.toHaveProperty('retryAfterMs')
  })

  it('an exhausted quota waits for an hour', () => {
    expect(classify(thrown(403, googleError(403, 'quotaExceeded')), now).retryAfterMs).toBe(3_600_000)
  })

  it('a 404 that is not from Google does not say that an event is gone', () => {
    expect(classify(thrown(404, '<html>404</html>'), now)).toMatchObject({ failure: 'unavailable', status: 0 })
  })

  it.each([401, 403, 404, 409, 410, 500])('a %i of the token endpoint says nothing of the calendar', (status) => {
    const error = new WithoutAccessToken(thrown(status, googleError(status, 'notFound')))
    expect(classify(error, now)).toMatchObject({ failure: 'unavailable', status: 0 })
  })

  it.each([
    [400, 'invalid_grant', 'needs-reconnect'],
    [401, 'invalid_client', 'refused'],
    [404, 'not_found', 'refused'],
  ])('OAuth %i %s is %s, and no status of the calendar', (status, error, failure) => {
    expect(classify(new WithoutAccessToken(thrown(status, { error })), now)).toMatchObject({ failure, status: 0 })
  })

  it.each([new DeadlineExceeded(10), new TypeError('fetch failed'), Object.assign(new Error('x'), { code: 'ECONNRESET' }), 'text', null])(
    'no answer is unavailable: %s',
    (error) => {
      expect(classify(error, now)).toMatchObject({ failure: 'unavailable', status: 0 })
    },
  )

  it('never repeats the token that the error carries', () => {
    for (const error of [thrown(500, null), thrown(400, { error: 'invalid_grant' }), thrown(404, googleError(404, 'notFound'))]) {
      expect(JSON.stringify(classify(error, now))).not.toContain(REFRESH_TOKEN)
    }
  })
})
