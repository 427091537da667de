import type { Action, Deed, History } from './history/plan.ts'
import type { Fault, FaultKind } from './rig/faults.ts'

/** Histories bent towards one protection, so that its loss shows in nearly every one of them and a control does not depend on luck. */
export type Bend = (history: History) => History

const CALM = { faults: [], outages: [], crashes: [] }
/** A slot that is far enough ahead for the money to go back whole. */
const FAR_SLOTS = [2, 3]

/** Processes that die right after a commit, again and again. */
export const dyingAfterCommits: Bend = (history) => ({
  ...history,
  ...CALM,
  crashes: ['A', 'B'].flatMap((process) =>
    [2, 9, 16, 23].map((nth) => ({ process, point: 'after-commit' as const, nth: nth + (history.seed % 7) })),
  ),
})

/** The provider's notifications come late, everything else goes well. */
export const withoutNotifications: Bend = (history) => ({
  seed: history.seed,
  actions: [
    { deed: { do: 'notifications', change: 'pause' }, when: { afterMinutes: 0 }, meanwhile: false },
    ...history.actions.filter(
      ({ deed }) => deed.do !== 'notifications' && deed.do !== 'look' && !(deed.do === 'provider' && deed.event === 'hide'),
    ),
  ],
  ...CALM,
})

/** The event of a paid class is made, and its maker does not hear of it: there is a second attempt. */
export const eventsWithLostAnswers: Bend = ({ seed }) => ({
  ...CALM,
  seed,
  actions: paidClass(seed),
  faults: [fault(seed, 'google insert', ['lost', 'failed', 'cut', 'mute'])],
})

/** Google does not make the event of a paid class at the first attempt. */
export const eventsAtTheSecondTry: Bend = ({ seed }) => ({
  ...CALM,
  seed,
  actions: paidClass(seed),
  faults: [fault(seed, 'google insert', ['refused', 'status', 'html', 'silent'])],
})

/** A paid class is cancelled, and the provider does not give the money back at the first attempt. */
export const refundsAtTheSecondTry: Bend = ({ seed }) => ({
  ...CALM,
  seed,
  actions: [
    ...paidClass(seed),
    soon({ do: 'cancel', class: 0, by: seed % 2 === 0 ? 'host' : 'admin' }, 5),
    soon({ do: 'look', order: 0, at: 'api' }, 5),
  ],
  faults: [fault(seed, 'mp refund', ['refused', 'status', 'html', 'silent'])],
})

/** Somebody books an hour on another day and pays, and the work that follows is done before anything else happens. */
function paidClass(seed: number): Action[] {
  const who = 'ana'
  const people = 1 + (seed % 3)
  const slot = FAR_SLOTS[seed % FAR_SLOTS.length] ?? 3
  return [
    soon({ do: 'checkout', who, slot, people, twice: false, keyed: false }, 0),
    soon({ do: 'pay', order: 0, how: 'approved' }, seed % 4),
    soon({ do: 'look', order: 0, at: 'page' }, 5),
  ]
}

const soon = (deed: Deed, afterMinutes: number): Action => ({ deed, when: { afterMinutes }, meanwhile: false })

/** The first call of this route goes wrong in one of these ways. */
function fault(seed: number, route: string, kinds: readonly FaultKind[]): Fault {
  return { route, nth: 1, times: 1, kind: kinds[seed % kinds.length] ?? 'refused', status: 503 }
}
