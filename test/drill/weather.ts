import type { Weather, WeatherPlan } from './plan.ts'
import type { Sandbox } from './sandbox.ts'

type Fault = Record<string, unknown>

export interface WeatherStation {
  /** Goes through the plan, again and again, until `signal`. */
  run(plan: readonly WeatherPlan[], signal: AbortSignal): Promise<void>
  /** No fault is left, and what was held back goes out. */
  clear(): Promise<void>
  /** Mercado Pago answers nothing at all; `clear` ends it. */
  silenceMercadoPago(): Promise<void>
  /** Requests that a fault hit so far. */
  hits(): Promise<number>
}

const COUNT_MAX = 10_000
const OFTEN = 0.04

/** What goes wrong all the time, each by its own chance, on every route of both providers. */
const ALWAYS: readonly Fault[] = [
  { kind: 'error', status: 500 },
  { kind: 'error', status: 429, retryAfterSeconds: 2 },
  { kind: 'slow', delayMs: 700 },
  { kind: 'drop' },
  { kind: 'commit-then-500' },
  { kind: 'commit-then-drop' },
  { kind: 'malformed' },
]
const DOWN: readonly Fault[] = [{ kind: 'error', status: 503 }]
const SLOW: readonly Fault[] = [{ kind: 'slow', delayMs: 1_500, probability: 0.5 }]
const LOST: readonly Fault[] = [
  { kind: 'commit-then-drop', probability: 0.3 },
  { kind: 'commit-then-500', probability: 0.3 },
  { kind: 'truncated', probability: 0.2 },
]
/** The routes the application calls; the pages people see are spared. */
const ROUTES = {
  'mercado-pago': ['/checkout/preferences', '/checkout/preferences/*', '/v1/**', '/merchant_orders/**'],
  google: ['/calendar/v3/**', '/token'],
}
type Part = keyof typeof ROUTES

export function openWeather(sandbox: Sandbox, seed: number): WeatherStation {
  let counted = 0
  let draws = seed
  /** Those of the present weather, which end with it. */
  let passing: string[] = []

  async function add(part: Part, faults: readonly Fault[]): Promise<void> {
    for (const fault of faults)
      for (const route of ROUTES[part]) {
        draws += 1
        const { id } = await sandbox.control(`/${part}/faults`, { route, count: COUNT_MAX, probability: OFTEN, seed: draws, ...fault })
        passing.push(`/${part}/faults/${id}`)
      }
  }

  async function endPassing(): Promise<void> {
    const hits = new Map<string, number>()
    for (const part of Object.keys(ROUTES) as Part[])
      for (const { id, hits: times } of await listed(part)) hits.set(`/${part}/faults/${id}`, times)
    for (const path of passing.splice(0)) {
      if (!hits.has(path)) continue
      counted += hits.get(path) ?? 0
      await sandbox.control(path, undefined, 'DELETE')
    }
  }

  async function listed(part: Part): Promise<{ id: number; hits: number }[]> {
    return ((await sandbox.control(`/${part}/faults`)) as { faults: { id: number; hits: number }[] }).faults
  }

  async function hitsOf(part: Part): Promise<number> {
    return (await listed(part)).reduce((sum, { hits }) => sum + hits, 0)
  }

  const settings = (change: Fault) => sandbox.control('/mercado-pago/settings', change, 'PATCH')

  async function fair(): Promise<void> {
    await endPassing()
    await settings({ notificationDelayMs: 500, notificationCopies: 0, notificationsToDrop: 0, notificationsPaused: false, searchLagMs: 0 })
    await sandbox.control('/google/conference', { mode: 'success' })
  }

  const begin: Record<Weather, () => Promise<unknown>> = {
    fair: async () => undefined,
    'mercado-pago-down': () => add('mercado-pago', [{ ...DOWN[0], probability: 1 }]),
    'google-down': () => add('google', [{ ...DOWN[0], probability: 1 }]),
    'everything-slow': async () => {
      await add('mercado-pago', SLOW)
      await add('google', SLOW)
    },
    'answers-lost': async () => {
      await add('mercado-pago', LOST)
      await add('google', LOST)
    },
    'notifications-late': async () => {
      await settings({ notificationCopies: 2, notificationDelayMs: 240_000, searchLagMs: 60_000 })
      await sandbox.control('/mercado-pago/notifications/reorder', { order: 'reverse' })
    },
    'notifications-lost': () => settings({ notificationsToDrop: 40, notificationsPaused: true }),
    'links-pending': () => sandbox.control('/google/conference', { mode: 'pending', gets: 3 }),
  }

  return {
    async run(plan, signal) {
      await add('mercado-pago', ALWAYS)
      await add('google', ALWAYS)
      passing = []
      for (let turn = 0; !signal.aborted; turn++) {
        const { weather, forMs } = plan[turn % plan.length] ?? { weather: 'fair', forMs: 1_000 }
        await fair()
        await begin[weather]()
        await pause(forMs, signal)
      }
    },
    async clear() {
      await fair()
      for (const part of Object.keys(ROUTES) as Part[]) {
        counted += await hitsOf(part)
        await sandbox.control(`/${part}/faults`, undefined, 'DELETE')
      }
    },
    async silenceMercadoPago() {
      await add('mercado-pago', [
        { kind: 'error', status: 503, probability: 0.5 },
        { kind: 'drop', probability: 1 },
      ])
    },
    hits: async () => counted + (await hitsOf('mercado-pago')) + (await hitsOf('google')),
  }
}

/** Waits, or until `signal`. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const timer = setTimeout(done, milliseconds)
    function done() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    signal?.addEventListener('abort', done)
  })
}
