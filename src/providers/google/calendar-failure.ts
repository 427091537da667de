import type { CalendarFailure, CalendarFailureDetail } from '../../features/meeting/provider.ts'
import { HOUR_MS, SECOND_MS } from '../../kernel/clock.ts'
import { DeadlineExceeded } from '../deadline.ts'
import { RenewalBusy, WithoutAccessToken } from './calendar-client.ts'
import { CallsExhausted } from './call-gate.ts'

/** Why a calendar call failed, already free of tokens: the only form of a Google error that leaves this folder. */
export interface CalendarCallFailure extends CalendarFailureDetail {
  failure: CalendarFailure
  /** HTTP status of the calendar's answer; 0 when there was none. */
  status: number
  /** Google's own word for it, where there was one. */
  googleReason?: string
}

const RATE_REASONS = ['rateLimitExceeded', 'userRateLimitExceeded', 'quotaExceeded', 'dailyLimitExceeded']
const SCOPE_REASONS = ['insufficientPermissions', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']
const PERMANENT_STATUSES = [400, 403, 404, 409, 410, 412]
const CAUSE_CHARACTERS_MAX = 200

/**
 * Classifies a failed call by Google's `reason`, not by the bare status (google.md 2.7, 3.4). Reads only the answer's body,
 * never the error's own text or configuration: those hold the refresh token (google.md 4.3).
 */
export function classify(error: unknown, now: Date): CalendarCallFailure {
  if (error instanceof CallsExhausted) return { failure: 'rate-limited', status: 0, cause: error.message, retryAfterMs: 5 * SECOND_MS }
  if (error instanceof WithoutAccessToken) return withoutToken(error.cause, now)
  if (error instanceof RenewalBusy) return { failure: 'unavailable', status: 0, cause: error.message }
  const response = responseOf(error)
  if (!response) return { failure: 'unavailable', status: 0, cause: networkCause(error) }
  const { status, data, headers } = response
  const body = field(data, 'error')
  if (typeof body === 'string') return tokenFailure(status, body)

  const reason = reasonOf(body)
  const retryAfterMs = retryAfter(headers, now) ?? (reason === 'quotaExceeded' ? HOUR_MS : undefined)
  const hint = retryAfterMs === undefined ? {} : { retryAfterMs }
  // A page of some proxy in between is not Google saying that an event does not exist.
  if (!body && PERMANENT_STATUSES.includes(status))
    return { failure: 'unavailable', status: 0, cause: `${status} without Google's error body`, ...hint }
  const cause = `${status} ${reason ?? 'no reason'}: ${messageOf(body)}`.slice(0, CAUSE_CHARACTERS_MAX)
  return { failure: failureOf(status, reason), status, cause, ...hint, ...(reason ? { googleReason: reason } : {}) }
}

function failureOf(status: number, reason: string | null): CalendarFailure {
  if (status === 401) return 'needs-reconnect'
  if (status === 429) return 'rate-limited'
  if (status === 403 && reason && RATE_REASONS.includes(reason)) return 'rate-limited'
  if (status === 403 && reason && SCOPE_REASONS.includes(reason)) return 'needs-reconnect'
  return status === 408 || status >= 500 ? 'unavailable' : 'refused'
}

/**
 * What the token endpoint answers says nothing of the calendar: its 404 is no event that is gone, its 401 no access token that died. In a form
 * that is not OAuth's it is a fault that passes.
 */
function withoutToken(cause: unknown, now: Date): CalendarCallFailure {
  const failed = classify(cause, now)
  if (failed.status === 0) return failed
  const failure = failed.failure === 'rate-limited' ? failed.failure : 'unavailable'
  return { ...failed, failure, status: 0, cause: `token endpoint: ${failed.cause}`.slice(0, CAUSE_CHARACTERS_MAX) }
}

/** The token endpoint, in OAuth's form: only `invalid_grant` means that the teacher must connect again. */
function tokenFailure(status: number, error: string): CalendarCallFailure {
  const cause = `token endpoint: ${status} ${error}`.slice(0, CAUSE_CHARACTERS_MAX)
  if (error === 'invalid_grant') return { failure: 'needs-reconnect', status: 0, cause }
  return { failure: status === 429 || status >= 500 ? 'unavailable' : 'refused', status: 0, cause }
}

interface ErrorResponse {
  status: number
  data: unknown
  headers: unknown
}

function responseOf(error: unknown): ErrorResponse | null {
  const response = field(error, 'response')
  const status = field(response, 'status')
  return typeof status === 'number' && status > 0 ? { status, data: field(response, 'data'), headers: field(response, 'headers') } : null
}

function reasonOf(body: unknown): string | null {
  const errors = field(body, 'errors')
  const first = Array.isArray(errors) ? field(errors[0], 'reason') : undefined
  const details = field(body, 'details')
  const detail = Array.isArray(details) ? field(details[0], 'reason') : undefined
  if (typeof detail === 'string' && SCOPE_REASONS.includes(detail)) return detail
  return typeof first === 'string' ? first : typeof detail === 'string' ? detail : null
}

function messageOf(body: unknown): string {
  const message = field(body, 'message')
  return typeof message === 'string' ? message : 'answer not understood'
}

function networkCause(error: unknown): string {
  if (error instanceof DeadlineExceeded) return error.message
  const code = field(error, 'code')
  return typeof code === 'string' ? `no answer: ${code}`.slice(0, CAUSE_CHARACTERS_MAX) : 'no answer'
}

/** `Retry-After` is a number of seconds or an HTTP date. */
function retryAfter(headers: unknown, now: Date): number | undefined {
  // Web headers, or the plain object that the calendar library makes of them.
  const text = headers instanceof Headers ? headers.get('retry-after') : field(headers, 'retry-after')
  if (typeof text !== 'string' || text === '') return undefined
  if (/^\d{1,7}$/.test(text)) return Number(text) * 1_000
  const at = Date.parse(text)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime())
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}
