import type { Breach } from '../../support/invariants.ts'

/** What the rules shared with other tests call so is judged here in another way: a history has faults, crashes and late cancellations. */
type JudgedApart = 'money' | 'work' | 'event' | 'events'
const JUDGED_APART: readonly Breach['kind'][] = ['money', 'work', 'event', 'events'] satisfies JudgedApart[]

/**
 * Every kind of violation that a history can show: what a line of it begins with. Each has a control that shows it, or says where else it has one
 * (`controls.test.ts`, which looks for kinds that are missing here, too).
 */
export const KINDS = [
  // Classes, seats and hours.
  'overlap',
  'own-hour',
  'seats',
  'host',
  'scheduled',
  'code',
  'hold',
  'holds',
  'release',
  'state',
  'event',
  // Money.
  'price',
  'returned',
  'gift',
  'silent',
  'case',
  'refund',
  'refund-key',
  'statement',
  // What people are told, and what outsiders may do.
  'notice',
  'answer',
  'attack',
  'replay',
  // What a process must never do.
  'transaction',
  'call',
  'work',
  'failure',
  'bug',
  'stuck',
] as const
export type Kind = (typeof KINDS)[number]

/** A breach of the rules that are shared with other tests, as a line of a history; null when it is judged apart. */
export function lineOf({ kind, what }: Pick<Breach, 'kind' | 'what'>): string | null {
  if (isJudgedApart(kind)) return null
  const known: Kind = kind
  return `${known}: ${what}`
}

function isJudgedApart(kind: Breach['kind']): kind is JudgedApart {
  return JUDGED_APART.includes(kind)
}

/** "silent" of "silent: payment 121 …". */
export const kindOf = (violation: string) => violation.split(':')[0] ?? ''
