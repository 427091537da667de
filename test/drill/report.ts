import type { Figures } from './books.ts'
import type { DatabaseKind } from './options.ts'
import { HAND_DEEDS } from './plan.ts'
import type { Settled } from './settle.ts'
import type { Town } from './town.ts'

export interface Result {
  database: DatabaseKind
  seconds: number
  /** What people tried, hands did, and attackers sent. */
  town: Pick<Town, 'counts' | 'hands' | 'forged'>
  crashes: number
  faults: number
  recoveriesMs: readonly number[]
  webhooksInTheDrillMs: readonly number[]
  webhooksMs: readonly number[]
  webhooksApiDownMs: readonly number[]
  figures: Figures
  settled: Settled
  /** Refunds that Mercado Pago refused because it was told to. */
  refundsRefused: number
  /** How often the sabotage changed a statement; null when it changes none. */
  rewritten: number | null
  /** Errors that the processes logged, how often each. */
  logged: ReadonlyMap<string, number>
}

const LOGGED_SHOWN_MAX = 12
const BREACHES_SHOWN_MAX = 30
const LABEL_WIDTH = 46

/** Everything that must be zero is, nothing is left to do, and there was something to lose. */
export function isClean({ figures, settled }: Result): boolean {
  return zeros(figures).every(([, value]) => value === 0) && settled.unfinished.length === 0 && provesSomething(figures)
}

/** People who got nowhere, because the product was away all the time, cannot have lost anything. Whoever gave a class up had got it. */
function provesSomething({ classes, classesCancelled, paymentsApproved }: Figures): boolean {
  return classes + classesCancelled > 0 && paymentsApproved > 0
}

export function reportLines(result: Result): string[] {
  const { figures, settled } = result
  const { counts, hands, forged } = result.town
  const byHand = HAND_DEEDS.map((deed) => hands.filter((hand) => hand.deed === deed).length)
  const plain: [string, string | number][] = [
    ['students', counts.signedIn],
    ['requests (failed with 5xx or cut off)', `${counts.requests} (${counts.failures})`],
    ['holds (ended unpaid)', `${figures.holds} (${figures.holdsEnded})`],
    ['payments tried (approved)', `${figures.paymentsTried} (${figures.paymentsApproved})`],
    ['classes (cancelled after they were paid)', `${figures.classes} (${figures.classesCancelled})`],
    ['moved by host or admin (refused), given up', `${counts.moved} (${counts.movesRefused}), ${counts.cancelled}`],
    ['guests who joined (turned away)', `${figures.guests} (${counts.turnedAway})`],
    ['refunds', figures.refunds],
    ['  refused by Mercado Pago, left in process', `${result.refundsRefused}, ${settled.inProcess}`],
    ['claims and charge-backs (that came to an end)', `${counts.disputes} (${counts.disputesEnded})`],
    ['cash tickets paid days later', counts.cashLate],
    ['pesos in, back', `${figures.pesosIn}, ${figures.pesosBack}`],
    ['open cases on the admin list (tried once more)', `${figures.openCases} (${settled.retried})`],
    ['by hand: moved, shifted, deleted, renamed', byHand.slice(0, 4).join(', ')],
    ['  appointments, of those right after a question', `${(byHand[4] ?? 0) + (byHand[5] ?? 0)}, ${byHand[5]}`],
    ['  noticed by the product, answered by the admin', `${figures.handsNoticed}, ${settled.answered}`],
    ['calendar connected again', counts.reconnected],
    ['forged notifications refused', forged.refused],
    ['requests of ours to a provider hit by a fault', result.faults],
    ...(result.rewritten === null ? [] : [['statements changed by the sabotage', result.rewritten] as [string, number]]),
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
    ...settled.unfinished.map((what) => `   ! not settled: ${what}`),
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
