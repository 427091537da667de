import { createFaults, type FaultError, type Faults } from '../../kernel/faults.ts'
import { INVALID_TOKEN } from '../errors.ts'

/** Fault switches of this part, with the provider's route names and error bodies. */
export function createProviderFaults(): Faults {
  return createFaults({ routes: ROUTES, errorResponse })
}

/** Usable as `route` of a fault instead of a path. */
const ROUTES = {
  'preference.create': { method: 'POST', path: '/checkout/preferences' },
  'preference.update': { method: 'PUT', path: '/checkout/preferences/:id' },
  'preference.get': { method: 'GET', path: '/checkout/preferences/:id' },
  'payment.get': { method: 'GET', path: '/v1/payments/:id' },
  'payment.search': { method: 'GET', path: '/v1/payments/search' },
  'payment.cancel': { method: 'PUT', path: '/v1/payments/:id' },
  'refund.create': { method: 'POST', path: '/v1/payments/:id/refunds' },
  'refund.list': { method: 'GET', path: '/v1/payments/:id/refunds' },
  'refund.get': { method: 'GET', path: '/v1/payments/:id/refunds/:refund' },
  'merchant-order.get': { method: 'GET', path: '/merchant_orders/:id' },
  'merchant-order.search': { method: 'GET', path: '/merchant_orders/search' },
  'chargeback.get': { method: 'GET', path: '/v1/chargebacks/:id' },
  'user.get': { method: 'GET', path: '/users/me' },
}

/** 401 as the API says it, 502 as a proxy in front of it says it, the rest in the common shape. */
function errorResponse({ status, reason, message }: FaultError): Response {
  if (status === 401 && !reason && !message) return Response.json(INVALID_TOKEN.body, { status })
  if (status === 502 && !reason && !message) {
    return new Response('<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>', {
      status,
      headers: { 'content-type': 'text/html' },
    })
  }
  const error = reason ?? USUAL[status] ?? 'internal_error'
  return Response.json({ message: message ?? error.replaceAll('_', ' '), error, status, cause: [] }, { status })
}

const USUAL: Record<number, string> = {
  400: 'bad_request',
  403: 'forbidden',
  404: 'not_found',
  409: 'conflict',
  423: 'resource_locked',
  429: 'too_many_requests',
}
