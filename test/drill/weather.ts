import { alwaysOf, COUNT_MAX, DOWN, everyRoute, type Fault, HALF_BODY, LOST, MAIL_DOWN, PARTS, type Part, SLOW, STALLED } from './faults.ts'
import type { Weather, WeatherPlan } from './plan.ts'
import type { Sandbox } from './sandbox.ts'

export interface WeatherStation {
  /** Goes through the plan, again and again, until `signal`. */
  run(plan: readonly WeatherPlan[], signal: AbortSignal): Promise<void>
  /** No fault is left, what was held back goes out, and no appointment waits any more for somebody to ask for free time. */
  clear(): Promise<void>
  /** Mercado Pago answers nothing at all; `clear` ends it. */
  silenceMercadoPago(): Promise<void>
  /** Requests that a fault hit so far. */
  hits(): Promise<number>
  /** Refunds that Mercado Pago refused so far because it was told to. */
  refundsRefused(): number
}

const MENDING_TRIES_MAX = 40
const MEND_AGAIN_MS = 500
const REFUSED_AT_ONCE_MAX = 1_000
/** No balance, twice as often as: the payment is too old. A person can mend the first; nobody the second, while it lasts. */
const REFUSALS = [2031, 2031, 2024]

/**
 * `mend`: what the teacher does about the calendar's connection when a turn of the weather is over; told whether the grant was taken back, says
 * whether it stands.
 */
export function openWeather(sandbox: Sandbox, seed: number, mend: (isRevoked: boolean) => Promise<boolean>): WeatherStation {
  let counted = 0
  let refused = 0
  let isRefusing = false
  let isRevoked = false
  let draws = seed
  /** Those of the present weather, which end with it. */
  let passing: string[] = []

  async function add(part: Part, faults: readonly Fault[]): Promise<void> {
    for (const fault of faults) {
      draws += 1
      const { id } = await sandbox.control(`/${part}/faults`, { count: COUNT_MAX, seed: draws, ...fault })
      passing.push(`/${part}/faults/${id}`)
    }
  }

  async function addToBoth(faults: readonly Fault[]): Promise<void> {
    await add('mercado-pago', everyRoute('mercado-pago', faults))
    await add('google', everyRoute('google', faults))
  }

  async function endPassing(): Promise<void> {
    const hits = new Map<string, number>()
    for (const part of PARTS) for (const { id, hits: times } of await listed(part)) hits.set(`/${part}/faults/${id}`, times)
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
  const meet = (change: Fault) => sandbox.control('/google/conference', change)
  const ofTeacher = (what: string) => `/google/${what}/${encodeURIComponent(sandbox.settings.ADMIN_EMAIL ?? '')}`

  async function endRefusals(): Promise<void> {
    if (!isRefusing) return
    isRefusing = false
    const { refundRefusal } = (await sandbox.control('/mercado-pago/state')) as { refundRefusal: { times: number } | null }
    refused += REFUSED_AT_ONCE_MAX - (refundRefusal?.times ?? 0)
    await sandbox.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
  }

  async function fair(): Promise<void> {
    await endPassing()
    await settings({
      notificationDelayMs: 500,
      notificationCopies: 0,
      notificationsToDrop: 0,
      notificationsPaused: false,
      notificationSignature: 'valid',
      refundsInProcess: false,
      searchLagMs: 0,
    })
    await sandbox.control('/mercado-pago/stalled-bodies', undefined, 'DELETE')
    await endRefusals()
    await meet({ mode: 'success' })
    if (await mend(isRevoked)) isRevoked = false
  }

  const begin: Record<Weather, () => Promise<unknown>> = {
    fair: async () => undefined,
    'mercado-pago-down': () => add('mercado-pago', everyRoute('mercado-pago', [DOWN])),
    'google-down': () => add('google', everyRoute('google', [DOWN])),
    'everything-slow': () => addToBoth(SLOW),
    'answers-stalled': async () => {
      await addToBoth(STALLED)
      await sandbox.control('/mercado-pago/stalled-bodies', HALF_BODY)
    },
    'answers-lost': () => addToBoth(LOST),
    'mails-refused': () => add('mail', everyRoute('mail', [MAIL_DOWN])),
    'notifications-late': async () => {
      await settings({ notificationCopies: 2, notificationDelayMs: 240_000, searchLagMs: 60_000 })
      await sandbox.control('/mercado-pago/notifications/reorder', { order: 'reverse' })
    },
    'notifications-lost': () => settings({ notificationsToDrop: 40, notificationsPaused: true }),
    'notifications-unsigned': () => settings({ notificationSignature: 'none' }),
    'second-secret': () => settings({ notificationSignature: 'second' }),
    'refunds-refused': () => {
      isRefusing = true
      draws += 1
      const code = REFUSALS[draws % REFUSALS.length]
      return sandbox.control('/mercado-pago/refund-refusal', { code, times: REFUSED_AT_ONCE_MAX }, 'PUT')
    },
    'refunds-in-process': () => settings({ refundsInProcess: true }),
    'links-pending': () => meet({ mode: 'pending', gets: 3 }),
    'links-failed': () => meet({ mode: 'failure' }),
    'links-by-phone': () => meet({ mode: 'phone-first' }),
    'tokens-expired': async () => {
      await sandbox.control(`${ofTeacher('grants')}/expire-access-tokens`, {})
      await sandbox.control(`${ofTeacher('calendars')}/expire-sync-tokens`, {})
    },
    'grant-revoked': () => {
      isRevoked = true
      return sandbox.control(ofTeacher('grants'), undefined, 'DELETE')
    },
  }

  return {
    async run(plan, signal) {
      for (const part of PARTS) await add(part, alwaysOf(part))
      passing = []
      for (let turn = 0; !signal.aborted; turn++) {
        const { weather, forMs } = plan[turn % plan.length] ?? { weather: 'fair', forMs: 1_000 }
        await fair()
        await begin[weather]()
        await pause(forMs, signal)
      }
    },
    async clear() {
      for (const part of PARTS) {
        counted += await hitsOf(part)
        await sandbox.control(`/${part}/faults`, undefined, 'DELETE')
      }
      passing = []
      // Whoever asks in some days would make it appear over a class that is over, and nobody could be told in time.
      await sandbox.control('/google/after-freebusy', undefined, 'DELETE')
      await fair()
      for (let tries = 0; isRevoked && tries < MENDING_TRIES_MAX; tries++) {
        await pause(MEND_AGAIN_MS)
        if (await mend(isRevoked)) isRevoked = false
      }
    },
    async silenceMercadoPago() {
      await add(
        'mercado-pago',
        everyRoute('mercado-pago', [
          { kind: 'error', status: 503, probability: 0.5 },
          { kind: 'drop', probability: 1 },
        ]),
      )
    },
    async hits() {
      let present = 0
      for (const part of PARTS) present += await hitsOf(part)
      return counted + present
    },
    refundsRefused: () => refused,
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
