import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { hasTakenOver, needsChannel, renewalOf } from './channel-rules.ts'

const OPENED = new Date('2026-11-23T12:00:00Z')
const channel = (lifeMs = 7 * DAY_MS) => ({
  openedAt: OPENED,
  expiresAt: plus(OPENED, lifeMs),
  renewAt: renewalOf(OPENED, plus(OPENED, lifeMs), 0.5),
})

describe('a push channel (google.md 2.6)', () => {
  it('is renewed between 50 and 80 % of its life, whatever chance and life are', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 60_000, max: 30 * DAY_MS }), (chance, lifeMs) => {
        const share = (renewalOf(OPENED, plus(OPENED, lifeMs), chance).getTime() - OPENED.getTime()) / lifeMs
        expect(share).toBeGreaterThanOrEqual(0.4999)
        expect(share).toBeLessThanOrEqual(0.8)
      }),
    )
  })

  it.each([
    ['there is none', null, 0, true],
    ['Google has not answered', { openedAt: OPENED, expiresAt: null, renewAt: null }, 0, true],
    ['it is young', channel(), DAY_MS, false],
    ['it is past its renewal', channel(), 5 * DAY_MS, true],
    ['it has expired', channel(), 8 * DAY_MS, true],
    ['Google’s clock says that it was over before it began', channel(-MINUTE_MS), 0, true],
  ] as const)('a new one is opened when %s: %o after %i ms, %s', (_, newest, afterMs, expected) => {
    expect(needsChannel(newest, plus(OPENED, afterMs))).toBe(expected)
  })

  it('leaves the one before it for ten minutes', () => {
    expect([9, 10].map((minutes) => hasTakenOver(channel(), plus(OPENED, minutes * MINUTE_MS)))).toEqual([false, true])
  })
})
