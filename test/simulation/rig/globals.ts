import { type VirtualClock, virtualDate } from './clock.ts'
import { currentLife, running } from './process.ts'
import type { Scheduler } from './scheduler.ts'

interface Handle {
  id: number
  ref(): Handle
  unref(): Handle
  hasRef(): boolean
  refresh(): Handle
  [Symbol.toPrimitive](): number
}

/** Replaces `Date`, timers and `fetch` by virtual ones. The event loop's own turns stay real. */
export function replaceGlobals(clock: VirtualClock, scheduler: Scheduler, fetcher: typeof fetch): { undo(): void } {
  const before = {
    Date: globalThis.Date,
    fetch: globalThis.fetch,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  }
  let lastIgnored = 0
  const start =
    (repeats: boolean) =>
    (run: (...given: unknown[]) => void, delayMs = 0, ...given: unknown[]) => {
      const work = () => run(...given)
      // pg-boss's own upkeep, which the rig does where it is due, and the timers inside the embedded PostgreSQL.
      if (running.getStore() === 'upkeep') {
        lastIgnored -= 1
        return handleOf(lastIgnored)
      }
      return handleOf(scheduler.setTimer(currentLife(), delayMs, work, repeats))
    }
  const stop = (handle: Handle | number | undefined) => {
    const id = typeof handle === 'object' ? handle?.id : handle
    if (id !== undefined) scheduler.clearTimer(id)
  }
  const realTimeout = AbortSignal.timeout
  AbortSignal.timeout = (delayMs) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(new DOMException('The operation timed out', 'TimeoutError')), delayMs)
    return controller.signal
  }
  Object.assign(globalThis, {
    Date: virtualDate(clock),
    fetch: fetcher,
    setTimeout: start(false),
    setInterval: start(true),
    clearTimeout: stop,
    clearInterval: stop,
  })
  return {
    undo() {
      Object.assign(globalThis, before)
      AbortSignal.timeout = realTimeout
    },
  }
}

function handleOf(id: number): Handle {
  const handle: Handle = {
    id,
    ref: () => handle,
    unref: () => handle,
    hasRef: () => true,
    refresh: () => handle,
    [Symbol.toPrimitive]: () => id,
  }
  return handle
}
