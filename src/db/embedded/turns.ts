/** Whoever can wait gets a turn after so many others at the latest. */
const OTHERS_FIRST_MAX = 8
/** So long the connection goes from one to the next before everything else in this process has its turn. */
const STRETCH_MS = 10

/** Turns at something that serves one at a time. */
export interface Turns {
  /** Resolves when it is one's turn. `patient`: others go first, but not for ever. */
  take(patient: boolean): Promise<void>
  /** Ends the turn. */
  give(): void
}

/** The event loop, where real time passes. */
export interface EventLoop {
  /** Milliseconds. */
  now(): number
  /** Calls `goOn` when sockets and timers have been looked at. */
  afterTurn(goOn: () => void): void
}

export const eventLoop: EventLoop = { now: () => performance.now(), afterTurn: (goOn) => void setImmediate(goOn) }

/**
 * With a `loop` nobody follows at once when a stretch is over: a database that answers without a turn of the event loop would go from one of a crowd to
 * the next until all are through, and whoever came meanwhile would not even be heard. Whoever was heard in between is next if they are to go first.
 */
export function createTurns(loop: EventLoop | null = null): Turns {
  const hurried: (() => void)[] = []
  const patient: (() => void)[] = []
  let taken = false
  let hurriedInARow = 0
  let stretchBegan = loop?.now() ?? 0

  function next(): (() => void) | undefined {
    if (patient.length > 0 && (hurried.length === 0 || hurriedInARow >= OTHERS_FIRST_MAX)) {
      hurriedInARow = 0
      return patient.shift()
    }
    hurriedInARow += 1
    return hurried.shift()
  }

  function passOn(): void {
    const goOn = next()
    // Whoever waits goes on at once: it stays taken.
    if (goOn) goOn()
    else taken = false
  }

  return {
    async take(canWait) {
      if (taken) await new Promise<void>((resolve) => (canWait ? patient : hurried).push(resolve))
      taken = true
    },
    give() {
      if (!loop || loop.now() - stretchBegan < STRETCH_MS) return passOn()
      loop.afterTurn(() => {
        stretchBegan = loop.now()
        passOn()
      })
    },
  }
}
