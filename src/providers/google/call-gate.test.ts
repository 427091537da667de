import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CallsExhausted, createCallGate } from './call-gate.ts'

const PER_SECOND = 4
const WAITING_MAX = 6

describe('calls of one user stay below Google’s limit (behaviour 7)', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => void vi.useRealTimers())

  /** Asks for that many turns at once; `passed` are the instants at which they came. */
  function crowd(size: number, gate = createCallGate(PER_SECOND, WAITING_MAX), key = 'ana') {
    const passed: number[] = []
    const turns = Array.from({ length: size }, async () => {
      await gate.turn(key)
      passed.push(performance.now())
    })
    return { gate, passed, turns }
  }

  it('the first ones pass at once, the others wait, and no second ever holds more than the limit', async () => {
    const { passed, turns } = crowd(PER_SECOND + WAITING_MAX)
    await vi.advanceTimersByTimeAsync(0)
    expect(passed).toHaveLength(PER_SECOND)
    await vi.advanceTimersByTimeAsync(10_000)
    await Promise.all(turns)
    expect(passed).toHaveLength(PER_SECOND + WAITING_MAX)
    for (const at of passed) expect(passed.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(PER_SECOND)
    expect(Math.max(...passed) - Math.min(...passed)).toBe(2_000)
  })

  it('whoever finds too many waiting is turned away at once', async () => {
    const { turns } = crowd(PER_SECOND + WAITING_MAX + 2)
    const outcomes = Promise.allSettled(turns)
    await vi.advanceTimersByTimeAsync(10_000)
    const refused = (await outcomes).filter((outcome) => outcome.status === 'rejected')
    expect(refused.map(({ reason }) => reason instanceof CallsExhausted)).toEqual([true, true])
  })

  it('one user does not wait for another', async () => {
    const { gate } = crowd(PER_SECOND)
    const other = crowd(PER_SECOND, gate, 'beto')
    await vi.advanceTimersByTimeAsync(0)
    expect(other.passed).toHaveLength(PER_SECOND)
  })

  it('what was used is free again a second later', async () => {
    const first = crowd(PER_SECOND)
    await vi.advanceTimersByTimeAsync(1_000)
    const second = crowd(PER_SECOND, first.gate)
    await vi.advanceTimersByTimeAsync(0)
    expect(second.passed).toHaveLength(PER_SECOND)
  })
})
