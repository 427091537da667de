import { describeFailure } from '../kernel/failure.ts'
import type { Log } from '../kernel/log.ts'

/** A queue as the worker sees it. */
export interface WorkSource {
  /** Names of the queues that have a job due now, in no particular order. */
  dueQueues(): Promise<string[]>
  /** Takes up to `limit` due jobs; each comes back as the run that performs and settles it. A run never throws. */
  take(name: string, limit: number): Promise<(() => Promise<void>)[]>
  /** Jobs of this queue that may run at once in one process. */
  atOnceMax(name: string): number
}

export interface Worker {
  start(): void
  /** Looks for due jobs now. */
  wake(): void
  /** Starts nothing more and waits for what runs, at most `timeoutMs`. */
  stop(timeoutMs: number): Promise<void>
}

const POLL_MS = 1_000
const CONCURRENCY_MAX = 8

/**
 * Runs due jobs of all queues, at most eight at a time. The queues take turns and none fills all places, so that a flood in one of them
 * (anybody may send notifications) does not keep payments, refunds and classes waiting.
 */
export function createWorker(source: WorkSource, log: Log): Worker {
  const running = new Map<string, Set<Promise<void>>>()
  let turn = 0
  let woken = false
  let wakeUp: () => void = () => {}
  let stopping = false
  let loop: Promise<void> = Promise.resolve()

  const all = () => [...running.values()].flatMap((runs) => [...runs])

  function wake(): void {
    woken = true
    wakeUp()
  }

  function run(name: string, perform: () => Promise<void>): void {
    const runs = running.get(name) ?? new Set()
    running.set(name, runs)
    const one = perform()
    runs.add(one)
    void one.finally(() => {
      runs.delete(one)
      wake()
    })
  }

  async function startDue(): Promise<void> {
    for (const name of inTurn(await source.dueQueues(), turn++)) {
      const free = Math.min(CONCURRENCY_MAX - all().length, source.atOnceMax(name) - (running.get(name)?.size ?? 0))
      if (free > 0) for (const perform of await source.take(name, free)) run(name, perform)
    }
  }

  async function work(): Promise<void> {
    while (!stopping) {
      woken = false
      try {
        await startDue()
      } catch (error) {
        log.error(describeFailure(error), 'looking for jobs failed')
      }
      if (woken || stopping) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  return {
    start() {
      loop = work()
    },
    wake,
    async stop(timeoutMs) {
      stopping = true
      wake()
      await loop
      const timeout = new Promise<void>((resolve) => setTimeout(resolve, timeoutMs).unref())
      await Promise.race([Promise.allSettled(all()), timeout])
    },
  }
}

/** Whoever was first last time is last this time. */
function inTurn(names: readonly string[], turn: number): string[] {
  const sorted = names.toSorted()
  const first = sorted.length === 0 ? 0 : turn % sorted.length
  return [...sorted.slice(first), ...sorted.slice(0, first)]
}
