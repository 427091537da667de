import type { Random } from '../../support/random.ts'

/** Somebody who waits to be let go on. */
interface Waiting {
  label: string
  owner: object
  needsConnection: boolean
  go(): void
  fail(error: Error): void
}

interface Timer {
  id: number
  dueMs: number
  owner: object | null
  everyMs: number | null
  run(): void
}

/** What a step did, for the trace. */
export type Trace = (line: string) => void

export interface Scheduler {
  /** Waits until the scheduler lets this owner go on. `connection`: only while nobody holds the one connection. */
  park(owner: object, label: string, needsConnection?: boolean): Promise<void>
  /** Work that ends by itself, without waiting for the scheduler: nothing is let go before it has ended. */
  during<T>(work: Promise<T>): Promise<T>
  takeConnection(): void
  giveConnection(): void
  /** Nobody of this owner is let go any more; whoever waits fails. */
  dismiss(owner: object, error: Error): void
  setTimer(owner: object | null, delayMs: number, run: () => void, repeats: boolean): number
  clearTimer(id: number): void
  /** Lets one after the other go until `done` is settled. Time jumps to the next timer only when nobody can go on. */
  run(done: Promise<unknown>): Promise<void>
  readonly steps: number
  reset(random: Random): void
}

/** A step takes a little time, so that no two things bear the same instant. */
const STEP_MS_MAX = 4
/** A history that needs more has lost its way. */
const STEPS_MAX = 60_000

export class LostItsWay extends Error {
  override name = 'LostItsWay'
}

export function createScheduler(
  clock: { milliseconds: number; advance(milliseconds: number): void },
  trace: Trace,
  nextTurn: () => Promise<void>,
): Scheduler {
  let random: Random
  let waiting: Waiting[] = []
  let timers: Timer[] = []
  let atWork = 0
  let connectionTaken = false
  let activity = 0
  let steps = 0
  let lastTimer = 0

  /** Until everybody waits: nothing is under way, and nothing happened during a whole turn of the event loop. */
  async function quiet(): Promise<void> {
    for (;;) {
      const before = activity
      await nextTurn()
      if (atWork === 0 && activity === before) return
    }
  }

  function dueTimer(): Timer | null {
    let first: Timer | null = null
    for (const timer of timers)
      if (!first || timer.dueMs < first.dueMs || (timer.dueMs === first.dueMs && timer.id < first.id)) first = timer
    return first
  }

  function fire(timer: Timer): void {
    if (timer.everyMs === null) timers = timers.filter((other) => other !== timer)
    else timer.dueMs = clock.milliseconds + timer.everyMs
    trace(`timer ${timer.id}`)
    timer.run()
  }

  /** Fires one due timer or lets one of those who wait go on; false when nobody can. */
  function step(): boolean {
    steps += 1
    if (steps > STEPS_MAX) throw new LostItsWay(`more than ${STEPS_MAX} steps`)
    clock.advance(1 + random.below(STEP_MS_MAX))
    const timer = dueTimer()
    if (timer && timer.dueMs <= clock.milliseconds) {
      fire(timer)
      return true
    }
    const eligible = waiting.filter((entry) => !entry.needsConnection || !connectionTaken)
    const next = eligible[random.below(eligible.length)]
    if (!next) return false
    waiting.splice(waiting.indexOf(next), 1)
    trace(next.label)
    activity += 1
    next.go()
    return true
  }

  const scheduler: Scheduler = {
    park(owner, label, needsConnection = false) {
      activity += 1
      return new Promise((resolve, reject) => {
        waiting.push({ label, owner, needsConnection, go: resolve, fail: reject })
      })
    },
    async during(work) {
      atWork += 1
      activity += 1
      try {
        return await work
      } finally {
        atWork -= 1
        activity += 1
      }
    },
    takeConnection() {
      connectionTaken = true
    },
    giveConnection() {
      connectionTaken = false
      activity += 1
    },
    dismiss(owner, error) {
      timers = timers.filter((timer) => timer.owner !== owner)
      const mine = waiting.filter((entry) => entry.owner === owner)
      waiting = waiting.filter((entry) => entry.owner !== owner)
      for (const entry of mine) entry.fail(error)
      activity += 1
    },
    setTimer(owner, delayMs, run, repeats) {
      lastTimer += 1
      const wait = Math.max(1, Number.isFinite(delayMs) ? delayMs : 1)
      timers.push({ id: lastTimer, dueMs: clock.milliseconds + wait, owner, everyMs: repeats ? wait : null, run })
      return lastTimer
    },
    clearTimer(id) {
      timers = timers.filter((timer) => timer.id !== id)
    },
    async run(done) {
      let ended = false
      const end = () => {
        ended = true
        activity += 1
      }
      done.then(end, end)
      for (;;) {
        await quiet()
        if (ended) return
        if (step()) continue
        const timer = dueTimer()
        if (!timer) throw new LostItsWay(`nobody can go on: ${waiting.map(({ label }) => label).join(', ') || 'nobody waits'}`)
        clock.advance(timer.dueMs - clock.milliseconds)
        fire(timer)
      }
    },
    get steps() {
      return steps
    },
    reset(seeded) {
      random = seeded
      waiting = []
      timers = []
      steps = 0
      lastTimer = 0
      connectionTaken = false
    },
  }
  return scheduler
}
