export interface Ticker {
  /** Runs everything that is due. Runs never overlap; a call during a run waits for one more run, shared by all such calls. */
  tick(): Promise<void>
}

export function createTicker(run: () => Promise<void>): Ticker {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined

  function tick(): Promise<void> {
    if (!running) {
      running = run().finally(() => {
        running = undefined
      })
      return running
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined
        return tick()
      })
    return next
  }
  return { tick }
}
