/** Calls of the application to the outside, by name. */
const ROUTES: readonly [name: string, method: string, path: RegExp][] = [
  ['mp preference.create', 'POST', /^\/checkout\/preferences\/?$/],
  ['mp preference.search', 'GET', /^\/checkout\/preferences\/search/],
  ['mp preference.close', 'PUT', /^\/checkout\/preferences\//],
  ['mp payment.search', 'GET', /^\/v1\/payments\/search/],
  ['mp payment.get', 'GET', /^\/v1\/payments\/\d+\/?$/],
  ['mp refund', 'POST', /^\/v1\/payments\/\d+\/refunds/],
  ['mp refund.list', 'GET', /^\/v1\/payments\/\d+\/refunds/],
  ['mp order.get', 'GET', /^\/merchant_orders\//],
  ['google token', 'POST', /^\/token/],
  ['google discovery', 'GET', /^\/\.well-known/],
  ['google freebusy', 'POST', /^\/calendar\/v3\/freeBusy/],
  ['google insert', 'POST', /^\/calendar\/v3\/calendars\/[^/]+\/events\/?$/],
  ['google get', 'GET', /^\/calendar\/v3\/calendars\/[^/]+\/events\/[^/]+$/],
  ['google patch', 'PATCH', /^\/calendar\/v3\/calendars\/[^/]+\/events\/[^/]+$/],
  ['google delete', 'DELETE', /^\/calendar\/v3\/calendars\/[^/]+\/events\/[^/]+$/],
  ['google meet', 'GET', /^\/v2\/conferenceRecords/],
  ['google list', 'GET', /^\/calendar\/v3\/calendars\/[^/]+\/events\/?$/],
  ['google watch', 'POST', /^\/calendar\/v3\/calendars\/[^/]+\/events\/watch$/],
  ['google stop', 'POST', /^\/calendar\/v3\/channels\/stop$/],
]

export const FAULTY_ROUTES = [...ROUTES.map(([name]) => name), 'mail send']

export function routeOf(service: 'mp' | 'google', method: string, path: string): string {
  const found = ROUTES.find(([name, verb, pattern]) => name.startsWith(`${service} `) && verb === method && pattern.test(path))
  return found?.[0] ?? `${service} other`
}

/**
 * - `refused`: no connection. `status`: the provider answers so and does nothing. `html`: something in between answers.
 * - `lost`: carried out, the connection breaks before the answer. `failed`: carried out, the answer is a 500. `cut`: its JSON ends half way.
 * - `silent`: nothing happens, nobody answers. `mute`: carried out, nobody answers. `late`: the caller hears nothing, and some seconds after
 *   he has given up it is carried out all the same.
 */
export type FaultKind = 'refused' | 'status' | 'html' | 'lost' | 'failed' | 'cut' | 'silent' | 'mute' | 'late'
export const FAULT_KINDS: readonly FaultKind[] = ['refused', 'status', 'html', 'lost', 'failed', 'cut', 'silent', 'mute', 'late']

/** The `nth` call of this route goes wrong, and the `times - 1` calls after it. */
export interface Fault {
  route: string
  nth: number
  times: number
  kind: FaultKind
  status: number
}

/** A provider answers nobody from one minute of the history to another. */
export interface Outage {
  service: 'mp' | 'google' | 'mail'
  fromMinute: number
  toMinute: number
  kind: 'refused' | 'silent' | 'status'
}

export interface FaultPlan {
  /** What happens to this call. */
  next(route: string): Fault | null
  /** From now on nothing goes wrong. */
  end(): void
}

export function faultPlan(faults: readonly Fault[], outages: readonly Outage[], minute: () => number): FaultPlan {
  const calls = new Map<string, number>()
  let over = false
  return {
    next(route) {
      const count = (calls.get(route) ?? 0) + 1
      calls.set(route, count)
      if (over) return null
      const now = minute()
      const out = outages.find(
        ({ service, fromMinute, toMinute }) => route.startsWith(`${service} `) && now >= fromMinute && now < toMinute,
      )
      if (out) return { route, nth: count, times: 1, kind: out.kind, status: 503 }
      return faults.find((fault) => fault.route === route && count >= fault.nth && count < fault.nth + fault.times) ?? null
    },
    end() {
      over = true
    },
  }
}

/** A refusal in the words of the provider. */
export function refusal(service: 'mp' | 'google', status: number): Response {
  const headers = status === 429 || status === 403 ? { 'retry-after': '7' } : {}
  if (service === 'mp') {
    const cause = status === 404 ? [{ code: '2000', description: 'not found' }] : []
    return Response.json({ message: 'simulated', error: `simulated_${status}`, status, cause }, { status, headers })
  }
  const reason = status === 403 ? 'rateLimitExceeded' : status === 404 ? 'notFound' : status === 410 ? 'deleted' : 'backendError'
  const error = {
    code: status,
    message: 'simulated',
    errors: [{ domain: status === 403 ? 'usageLimits' : 'global', reason, message: 'simulated' }],
  }
  return Response.json({ error }, { status, headers })
}

export function htmlAnswer(): Response {
  return new Response('<html><body>502 Bad Gateway</body></html>', { status: 502, headers: { 'content-type': 'text/html' } })
}
