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

/** Things are named by the order in which they came up: "the third preference", whatever its id. One that does not exist is skipped. */
type Nth = number
/** The newest of them. */
export const LAST: Nth = -1

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
  | { do: 'refunds'; change: 'no-balance' | 'too-old' | 'in-process' | 'settle' }
  | { do: 'meet'; mode: 'pending' | 'failure' | 'success' | 'invalid' }
  | {
      do: 'teacher'
      change: 'busy' | 'delete-event' | 'move-event' | 'drag-event' | 'revoke' | 'reconnect' | 'blackout'
      slot: number
      class: Nth
    }
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
export type ProviderEvent =
  | 'refund'
  | 'part-refund'
  | 'mediate'
  | 'mediation-won'
  | 'mediation-lost'
  | 'chargeback'
  | 'chargeback-won'
  | 'chargeback-lost'
  | 'hide'
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
] as const
export type AttackKind = (typeof ATTACKS)[number]

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
