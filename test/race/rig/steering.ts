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
