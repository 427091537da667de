import type { Rig } from './rig.ts'

/** A place where somebody waits until he is let go, so that a test can say who comes first. */
export interface Stop {
  /** Resolves when somebody has arrived. */
  arrived: Promise<void>
  /** Whoever calls this waits for `release`. */
  wait(): Promise<void>
  release(): void
}

export function createStop(): Stop {
  const arrival = Promise.withResolvers<void>()
  const departure = Promise.withResolvers<void>()
  return {
    arrived: arrival.promise,
    wait() {
      arrival.resolve()
      return departure.promise
    },
    release: departure.resolve,
  }
}

const LOOKS_MAX = 2_000

/**
 * Resolves when `work` has ended or waits for a lock that somebody else of this database holds: it gets no further by itself.
 * The database is asked again and again, a bounded number of times; nothing is guessed from how long it takes.
 */
export async function untilEndedOrBlocked(rig: Rig, work: Promise<unknown>): Promise<'ended' | 'blocked'> {
  let ended = false
  void work.then(
    () => {
      ended = true
    },
    () => {
      ended = true
    },
  )
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    if (ended) return 'ended'
    const waiting = await rig.world.rows(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock'`,
    )
    if (waiting.length > 0) return 'blocked'
  }
  throw new Error('Neither ended nor blocked')
}
