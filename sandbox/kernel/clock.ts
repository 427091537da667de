/** The sandbox's one clock: it runs at real pace and can be moved. The application follows it while the sandbox is on. */
export interface SandboxClock {
  now(): Date
  /** Moves the clock by a number of milliseconds (negative moves it back). */
  advance(milliseconds: number): void
  /** Sets the clock to an instant; it keeps running from there. */
  set(to: Date): void
  /** Calls the listener after every move. Returns the function that stops it. */
  onMove(listener: () => void): () => void
  /** Distance to real time, in milliseconds; persisted with the sandbox's state. */
  readonly offsetMs: number
}

export function createSandboxClock(offsetMs = 0, realNow: () => number = Date.now): SandboxClock {
  let offset = offsetMs
  const listeners = new Set<() => void>()
  const moved = () => {
    for (const listener of listeners) listener()
  }
  return {
    now: () => new Date(realNow() + offset),
    advance(milliseconds) {
      offset += milliseconds
      moved()
    },
    set(to) {
      offset = to.getTime() - realNow()
      moved()
    },
    onMove(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    get offsetMs() {
      return offset
    },
  }
}
