import { HOUR_MS } from '../../../src/kernel/clock.ts'
import { instantAt } from '../../../src/kernel/zoned-time.ts'
import type { Fault, Outage } from '../rig/faults.ts'
import type { Crash } from '../rig/process.ts'

export const STUDENTS = ['ana', 'beto', 'caro', 'dani'] as const
export type Student = (typeof STUDENTS)[number]

/** Hours of the teacher's week that everybody wants, as ART dates and times. Few, so that people meet. */
export const SLOTS = [
  ['2026-11-23', '12:00'],
  ['2026-11-23', '13:00'],
  ['2026-11-24', '10:00'],
  ['2026-11-26', '18:00'],
] as const

export function slotAt(index: number): { start: string; end: string } {
  const [date, time] = SLOTS[index % SLOTS.length] ?? SLOTS[0]
  const start = instantAt(date, time)
  return { start: start.toISOString(), end: new Date(start.getTime() + HOUR_MS).toISOString() }
}

/** What a class of one, two … people costs, in pesos. */
export const PRICES = [15_000, 30_000, 36_000, 48_000, 60_000] as const

/** Things are named by the order in which they came up: "the third preference", whatever its id. One that does not exist is skipped. */
type Nth = number
/** The newest of them. */
export const LAST: Nth = -1

/** The one of that number, again from the first when there are not so many; null when there is none. */
export const nth = <T>(from: readonly T[], index: number): T | null =>
  from.at(index === LAST ? LAST : index % Math.max(1, from.length)) ?? null

export type Deed =
  | { do: 'checkout'; who: Student; slot: number; people: number; twice: boolean; keyed: boolean }
  | { do: 'prefer'; who: Student; people: number }
  | { do: 'book'; order: Nth; slot: number }
  | { do: 'pay'; order: Nth; how: PayHow }
  | { do: 'look'; order: Nth; at: 'api' | 'page' }
  | { do: 'join'; who: Student; class: Nth }
  | { do: 'enter'; who: Student; class: Nth }
  | { do: 'cancel'; class: Nth; by: 'host' | 'admin' }
  | { do: 'move'; class: Nth; by: 'host' | 'admin'; slot: number }
  | { do: 'refund'; order: Nth; of: 'order' | 'payment' }
  | { do: 'retry'; order: Nth }
  | { do: 'provider'; payment: Nth; event: ProviderEvent }
  | { do: 'notifications'; change: 'drop' | 'copies' | 'reverse' | 'delay' | 'pause' | 'resume' | 'second-secret' }
  | { do: 'refunds'; change: 'no-balance' | 'too-old' | 'in-process' | 'settle' | 'reject' }
  | { do: 'meet'; mode: 'pending' | 'failure' | 'success' | 'invalid' | 'phone-first' }
  | {
      do: 'teacher'
      change: 'busy' | 'delete-event' | 'rename-event' | 'drag-event' | 'drag-aside' | 'revoke' | 'reconnect' | 'blackout'
      slot: number
      class: Nth
    }
  /** What the teacher says to the oldest move by hand that waits for a word. */
  | { do: 'proposal'; answer: 'accept' | 'put-back' }
  | { do: 'attack'; kind: AttackKind; order: Nth; class: Nth }

export type PayHow =
  | 'approved'
  | 'rejected'
  | 'twice'
  | 'half'
  | 'other-half'
  | 'too-much'
  | 'dollars'
  | 'other-collector'
  | 'no-reference'
  | 'foreign-reference'
  | 'late'
  /** In cash, with a ticket: paid when and if the buyer goes there. */
  | 'ticket'
export type ProviderEvent =
  | 'ticket-paid'
  | 'refund'
  | 'part-refund'
  | 'mediate'
  | 'mediation-won'
  | 'mediation-lost'
  | 'chargeback'
  | 'chargeback-won'
  | 'chargeback-lost'
  | 'hide'
/** Attempts to profit from somebody else's way to Google and back. */
const SIGN_IN_ATTACKS = ['invented-state', 'foreign-state', 'replayed-callback', 'foreign-consent'] as const
export type SignInAttack = (typeof SIGN_IN_ATTACKS)[number]

export const ATTACKS = [
  'price',
  'borrowed-preference',
  'forged-resource',
  'forged-signature',
  'no-signature',
  'other-id-signature',
  'guessed-code',
  'calendar-as-student',
  'return-page',
  'foreign-payment',
  'foreign-class',
  'foreign-cancel',
  'admin-as-student',
  'too-late-booking',
  'calendar-anonymous',
  ...SIGN_IN_ATTACKS,
] as const
export type AttackKind = (typeof ATTACKS)[number]

export const isSignInAttack = (kind: AttackKind): kind is SignInAttack => (SIGN_IN_ATTACKS as readonly AttackKind[]).includes(kind)

/** When something begins: so many minutes after what came before, or so many minutes from the start of a slot (if that is still ahead). */
export type When = { afterMinutes: number } | { slot: number; minutes: number }

export interface Action {
  deed: Deed
  when: When
  /** Begins while what came before is still under way. */
  meanwhile: boolean
}

/** One history: everything that decides how it goes. Made from its seed by `historyOf`, or cut down from such a one. */
export interface History {
  seed: number
  /** A second teacher gives classes, too, with the hours of the first and a calendar of her own. */
  isShared?: boolean
  actions: Action[]
  faults: Fault[]
  outages: Outage[]
  crashes: Crash[]
}
