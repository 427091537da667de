/** An answer of the Calendar API with Google's envelope (section 2.7 of the provider contract). */
export class GoogleApiError extends Error {
  readonly status: number
  readonly body: unknown

  constructor(status: number, reason: string, message: string, extra: ErrorExtra = {}) {
    super(message)
    this.status = status
    const { domain = 'global', locationType, location, frontEndStatus, details } = extra
    this.body = {
      error: {
        errors: [{ domain, reason, message, ...(locationType && { locationType }), ...(location && { location }) }],
        code: status,
        message,
        ...(frontEndStatus && { status: frontEndStatus }),
        ...(details && { details }),
      },
    }
  }

  toResponse(): Response {
    return Response.json(this.body, { status: this.status })
  }
}

interface ErrorExtra {
  domain?: 'global' | 'calendar' | 'usageLimits' | 'push'
  locationType?: 'header' | 'parameter'
  location?: string
  /** Only errors of the authentication front end carry it. */
  frontEndStatus?: 'UNAUTHENTICATED' | 'PERMISSION_DENIED' | 'INVALID_ARGUMENT'
  details?: unknown[]
}

export const notFound = () => new GoogleApiError(404, 'notFound', 'Not Found')
export const duplicate = () => new GoogleApiError(409, 'duplicate', 'The requested identifier already exists.')
export const deleted = () => new GoogleApiError(410, 'deleted', 'Resource has been deleted')
export const timeRangeEmpty = () => new GoogleApiError(400, 'timeRangeEmpty', 'The specified time range is empty.', { domain: 'calendar' })
export const invalid = (message = 'Invalid Value') => new GoogleApiError(400, 'invalid', message)
export const required = (message: string) => new GoogleApiError(400, 'required', message)
export const badRequest = (message = 'Bad Request') => new GoogleApiError(400, 'badRequest', message)
export const forbidden = (message = 'Forbidden') => new GoogleApiError(403, 'forbidden', message)
export const notOrganizer = () =>
  new GoogleApiError(403, 'forbiddenForNonOrganizer', 'Shared properties can only be changed by the organizer of the event.', {
    domain: 'calendar',
  })
export const invalidParameter = (parameter: string, message = 'Invalid Value') =>
  new GoogleApiError(400, 'invalid', message, { locationType: 'parameter', location: parameter })
export const invalidCredentials = () =>
  new GoogleApiError(401, 'authError', 'Invalid Credentials', {
    locationType: 'header',
    location: 'Authorization',
    frontEndStatus: 'UNAUTHENTICATED',
  })
export const loginRequired = () =>
  new GoogleApiError(401, 'required', 'Login Required', {
    locationType: 'header',
    location: 'Authorization',
    frontEndStatus: 'UNAUTHENTICATED',
  })
export const insufficientScopes = () =>
  new GoogleApiError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.', {
    frontEndStatus: 'PERMISSION_DENIED',
    details: [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
        domain: 'googleapis.com',
        metadata: { service: 'calendar-json.googleapis.com' },
      },
    ],
  })
export const invalidApiKey = () =>
  new GoogleApiError(400, 'badRequest', 'API key not valid. Please pass a valid API key.', { frontEndStatus: 'INVALID_ARGUMENT' })
export const staleEtag = () =>
  new GoogleApiError(412, 'conditionNotMet', 'Precondition Failed', { locationType: 'header', location: 'If-Match' })
export const fullSyncRequired = () =>
  new GoogleApiError(410, 'fullSyncRequired', 'Sync token is no longer valid, a full sync is required.', {
    domain: 'calendar',
    locationType: 'parameter',
    location: 'syncToken',
  })

const DOMAINS: Record<string, ErrorExtra['domain']> = {
  userRateLimitExceeded: 'usageLimits',
  rateLimitExceeded: 'usageLimits',
  quotaExceeded: 'usageLimits',
  timeRangeEmpty: 'calendar',
  forbiddenForNonOrganizer: 'calendar',
  forbiddenForServiceAccounts: 'calendar',
  fullSyncRequired: 'calendar',
  updatedMinTooLongAgo: 'calendar',
}

const MESSAGES: Record<string, string> = {
  userRateLimitExceeded: 'User Rate Limit Exceeded',
  rateLimitExceeded: 'Rate Limit Exceeded',
  quotaExceeded: 'Calendar usage limits exceeded.',
  authError: 'Invalid Credentials',
  notFound: 'Not Found',
  backendError: 'Backend Error',
  insufficientPermissions: 'Request had insufficient authentication scopes.',
  forbiddenForServiceAccounts: 'Service accounts cannot invite attendees without Domain-Wide Delegation of Authority.',
}

const REASONS: Record<number, string> = { 401: 'authError', 403: 'forbidden', 404: 'notFound', 410: 'deleted', 429: 'rateLimitExceeded' }

/** The error that a fault switch asks for; reason and message are filled in from Google's table. */
export function faultError(status: number, reason: string | undefined, message: string | undefined): GoogleApiError {
  const why = reason ?? REASONS[status] ?? (status >= 500 ? 'backendError' : 'badRequest')
  const domain = DOMAINS[why]
  return new GoogleApiError(status, why, message ?? MESSAGES[why] ?? 'Bad Request', {
    ...(domain && { domain }),
    ...(why === 'authError' && { locationType: 'header', location: 'Authorization', frontEndStatus: 'UNAUTHENTICATED' }),
  })
}
