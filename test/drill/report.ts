import type { Figures } from './books.ts'
import type { DatabaseKind } from './options.ts'

export interface Result {
  database: DatabaseKind
  seconds: number
  students: number
  requests: number
  requestsFailed: number
  joinsTurnedAway: number
  crashes: number
  faults: number
  recoveriesMs: readonly number[]
  webhooksInTheDrillMs: readonly number[]
  webhooksMs: readonly number[]
  webhooksApiDownMs: readonly number[]
  figures: Figures
  unfinished: readonly string[]
  /** Cases that the admin had tried once more. */
  retried: number
  /** Errors that the processes logged, how often each. */
  logged: ReadonlyMap<string, number>
}

const LOGGED_SHOWN_MAX = 12
const BREACHES_SHOWN_MAX = 30
const LABEL_WIDTH = 46

/** Everything that must be zero is, nothing is left to do, and there was something to lose. */
export function isClean({ figures, unfinished }: Result): boolean {
  return zeros(figures).every(([, value]) => value === 0) && unfinished.length === 0 && provesSomething(figures)
}

/** People who got nowhere, because the product was away all the time, cannot have lost anything. */
function provesSomething({ classes, paymentsApproved }: Figures): boolean {
  return classes > 0 && paymentsApproved > 0
}

export function reportLines(result: Result): string[] {
  const { figures } = result
  const plain: [string, string | number][] = [
    ['students', result.students],
    ['requests (failed with 5xx or cut off)', `${result.requests} (${result.requestsFailed})`],
    ['holds (ended unpaid)', `${figures.holds} (${figures.holdsEnded})`],
    ['payments tried (approved)', `${figures.paymentsTried} (${figures.paymentsApproved})`],
    ['classes (cancelled after they were paid)', `${figures.classes} (${figures.classesCancelled})`],
    ['guests who joined (turned away)', `${figures.guests} (${result.joinsTurnedAway})`],
    ['refunds', figures.refunds],
    ['pesos in, back', `${figures.pesosIn}, ${figures.pesosBack}`],
    ['open cases on the admin list (tried once more)', `${figures.openCases} (${result.retried})`],
    ['requests of ours to a provider hit by a fault', result.faults],
    ['crashes survived (kill -9)', result.crashes],
    ['recovery, ms: median, 95th percentile, max', threeOf(result.recoveriesMs)],
    ['webhook answered, ms: median, 99th percentile', twoOf(result.webhooksMs)],
    ['  with the API of Mercado Pago down', twoOf(result.webhooksApiDownMs)],
    ['  in the thick of the drill', twoOf(result.webhooksInTheDrillMs)],
  ]
  return [
    `── ${result.database} · ${result.seconds.toFixed(0)} s`,
    ...plain.map(([label, value]) => `   ${label.padEnd(LABEL_WIDTH)} ${value}`),
    ...zeros(figures).map(([label, value]) => `   ${label.padEnd(LABEL_WIDTH)} ${value}${value === 0 ? '' : '   ◄── must be 0'}`),
    ...figures.breaches.slice(0, BREACHES_SHOWN_MAX).map(({ kind, what }) => `   ! ${kind}: ${what}`),
    ...(figures.breaches.length > BREACHES_SHOWN_MAX ? [`   ! and ${figures.breaches.length - BREACHES_SHOWN_MAX} more`] : []),
    ...(provesSomething(figures) ? [] : ['   ! nobody got a class: this drill proves nothing']),
    ...result.unfinished.map((what) => `   ! not settled: ${what}`),
    ...loggedLines(result.logged),
  ]
}

function zeros(figures: Figures): [string, number][] {
  return [
    ['double classes', figures.doubleClasses],
    ['lost pesos', figures.lostPesos],
    ['over-full classes', figures.overFullClasses],
    ['duplicate events', figures.duplicateEvents],
    ['unanswered payments', figures.unansweredPayments],
    ['other broken invariants', figures.otherBreaches],
  ]
}

function loggedLines(logged: ReadonlyMap<string, number>): string[] {
  const most = [...logged].sort(([, a], [, b]) => b - a).slice(0, LOGGED_SHOWN_MAX)
  return most.length === 0 ? [] : ['   errors in the logs:', ...most.map(([text, times]) => `     ${String(times).padStart(5)} × ${text}`)]
}

function threeOf(times: readonly number[]): string {
  return [percentile(times, 0.5), percentile(times, 0.95), percentile(times, 1)].join(', ')
}

function twoOf(times: readonly number[]): string {
  return `${percentile(times, 0.5)}, ${percentile(times, 0.99)} (of ${times.length})`
}

/** Nearest rank; "-" of nothing. */
function percentile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return value === undefined ? '-' : value < 100 ? value.toFixed(1) : value.toFixed(0)
}
