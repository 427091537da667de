import { type Action, type AttackKind, type Deed, type History, type PayHow, SLOTS, STUDENTS } from './history/plan.ts'
import type { Fault, FaultKind } from './rig/faults.ts'

/**
 * Histories bent towards one protection: short ones in which what it protects from happens, in another way for every seed. Its loss shows in
 * most of them, so that a control neither takes long nor depends on luck.
 */
export type Bend = (seed: number) => History

const CALM = { faults: [], outages: [], crashes: [] }
/** Slots that are far enough ahead for the money to go back whole. */
const FAR_SLOTS = [2, 3]
const CARRIED_OUT: readonly FaultKind[] = ['lost', 'failed', 'cut', 'mute']
const NOT_CARRIED_OUT: readonly FaultKind[] = ['refused', 'status', 'html', 'silent']
const FORGERIES: readonly AttackKind[] = ['forged-signature', 'no-signature', 'other-id-signature']

/** Three people want each hour at the same moment. */
export const crowdedSlots: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: SLOTS.flatMap((_, slot) =>
    [0, 1, 2].map((nth) => ({ ...soon(checkout(slot, 1, nth + slot), nth === 0 ? 1 : 0), meanwhile: nth > 0 })),
  ),
})

/** One person wants each hour twice, as one person and as two, and there are two teachers. */
export const sameHourTwice: Bend = (seed) => ({
  ...CALM,
  seed,
  isShared: true,
  actions: SLOTS.flatMap((_, slot) => [soon(checkout(slot, 1, slot + seed), 1), soon(checkout(slot, 2, slot + seed), seed % 3)]),
})

/** Everything goes well, and processes die right after a commit, again and again. */
export const dyingAfterCommits: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...SLOTS.flatMap((_, slot) => [soon(checkout(slot, 1, slot), 0), soon({ do: 'pay', order: slot, how: 'approved' }, 1)]),
    ...FAR_SLOTS.map((nth) => soon({ do: 'cancel', class: nth, by: 'admin' }, 10)),
  ],
  crashes: ['A', 'B'].flatMap((process) =>
    Array.from({ length: 12 }, (_, nth) => ({ process, point: 'after-commit' as const, nth: 2 + 5 * nth + (seed % 5) })),
  ),
})

/** A class is paid with something that is not its price in pesos into our account. */
export const paidWith =
  (...ways: readonly PayHow[]): Bend =>
  (seed) => ({ ...CALM, seed, actions: paidClass(seed, ways[seed % ways.length]) })

/** A class is paid while the provider's notifications do not come, and nobody looks until its hour is over. */
export const withoutNotifications: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    soon({ do: 'notifications', change: 'pause' }, 0),
    soon(checkout(seed % 2, 1, seed), 0),
    soon({ do: 'pay', order: 0, how: 'approved' }, 2 + (seed % 15)),
    soon({ do: 'notifications', change: 'resume' }, 300),
  ],
})

/** An hour is held, and neither paid nor asked about any more. */
export const unpaidHold: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [soon(checkout(seed % SLOTS.length, 1 + (seed % 3), seed), seed)],
})

/** A payment is rejected, and looked at again and again. */
export const rejectedPayment: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [...paidClass(seed, 'rejected'), ...[1, 1 + (seed % 5), 2].map((pause) => soon({ do: 'look', order: 0, at: 'api' }, pause))],
})

/** Somebody makes up a notification. */
export const forgedNotifications: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: FORGERIES.map((_, nth) =>
    soon({ do: 'attack', kind: FORGERIES[(seed + nth) % FORGERIES.length] ?? 'no-signature', order: 0, class: 0 }, nth),
  ),
})

/** Somebody uses the admin's way back from Google a second time. */
export const replayedCallback: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [soon({ do: 'attack', kind: 'replayed-callback', order: 0, class: 0 }, seed)],
})

/** The event of a paid class is made, and its maker does not hear of it: there is a second attempt. */
export const eventsWithLostAnswers: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: paidClass(seed),
  faults: [fault(seed, 'google insert', CARRIED_OUT)],
})

/** Google does not make the event of a paid class at the first attempt. */
export const eventsAtTheSecondTry: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: paidClass(seed),
  faults: [fault(seed, 'google insert', NOT_CARRIED_OUT)],
})

/** A paid class is cancelled by its host or by the teacher. */
export const cancelledClass: Bend = (seed) => ({ ...CALM, seed, actions: cancelled(seed) })

/** A paid class is cancelled, and the provider does not give the money back at the first attempt. */
export const refundsAtTheSecondTry: Bend = (seed) => ({ ...cancelledClass(seed), faults: [fault(seed, 'mp refund', NOT_CARRIED_OUT)] })

/** Two classes are paid, and the first of them is cancelled. */
export const oneOfTwoCancelled: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...FAR_SLOTS.flatMap((slot, nth) => [soon(checkout(slot, 1, nth + seed), 1), soon({ do: 'pay', order: nth, how: 'approved' }, 1)]),
    soon({ do: 'cancel', class: 0, by: seed % 2 === 0 ? 'host' : 'admin' }, 5),
    ...[0, 1].map((order) => soon({ do: 'look', order, at: 'api' }, 5)),
  ],
})

/** A paid class is given up by its host when it is too late for the money to go back. */
export const cancelledTooLate: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    soon(checkout(seed % 2, 1 + (seed % 3), seed), 0),
    soon({ do: 'pay', order: 0, how: 'approved' }, 1 + (seed % 4)),
    soon({ do: 'look', order: 0, at: 'page' }, 5),
    soon({ do: 'cancel', class: 0, by: 'host' }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
})

/** An hour is held, given up by its host, and paid all the same. */
export const paidAfterGivenUp: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    soon(checkout(seed % SLOTS.length, 1 + (seed % 3), seed), 0),
    soon({ do: 'cancel', class: 0, by: 'host' }, 1 + (seed % 5)),
    soon({ do: 'pay', order: 0, how: 'late' }, 1 + (seed % 3)),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
})

/** Somebody has the order first and books with it. */
export const bookedWithAnOrder: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    soon({ do: 'prefer', who: STUDENTS[seed % STUDENTS.length] ?? 'ana', people: 1 + (seed % 3) }, 0),
    soon({ do: 'book', order: 0, slot: seed % SLOTS.length }, 1),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
})

/** The money of a paid class goes back without our doing, in the provider's panel or because a claim was lost. */
export const givenBack: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...paidClass(seed),
    ...(seed % 3 === 0 ? [soon({ do: 'provider', payment: 0, event: 'mediate' }, 5)] : []),
    soon({ do: 'provider', payment: 0, event: seed % 3 === 0 ? 'mediation-lost' : 'refund' }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
})

/** A payment is rejected, then one is made, and the provider tells only of the first. */
export const unheardAfterRejected: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    soon(checkout(seed % 2, 1, seed), 0),
    soon({ do: 'pay', order: 0, how: 'rejected' }, 1),
    soon({ do: 'notifications', change: 'pause' }, 1),
    soon({ do: 'pay', order: 0, how: 'approved' }, 1 + (seed % 12)),
    soon({ do: 'notifications', change: 'resume' }, 300),
  ],
})

/** The teacher gives the event of a paid class another name, and the class is moved afterwards. */
export const renamedAndMoved: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...paidClass(seed),
    soon({ do: 'teacher', change: 'rename-event', slot: 0, class: 0 }, 5),
    soon({ do: 'move', class: 0, by: seed % 3 === 0 ? 'admin' : 'host', slot: FAR_SLOTS[(seed + 1) % 2] ?? 2 }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
})

/** A class is paid twice, and its teacher has an appointment at the same hour. */
export const paidTwiceInConflict: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...paidClass(seed, 'twice'),
    soon({ do: 'teacher', change: 'busy', slot: FAR_SLOTS[seed % 2] ?? 3, class: 0 }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 15),
  ],
})

/** Somebody claims their money back, and the claim comes to nothing. */
export const claimThatEnds: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [
    ...paidClass(seed),
    soon({ do: 'provider', payment: 0, event: 'mediate' }, seed % 10),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
    soon({ do: 'provider', payment: 0, event: 'mediation-won' }, 5),
  ],
})

/** Some of the money of a paid class goes back without our doing. */
export const givenBackInPart: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [...paidClass(seed), soon({ do: 'provider', payment: 0, event: 'part-refund' }, 5)],
})

/** Money comes that names no order, and nobody is told. */
export const unheardMoney: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: [soon({ do: 'notifications', change: 'drop' }, 0), ...paidClass(seed, 'no-reference')],
})

/** The provider does not answer who asks for the payments of an order. */
export const unansweredSearch: Bend = (seed) => ({
  ...CALM,
  seed,
  actions: paidClass(seed),
  faults: [fault(seed, 'mp payment.search', ['silent', 'mute'])],
})

/** Somebody books an hour on another day and pays, and the work that follows is done before anything else happens. */
function paidClass(seed: number, how: PayHow = 'approved'): Action[] {
  return [
    soon(checkout(FAR_SLOTS[seed % 2] ?? 3, 1 + (seed % 3), seed), 0),
    soon({ do: 'pay', order: 0, how }, seed % 4),
    soon({ do: 'look', order: 0, at: 'page' }, 5),
  ]
}

function cancelled(seed: number): Action[] {
  return [
    ...paidClass(seed),
    soon({ do: 'cancel', class: 0, by: seed % 2 === 0 ? 'host' : 'admin' }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ]
}

function checkout(slot: number, people: number, who: number): Deed {
  return { do: 'checkout', who: STUDENTS[who % STUDENTS.length] ?? 'ana', slot, people, twice: false, keyed: false }
}

const soon = (deed: Deed, afterMinutes: number): Action => ({ deed, when: { afterMinutes }, meanwhile: false })

/** The first call of this route goes wrong in one of these ways. */
function fault(seed: number, route: string, kinds: readonly FaultKind[]): Fault {
  return { route, nth: 1, times: 1, kind: kinds[seed % kinds.length] ?? 'refused', status: 503 }
}
