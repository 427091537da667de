import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backoffMs, FAILURES_UNTIL_ALARM } from './backoff.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts'
import { type Ids, systemIds } from './ids.ts'

const calm: Ids = { ...systemIds, number: () => 0 }
const anyChance = fc.nat(999).map((drawn): Ids => ({ ...systemIds, number: (below) => drawn % below }))
const beforeAlarm = fc.integer({ min: 0, max: FAILURES_UNTIL_ALARM - 1 })

describe('the pause before the next try (behaviour 7)', () => {
  it('begins at 5 seconds and doubles', () => {
    expect([1, 2, 3, 4, 5, 6, 7].map((failures) => backoffMs(failures, calm) / SECOND_MS)).toEqual([5, 10, 20, 40, 80, 160, 320])
  })

  it('is an hour from the eighth failure on', () => {
    for (const failures of [8, 9, 100, 100_000]) expect(backoffMs(failures, calm)).toBe(HOUR_MS)
  })

  it('grows with every failure, and chance adds a fifth at most', () => {
    fc.assert(
      fc.property(beforeAlarm, anyChance, (failures, ids) => {
        const planned = backoffMs(failures, calm)
        const pause = backoffMs(failures, ids)
        expect(pause).toBeGreaterThanOrEqual(planned)
        expect(pause).toBeLessThanOrEqual(Math.min(planned * 1.2, 15 * MINUTE_MS))
        expect(backoffMs(failures + 1, calm)).toBeGreaterThanOrEqual(planned)
      }),
    )
  })

  it('honours Retry-After when it asks for more, up to an hour', () => {
    expect(backoffMs(1, calm, 90 * SECOND_MS)).toBe(90 * SECOND_MS)
    expect(backoffMs(3, calm, SECOND_MS)).toBe(20 * SECOND_MS)
    expect(backoffMs(1, calm, 100 * HOUR_MS)).toBe(HOUR_MS)
  })

  it('is a whole number of milliseconds that a timer can wait for', () => {
    fc.assert(
      fc.property(fc.nat(1_000), anyChance, fc.nat(), (failures, ids, retryAfter) => {
        const pause = backoffMs(failures, ids, retryAfter)
        expect(Number.isInteger(pause)).toBe(true)
        expect(pause).toBeLessThan(2 * HOUR_MS)
      }),
    )
  })
})
