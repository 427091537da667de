/** Whoever can wait gets a turn after so many others at the latest. */
const OTHERS_FIRST_MAX = 8

/** Turns at something that serves one at a time. */
export interface Turns {
  /** Resolves when it is one's turn. `patient`: others go first, but not for ever. */
  take(patient: boolean): Promise<void>
  /** Ends the turn. */
  give(): void
}

export function createTurns(): Turns {
  const hurried: (() => void)[] = []
  const patient: (() => void)[] = []
  let taken = false
  let hurriedInARow = 0

  function next(): (() => void) | undefined {
    if (patient.length > 0 && (hurried.length === 0 || hurriedInARow >= OTHERS_FIRST_MAX)) {
      hurriedInARow = 0
      return patient.shift()
    }
    hurriedInARow += 1
    return hurried.shift()
  }

  return {
    async take(canWait) {
      if (taken) await new Promise<void>((resolve) => (canWait ? patient : hurried).push(resolve))
      taken = true
    },
    give() {
      const goOn = next()
      // Whoever waits goes on at once: it stays taken.
      if (goOn) goOn()
      else taken = false
    },
  }
}
