import { SECOND_MS } from '../kernel/clock.ts'

/**
 * What a request is to the others: none waits behind a crowd of another kind. `asking` and bookings wait for Mercado Pago or Google, and some of those
 * that `write` as well; so whoever enters a class with a code does not wait behind them.
 */
export type Lane = 'read' | 'asking' | 'write' | 'entering' | 'booking' | 'notification'

export interface LaneLimits {
  /** Requests that are worked on at once. */
  atWorkMax: number
  /** Requests that wait for that; the next one is turned away. */
  waitingMax: number
  /** Whoever has waited for so long is turned away as well: their browser is about to give up. */
  waitMsMax: number
}

/** How many requests this process takes at once, and whether it takes any more at all. */
export interface Doors {
  /** A place, as soon as there is one; null: it is too full. What it returns gives the place back. */
  enter(lane: Lane): Promise<(() => void) | null>
  /** Being stopped: a proxy should send nothing more here. */
  isClosing(): boolean
  startClosing(): void
  /** Whoever waits is turned away now, and nobody waits any more: there is time for what was begun, not for what was not. */
  endWaiting(): void
}

/**
 * Whoever looks at a page has to take turns with everybody who is at work, a dozen times: the fewer bookings are at work at once, the less a crowd
 * of buyers is felt by others, and more of them at once would not be faster. A thousand buyers of one slot find room to wait.
 */
export const LIMITS: Readonly<Record<Lane, LaneLimits>> = {
  read: { atWorkMax: 40, waitingMax: 500, waitMsMax: 3 * SECOND_MS },
  asking: { atWorkMax: 40, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
  write: { atWorkMax: 30, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
  entering: { atWorkMax: 16, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
  booking: { atWorkMax: 16, waitingMax: 1_000, waitMsMax: 10 * SECOND_MS },
  notification: { atWorkMax: 16, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
}

export function createDoors(limits: Readonly<Record<Lane, LaneLimits>> = LIMITS): Doors {
  const lanes = {
    read: openLane(limits.read),
    asking: openLane(limits.asking),
    write: openLane(limits.write),
    entering: openLane(limits.entering),
    booking: openLane(limits.booking),
    notification: openLane(limits.notification),
  }
  let closing = false
  return {
    enter: (lane) => lanes[lane].enter(),
    isClosing: () => closing,
    startClosing() {
      closing = true
    },
    endWaiting() {
      for (const lane of Object.values(lanes)) lane.endWaiting()
    },
  }
}

interface OpenLane {
  enter(): ReturnType<Doors['enter']>
  endWaiting(): void
}

interface Waiting {
  comeIn(): void
  goAway(): void
}

/** First come, first served. */
function openLane({ atWorkMax, waitingMax, waitMsMax }: LaneLimits): OpenLane {
  const waiting = new Set<Waiting>()
  let atWork = 0
  let waitingEnded = false

  function place(): () => void {
    atWork += 1
    let given = true
    return () => {
      if (!given) return
      given = false
      atWork -= 1
      const [next] = waiting
      next?.comeIn()
    }
  }

  return {
    async enter() {
      if (atWork < atWorkMax) return place()
      if (waitingEnded || waiting.size >= waitingMax) return null
      return new Promise((resolve) => {
        const settle = (given: (() => void) | null) => {
          waiting.delete(one)
          clearTimeout(patience)
          resolve(given)
        }
        const one: Waiting = { comeIn: () => settle(place()), goAway: () => settle(null) }
        const patience = setTimeout(one.goAway, waitMsMax)
        waiting.add(one)
      })
    },
    endWaiting() {
      waitingEnded = true
      for (const one of [...waiting]) one.goAway()
    },
  }
}
