import { SECOND_MS } from '../kernel/clock.ts'

/** What a request is to the others: none waits behind a crowd of another kind. Bookings wait for Mercado Pago, too. */
export type Lane = 'read' | 'write' | 'booking' | 'notification'

interface LaneLimits {
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
}

/**
 * Whoever looks at a page has to take turns with everybody who is at work, a dozen times: the fewer bookings are at work at once, the less a crowd
 * of buyers is felt by others, and more of them at once would not be faster. A thousand buyers of one slot find room to wait.
 */
export const LIMITS: Readonly<Record<Lane, LaneLimits>> = {
  read: { atWorkMax: 40, waitingMax: 500, waitMsMax: 3 * SECOND_MS },
  write: { atWorkMax: 30, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
  booking: { atWorkMax: 16, waitingMax: 1_000, waitMsMax: 10 * SECOND_MS },
  notification: { atWorkMax: 16, waitingMax: 500, waitMsMax: 5 * SECOND_MS },
}

export function createDoors(limits: Readonly<Record<Lane, LaneLimits>> = LIMITS): Doors {
  const lanes = {
    read: openLane(limits.read),
    write: openLane(limits.write),
    booking: openLane(limits.booking),
    notification: openLane(limits.notification),
  }
  let closing = false
  return {
    enter: (lane) => lanes[lane](),
    isClosing: () => closing,
    startClosing() {
      closing = true
    },
  }
}

/** First come, first served. */
function openLane({ atWorkMax, waitingMax, waitMsMax }: LaneLimits): () => ReturnType<Doors['enter']> {
  const waiting = new Set<() => void>()
  let atWork = 0

  function place(): () => void {
    atWork += 1
    let given = true
    return () => {
      if (!given) return
      given = false
      atWork -= 1
      const [next] = waiting
      next?.()
    }
  }

  return async () => {
    if (atWork < atWorkMax) return place()
    if (waiting.size >= waitingMax) return null
    return new Promise((resolve) => {
      const comeIn = () => {
        waiting.delete(comeIn)
        clearTimeout(patience)
        resolve(place())
      }
      const patience = setTimeout(() => {
        waiting.delete(comeIn)
        resolve(null)
      }, waitMsMax)
      waiting.add(comeIn)
    })
  }
}
