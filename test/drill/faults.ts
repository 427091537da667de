/** A switch of a sandbox (`sandbox/kernel/faults.ts`), without the chance that is drawn for it. */
export type Fault = Record<string, unknown>

export const COUNT_MAX = 10_000
const OFTEN = 0.04
const SELDOM = 0.015
/** Each costs somebody ten seconds. */
const RARELY = 0.006
/** Longer than anybody waits for an answer. */
const HANG_MS = 12_000

/** What may happen to any request, whoever should have answered. */
const EVERYWHERE: readonly Fault[] = [
  { kind: 'error', status: 500 },
  { kind: 'error', status: 429, retryAfterSeconds: 2 },
  { kind: 'slow', delayMs: 700 },
  { kind: 'drop' },
  { kind: 'commit-then-500' },
  { kind: 'commit-then-drop' },
  { kind: 'malformed' },
  { kind: 'html', probability: SELDOM },
  { kind: 'truncated', probability: SELDOM },
  { kind: 'hang', delayMs: HANG_MS, probability: RARELY },
]

/** Routes that the application calls, the faults that all of them have, and those of one route alone. The pages that people see are spared. */
interface Side {
  routes: readonly string[]
  always: readonly Fault[]
  only: readonly Fault[]
}

const seldom = (status: number, reason: string, more: Fault = {}): Fault => ({
  kind: 'error',
  status,
  reason,
  probability: SELDOM,
  ...more,
})

export const SIDES = {
  'mercado-pago': {
    routes: ['/checkout/preferences', '/checkout/preferences/*', '/v1/**', '/merchant_orders/**'],
    always: [
      ...EVERYWHERE,
      { kind: 'error', status: 401, probability: SELDOM },
      seldom(403, 'forbidden'),
      seldom(409, 'conflict'),
      seldom(423, 'resource_locked'),
    ],
    only: [
      // Replicas that lag behind.
      { route: 'payment.get', kind: 'not-found-first', probability: 0.05 },
      { route: 'merchant-order.get', kind: 'not-found-first', probability: 0.05 },
      { route: 'refund.create', kind: 'error', status: 404, probability: 0.05 },
    ],
  },
  google: {
    routes: ['/calendar/v3/**', '/token'],
    always: EVERYWHERE,
    only: [
      { route: '/calendar/v3/**', ...seldom(401, 'authError') },
      { route: '/calendar/v3/**', ...seldom(403, 'rateLimitExceeded', { retryAfterSeconds: 3 }) },
      { route: '/calendar/v3/**', ...seldom(403, 'userRateLimitExceeded') },
      { route: 'events.get', kind: 'not-found-first', probability: 0.05 },
      // An id that was used and is nowhere to be seen; a deleted event is gone for whoever deletes it once more.
      { route: 'events.insert', ...seldom(409, 'duplicate', { probability: 0.03 }) },
      { route: 'events.list', ...seldom(410, 'fullSyncRequired', { probability: 0.05 }) },
    ],
  },
  mail: {
    routes: ['send'],
    always: [
      { kind: 'error', status: 451, probability: 0.08 },
      { kind: 'error', status: 550 },
      { kind: 'drop' },
      { kind: 'commit-then-500' },
      { kind: 'commit-then-drop' },
      { kind: 'hang', delayMs: HANG_MS, probability: SELDOM },
    ],
    only: [],
  },
} as const satisfies Record<string, Side>

export type Part = keyof typeof SIDES
export const PARTS = Object.keys(SIDES) as Part[]

/** One switch for each route and kind: what goes wrong in this part all the time. */
export function alwaysOf(part: Part): Fault[] {
  const { always, only }: Side = SIDES[part]
  return [...everyRoute(part, always), ...only].map((fault) => ({ probability: OFTEN, ...fault }))
}

export function everyRoute(part: Part, faults: readonly Fault[]): Fault[] {
  return faults.flatMap((fault) => SIDES[part].routes.map((route) => ({ route, ...fault })))
}

export const DOWN: Fault = { kind: 'error', status: 503, probability: 1 }
export const MAIL_DOWN: Fault = { kind: 'error', status: 421, probability: 1 }
export const SLOW: readonly Fault[] = [{ kind: 'slow', delayMs: 1_500, probability: 0.5 }]
export const STALLED: readonly Fault[] = [{ kind: 'hang', delayMs: HANG_MS, probability: 0.15 }]
export const LOST: readonly Fault[] = [
  { kind: 'commit-then-drop', probability: 0.3 },
  { kind: 'commit-then-500', probability: 0.3 },
  { kind: 'truncated', probability: 0.2 },
]
/** Headers at once, half a body, and then nothing for longer than anybody waits. */
export const HALF_BODY = { pathPrefix: '/v1/payments', milliseconds: HANG_MS, count: 3 }
