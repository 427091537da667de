import { virtualDate, type VirtualClock } from './clock.ts'
import { currentLife, running } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** Timers of pg-boss's own upkeep: they run when the rig says so, not by themselves. */
export interface Maintenance {
  /** Runs what pg-boss does once a minute or so, once. */
  run(): void
}

interface Handle {
  id: number
  ref(): Handle
  unref(): Handle
  hasRef(): boolean
  refresh(): Handle
  [Symbol.toPrimitive](): number
}

/** Replaces `Date`, timers and `fetch` by virtual ones. The event loop's own turns stay real. */
export function replaceGlobals(clock: VirtualClock, scheduler: Scheduler, fetcher: typeof fetch): { maintenance: Maintenance; undo(): void } {
  const before = {
    Date: globalThis.Date,
    fetch: globalThis.fetch,
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    setInterval: globalThis.setInterval,
    clearInterval: globalThis.clearInterval,
  }
  const upkeep = new Map<number, { run: () => void; repeats: boolean }>()
  let lastUpkeep = 0

  const start = (repeats: boolean) => (run: (...given: unknown[]) => void, delayMs = 0, ...given: unknown[]) => {
    const work = () => run(...given)
    if (running.getStore() === 'maintenance') {
      lastUpkeep -= 1
      upkeep.set(lastUpkeep, { run: work, repeats })
      return handleOf(lastUpkeep)
    }
    return handleOf(scheduler.setTimer(currentLife(), delayMs, work, repeats))
  }
  const stop = (handle: Handle | number | undefined) => {
    const id = typeof handle === 'object' ? handle?.id : handle
    if (id === undefined) return
    upkeep.delete(id)
    scheduler.clearTimer(id)
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
    maintenance: {
      run() {
        for (const [id, { run, repeats }] of [...upkeep]) {
          if (!repeats) upkeep.delete(id)
          running.run('maintenance', run)
        }
      },
    },
    undo: () => void Object.assign(globalThis, before),
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
