import { type Endpoint, mustBeOwnPage } from './endpoint.ts'
import { API_TEXT } from './text.es.ts'

/** An answer that any endpoint may give before its own, or when it fails (behaviour 4.0). */
export interface CommonError {
  status: number
  /** The text of `{"error":"…"}`. */
  text: string
  when: string
  /** Whether this endpoint may give it; false for all of those that are about no endpoint. */
  of(endpoint: Endpoint): boolean
}

const changes = ({ method }: Endpoint) => method !== 'GET'

/** In the order in which they are looked at, for `/api/docs` and, endpoint by endpoint, for `/api/openapi.json`. */
export const COMMON_ERRORS: readonly CommonError[] = [
  { status: 404, text: API_TEXT.notFound, when: 'La dirección no existe', of: () => false },
  {
    status: 413,
    text: API_TEXT.tooLarge,
    when: 'El cuerpo pesa más de 64 kB (una actividad que se sube, 1 MB)',
    of: changes,
  },
  {
    status: 503,
    text: API_TEXT.diskLow,
    when: 'Queda poco espacio: se puede leer, pero nada cambia. Retry-After dice cuándo volver',
    of: changes,
  },
  {
    status: 503,
    text: API_TEXT.busy,
    when: 'Demasiada gente a la vez; no se empezó nada. Retry-After dice cuándo volver',
    of: () => true,
  },
  {
    status: 405,
    text: API_TEXT.methodNotAllowed,
    when: 'La dirección no conoce el método. Allow dice cuáles sí',
    of: ({ noHead }) => noHead === true,
  },
  { status: 401, text: API_TEXT.unauthorized, when: 'Sin sesión', of: ({ auth }) => auth !== 'none' },
  { status: 403, text: API_TEXT.foreignOrigin, when: 'El pedido viene de otro sitio', of: mustBeOwnPage },
  {
    status: 403,
    text: API_TEXT.forbidden,
    when: 'Solo el admin, o quien da la clase',
    of: ({ auth }) => auth === 'teacher' || auth === 'admin',
  },
  {
    status: 429,
    text: API_TEXT.tooMany,
    when: 'Demasiadas solicitudes. Retry-After dice cuándo volver',
    of: ({ limitPer10Minutes }) => limitPer10Minutes !== undefined,
  },
  { status: 400, text: API_TEXT.notJson, when: 'El cuerpo no es JSON', of: ({ body }) => body !== undefined },
  { status: 500, text: API_TEXT.internal, when: 'Una falla inesperada', of: () => true },
]

/** What is not the API and answers with pages or files. */
export const OTHER_ANSWERS: readonly { path: string; status: number; when: string }[] = [
  { path: '/assets/…', status: 404, when: 'El archivo no es de esta versión' },
  { path: '….csv', status: 302, when: 'Sin sesión: lleva a ingresar y vuelve' },
  { path: '….csv', status: 403, when: 'Es del admin o de quien da clases' },
  { path: '….csv', status: 404, when: 'La clase no existe o es de otra persona' },
  { path: '….csv', status: 503, when: 'Demasiada gente a la vez. Retry-After dice cuándo volver' },
]

/** By status, for one endpoint. */
export function commonRefusals(endpoint: Endpoint): Endpoint['responses'] {
  const refusals: Endpoint['responses'] = {}
  for (const { status, when, of } of COMMON_ERRORS) {
    const before = refusals[status]
    if (of(endpoint)) refusals[status] = { description: before ? `${before.description}; ${when}` : when }
  }
  return refusals
}
