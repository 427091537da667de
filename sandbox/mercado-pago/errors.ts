/** An answer that refuses, exactly as it goes over the wire. */
export interface ApiError {
  status: 400 | 401 | 404 | 409
  body: {
    message: string
    error: string
    status: number
    cause: { code: number; description: string; data: string | null }[] | null
  }
}

/** Preferences answer with a text code and `cause: null`. */
export const preferenceError = (error: string, message: string): ApiError => ({
  status: 400,
  body: { message, error, status: 400, cause: null },
})

export const INVALID_TOKEN = {
  status: 401,
  body: { message: 'invalid access token', error: 'not_found', status: 401 },
} as const

/** Payments and refunds answer with a numeric code inside `cause`. */
export function coded(status: 400 | 404 | 409, code: number, message: string, data: string | null = null): ApiError {
  return {
    status,
    body: {
      message,
      error: status === 404 ? 'not_found' : status === 409 ? 'conflict' : 'bad_request',
      status,
      cause: [{ code, description: message, data }],
    },
  }
}

export const NOT_FOUND: ApiError = {
  status: 404,
  body: { message: 'resource not found', error: 'not_found', status: 404, cause: [] },
}

export const NOT_JSON: ApiError = {
  status: 400,
  body: { message: 'The body is not a valid JSON object', error: 'bad_request', status: 400, cause: null },
}
