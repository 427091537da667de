import { type Random, randomFrom } from '../../support/random.ts'
import { FAULT_KINDS, FAULTY_ROUTES, type Fault, type Outage } from '../rig/faults.ts'
import { CRASH_POINTS, type Crash } from '../rig/process.ts'
import {
  type Action,
  ATTACKS,
  type Deed,
  type History,
  LAST,
  type PayHow,
  type ProviderEvent,
  SLOTS,
  STUDENTS,
  type Student,
  type When,
} from './plan.ts'

const ACTIONS_MIN = 4
const ACTIONS_SPREAD = 9
/** So many histories in a hundred have two teachers. */
const SHARED_PERCENT = 15
const STATUSES = [401, 403, 404, 409, 410, 429, 500, 502, 503]
const PAUSES_MINUTES = [0, 0, 0, 0, 0, 0, 1, 1, 2, 5, 10, 19, 20, 21, 31, 60, 240, 1_440]
const PAYMENTS: readonly PayHow[] = [
  ...Array<PayHow>(10).fill('approved'),
  'rejected',
  'twice',
  'half',
  'other-half',
  'too-much',
  'dollars',
  'other-collector',
  'no-reference',
  'foreign-reference',
  'late',
  'late',
]
const PROVIDER_EVENTS: readonly ProviderEvent[] = [
  'refund',
  'part-refund',
  'mediate',
  'mediation-won',
  'mediation-lost',
  'chargeback',
  'chargeback-won',
  'chargeback-lost',
  'hide',
]

/** The history of a seed; nothing else goes into it. */
export function historyOf(seed: number): History {
  const random = randomFrom(seed)
  const actions: Action[] = []
  const count = ACTIONS_MIN + random.below(ACTIONS_SPREAD)
  const state = { orders: 0 }
  while (actions.length < count) {
    const deeds = nextDeeds(random, state)
    for (const [index, deed] of deeds.entries())
      actions.push({ deed, when: whenOf(random, deed), meanwhile: index === 0 && random.percent(35) })
  }
  // On a third of all days all goes smoothly at the providers: what only timing breaks is found there.
  const calm = random.percent(35)
  return {
    seed,
    // Drawn apart, so that the other histories are what they always were.
    ...(randomFrom(seed ^ 0x2eac).percent(SHARED_PERCENT) ? { isShared: true } : {}),
    actions,
    faults: calm ? [] : Array.from({ length: random.below(5) }, () => faultOf(random)),
    outages: calm || !random.percent(25) ? [] : [outageOf(random)],
    crashes: random.percent(40) ? [] : Array.from({ length: 1 + random.below(3) }, () => crashOf(random)),
  }
}

/** What somebody does next: mostly a booking that goes on, so that histories get somewhere. */
function nextDeeds(random: Random, state: { orders: number }): Deed[] {
  const order = state.orders === 0 ? 0 : random.below(state.orders)
  const latest = Math.max(0, state.orders - 1)
  const slot = random.below(SLOTS.length)
  const who = random.pick(STUDENTS)
  const people = random.pick([1, 1, 1, 2, 3])
  if (state.orders === 0 || random.percent(22)) {
    state.orders += 1
    const begun: Deed[] = random.percent(70)
      ? [{ do: 'checkout', who, slot, people, twice: random.percent(12), keyed: random.percent(25) }]
      : [{ do: 'prefer', who, people }, ...(random.percent(85) ? [{ do: 'book', order: state.orders - 1, slot } as const] : [])]
    return random.percent(65) ? [...begun, { do: 'pay', order: state.orders - 1, how: random.pick(PAYMENTS) }] : begun
  }
  const turn = random.below(100)
  if (turn < 2) return ticketOf(random, random.percent(60) ? latest : order)
  if (turn < 20) return [{ do: 'pay', order: random.percent(60) ? latest : order, how: random.pick(PAYMENTS) }]
  if (turn < 30) return [{ do: 'look', order, at: random.percent(50) ? 'api' : 'page' }]
  if (turn < 38) return [{ do: 'join', who, class: order }]
  if (turn < 41) return [{ do: 'enter', who, class: order }]
  if (turn < 49) return [{ do: 'cancel', class: order, by: random.percent(70) ? 'host' : 'admin' }]
  if (turn < 53) return [{ do: 'move', class: order, by: random.percent(70) ? 'host' : 'admin', slot }]
  if (turn < 57) return [{ do: 'refund', order, of: random.percent(70) ? 'order' : 'payment' }]
  if (turn < 59) return [{ do: 'retry', order }]
  if (turn === 59) return unseenDisputeOf(random, order)
  if (turn < 63) return disputeOf(random, order)
  if (turn < 70) return [{ do: 'provider', payment: order, event: random.pick(PROVIDER_EVENTS) }]
  if (turn < 76)
    return [
      { do: 'notifications', change: random.pick(['drop', 'copies', 'reverse', 'delay', 'pause', 'resume', 'second-secret'] as const) },
    ]
  if (turn < 80) return [{ do: 'refunds', change: random.pick(['no-balance', 'too-old', 'in-process', 'settle', 'reject'] as const) }]
  if (turn < 84) return [{ do: 'meet', mode: random.pick(['pending', 'failure', 'success', 'invalid', 'phone-first'] as const) }]
  if (turn < 86) {
    state.orders += 1
    return proposalOf(random, who, slot)
  }
  if (turn < 91)
    return [
      {
        do: 'teacher',
        change: random.pick(['busy', 'delete-event', 'rename-event', 'drag-event', 'revoke', 'reconnect', 'blackout'] as const),
        slot,
        class: order,
      },
    ]
  if (turn < 93) return [{ do: 'book', order, slot }]
  return [{ do: 'attack', kind: random.pick(ATTACKS), order, class: order }]
}

/** A ticket that is paid some time later, mostly. */
function ticketOf(random: Random, order: number): Deed[] {
  const ticket: Deed = { do: 'pay', order, how: 'ticket' }
  return random.percent(80) ? [ticket, { do: 'provider', payment: LAST, event: 'ticket-paid' }] : [ticket]
}

/** A class is paid, the teacher drags its event to where none could have been booked, and says what is meant by it, or does not. */
function proposalOf(random: Random, who: Student, slot: number): Deed[] {
  return [
    { do: 'checkout', who, slot, people: 1, twice: false, keyed: false },
    { do: 'pay', order: LAST, how: 'approved' },
    { do: 'teacher', change: 'drag-aside', slot: random.below(SLOTS.length), class: LAST },
    ...(random.percent(75) ? [{ do: 'proposal', answer: random.pick(['accept', 'put-back'] as const) } as const] : []),
  ]
}

/** A claim or a charge-back from its beginning to its end, with what may come between. */
function disputeOf(random: Random, order: number): Deed[] {
  const between: Deed[] = random.percent(50) ? [{ do: 'cancel', class: order, by: random.percent(50) ? 'host' : 'admin' }] : []
  const [opened, ended]: [ProviderEvent, ProviderEvent] = random.percent(60)
    ? ['mediate', random.percent(70) ? 'mediation-won' : 'mediation-lost']
    : ['chargeback', random.percent(50) ? 'chargeback-won' : 'chargeback-lost']
  return [{ do: 'provider', payment: order, event: opened }, ...between, { do: 'provider', payment: order, event: ended }]
}

/** Money that is claimed back before anybody has told us that it came. */
function unseenDisputeOf(random: Random, order: number): Deed[] {
  return [
    { do: 'notifications', change: 'pause' },
    { do: 'pay', order, how: random.pick(PAYMENTS) },
    { do: 'provider', payment: LAST, event: random.pick(['mediate', 'chargeback'] as const) },
    { do: 'notifications', change: 'resume' },
    ...(random.percent(50) ? [{ do: 'provider', payment: LAST, event: random.pick(PROVIDER_EVENTS) } as const] : []),
  ]
}

function whenOf(random: Random, deed: Deed): When {
  const aboutClass = deed.do === 'join' || deed.do === 'move' || deed.do === 'enter' || deed.do === 'cancel' || deed.do === 'provider'
  if (aboutClass && random.percent(45))
    return { slot: random.below(SLOTS.length), minutes: random.pick([-1_441, -61, -60, -30, -1, 0, 30, 60]) }
  return { afterMinutes: random.pick(PAUSES_MINUTES) }
}

function faultOf(random: Random): Fault {
  return {
    route: random.pick(FAULTY_ROUTES),
    nth: 1 + random.below(5),
    times: random.percent(75) ? 1 : 1 + random.below(10),
    kind: random.pick(FAULT_KINDS),
    status: random.pick(STATUSES),
  }
}

function outageOf(random: Random): Outage {
  const fromMinute = random.pick([0, 0, 1, 5, 15, 19, 25])
  return {
    service: random.pick(['mp', 'google', 'mail'] as const),
    fromMinute,
    toMinute: fromMinute + random.pick([2, 10, 25, 40, 180, 1_500]),
    kind: random.pick(['refused', 'silent', 'status'] as const),
  }
}

function crashOf(random: Random): Crash {
  const point = random.pick([...CRASH_POINTS, 'after-commit', 'after-call'] as const)
  const common = point === 'before-statement' || point === 'after-statement'
  return { process: random.pick(['A', 'B']), point, nth: 1 + random.below(common ? 120 : 30) }
}
