import { AsyncLocalStorage } from 'node:async_hooks'
import type { Scheduler } from './scheduler.ts'

/** Where a process may be killed. */
export const CRASH_POINTS = [
  'before-statement',
  'after-statement',
  'before-begin',
  'before-commit',
  'after-commit',
  'before-call',
  'after-call',
] as const
export type CrashPoint = (typeof CRASH_POINTS)[number]

/** "Process A dies the `nth` time it comes to such a point"; counted over all its lives. */
export interface Crash {
  process: string
  point: CrashPoint
  nth: number
}

export class Crashed extends Error {
  override name = 'Crashed'
}

/** One life of a process. What was started in a life that is over has no effect any more. */
export interface Life {
  readonly process: string
  alive: boolean
  /** Settles when the process is killed. */
  readonly died: Promise<'died'>
  kill(): void
  /** Throws when this life is over, or ends here. */
  pass(point: CrashPoint): void
  park(label: string, needsConnection?: boolean): Promise<void>
}

/** Whose code runs at the moment: decides which process's statements and calls these are. */
export const running = new AsyncLocalStorage<{ life: Life; holdsConnection: { yes: boolean } } | 'upkeep'>()

/** The life whose code runs at the moment; null for the rig itself. */
export function currentLife(): Life | null {
  const store = running.getStore()
  return typeof store === 'object' ? store.life : null
}

export interface CrashPlan {
  /** Counts one more passage; true when the process dies at it. */
  dies(process: string, point: CrashPoint): boolean
}

export function crashPlan(crashes: readonly Crash[], onCrash: (crash: Crash) => void): CrashPlan {
  const passed = new Map<string, number>()
  return {
    dies(process, point) {
      const key = `${process} ${point}`
      const count = (passed.get(key) ?? 0) + 1
      passed.set(key, count)
      const crash = crashes.find((planned) => planned.process === process && planned.point === point && planned.nth === count)
      if (crash) onCrash(crash)
      return crash !== undefined
    },
  }
}

export function startLife(process: string, scheduler: Scheduler, plan: () => CrashPlan): Life {
  const death = Promise.withResolvers<'died'>()
  const life: Life = {
    process,
    alive: true,
    died: death.promise,
    kill() {
      if (!life.alive) return
      life.alive = false
      scheduler.dismiss(life, new Crashed(`${process} was killed`))
      death.resolve('died')
    },
    pass(point) {
      if (life.alive && plan().dies(process, point)) life.kill()
      if (!life.alive) throw new Crashed(`${process} was killed`)
    },
    async park(label, needsConnection) {
      if (!life.alive) throw new Crashed(`${process} was killed`)
      // Whoever holds the one connection must not wait for others, who may want it.
      const store = running.getStore()
      if (typeof store === 'object' && store.holdsConnection.yes) return
      await scheduler.park(life, `${process} ${label}`, needsConnection)
    },
  }
  return life
}
