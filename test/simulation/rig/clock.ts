import type { SandboxClock } from '../../../sandbox/kernel/clock.ts'

/** One clock for the application, the sandboxes, pg-boss and JavaScript's own `Date`; it moves only when told. */
export interface VirtualClock extends SandboxClock {
  readonly milliseconds: number
}

export function createVirtualClock(start: string): VirtualClock {
  let now = Date.parse(start)
  const RealDate = Date
  return {
    now: () => new RealDate(now),
    advance(milliseconds) {
      now += milliseconds
    },
    set(to) {
      now = to.getTime()
    },
    onMove: () => () => {},
    get milliseconds() {
      return now
    },
    offsetMs: 0,
  }
}

/** `Date` that tells the virtual time. Values made before it still count as dates. */
export function virtualDate(clock: VirtualClock): DateConstructor {
  const RealDate = Date
  class VirtualDate extends RealDate {
    constructor(...given: unknown[]) {
      super(...((given.length === 0 ? [clock.milliseconds] : given) as [number]))
    }
    static override now(): number {
      return clock.milliseconds
    }
    static override [Symbol.hasInstance](value: unknown): boolean {
      return Object.prototype.toString.call(value) === '[object Date]'
    }
  }
  return VirtualDate as unknown as DateConstructor
}
