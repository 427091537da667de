import { SECOND_MS } from '../../kernel/clock.ts'

/** Too many calls wait for their turn already. */
export class CallsExhausted extends Error {
  constructor() {
    super('Too many calls at once')
    this.name = 'CallsExhausted'
  }
}

const KEYS_MAX = 1_000

/**
 * Spreads the calls of each key, so that no second ever holds more than `perSecond` of them. At most `waitingMax` wait; the next one is
 * turned away with `CallsExhausted`. Counts for this process, in real time.
 */
export function createCallGate(perSecond: number, waitingMax: number): { turn(key: string): Promise<void> } {
  /** When the latest calls of a key were or will be made, oldest first; never more than can still matter. */
  const turns = new Map<string, number[]>()

  return {
    async turn(key) {
      const now = performance.now()
      const planned = (turns.get(key) ?? []).filter((at) => at > now - SECOND_MS)
      const waiting = planned.filter((at) => at > now).length
      if (waiting >= waitingMax) throw new CallsExhausted()
      const before = planned.at(-perSecond)
      const at = before === undefined ? now : Math.max(now, before + SECOND_MS)
      // The longest unused key makes room.
      turns.delete(key)
      turns.set(key, [...planned, at])
      const [oldest] = turns.keys()
      if (turns.size > KEYS_MAX && oldest !== undefined) turns.delete(oldest)
      if (at > now) await new Promise<void>((resolve) => setTimeout(resolve, Math.ceil(at - now)))
    },
  }
}
