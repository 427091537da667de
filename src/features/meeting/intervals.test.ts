import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interval } from '../academy/rules.ts'
import { cover, intersect, subtract } from './intervals.ts'

const HOUR = 3_600_000
const interval = (from: number, to: number): Interval => ({ startsAt: new Date(from * HOUR), endsAt: new Date(to * HOUR) })
const drawn = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 10 }))
  .map(([from, length]) => interval(from, from + length))

/** Whether any of them covers that hour. */
const covers = (intervals: readonly Interval[], hour: number) =>
  intervals.some(({ startsAt, endsAt }) => startsAt.getTime() <= hour * HOUR && (hour + 1) * HOUR <= endsAt.getTime())

describe('busy time without what leaves the calendar anyway', () => {
  it.each([
    ['nothing to take away', [interval(9, 12)], [], [interval(9, 12)]],
    ['the middle', [interval(9, 12)], [interval(10, 11)], [interval(9, 10), interval(11, 12)]],
    ['the beginning', [interval(9, 12)], [interval(8, 10)], [interval(10, 12)]],
    ['the end', [interval(9, 12)], [interval(11, 13)], [interval(9, 11)]],
    ['all of it', [interval(9, 12)], [interval(9, 12)], []],
    ['a neighbour only', [interval(9, 12)], [interval(12, 13)], [interval(9, 12)]],
  ] as const)('%s', (_, intervals, holes, rest) => {
    expect(subtract(intervals, holes)).toEqual(rest)
  })

  it('an hour is busy afterwards exactly if it was busy and is in no hole', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 6 }), fc.array(drawn, { maxLength: 6 }), (intervals, holes) => {
        const rest = subtract(intervals, holes)
        for (let hour = 0; hour < 52; hour++) {
          const inHole = holes.some((hole) => hole.startsAt.getTime() < (hour + 1) * HOUR && hour * HOUR < hole.endsAt.getTime())
          expect(covers(rest, hour)).toBe(covers(intervals, hour) && !inHole)
        }
      }),
    )
  })
})

describe('what lies inside a frame', () => {
  it('an hour is inside exactly if it is in an interval and in a frame', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 6 }), fc.array(drawn, { maxLength: 6 }), (intervals, frames) => {
        const inside = intersect(intervals, frames)
        for (let hour = 0; hour < 52; hour++) expect(covers(inside, hour)).toBe(covers(intervals, hour) && covers(frames, hour))
      }),
    )
  })
})

describe('ranges that hold what several people want to know', () => {
  it.each([
    ['nothing', [], []],
    ['one', [interval(5, 6)], [interval(5, 6)]],
    ['two that fit into one, with what lies between', [interval(8, 9), interval(1, 2)], [interval(1, 9)]],
    ['two that do not', [interval(1, 2), interval(20, 21)], [interval(1, 2), interval(20, 21)]],
    ['one inside another', [interval(1, 8), interval(2, 3)], [interval(1, 8)]],
    ['one that is too long', [interval(0, 25)], [interval(0, 10), interval(10, 20), interval(20, 25)]],
    ['the rest of one that is partly held', [interval(0, 9), interval(5, 15)], [interval(0, 9), interval(9, 15)]],
  ] as const)('%s', (_, wanted, ranges) => {
    expect(cover(wanted, 10 * HOUR)).toEqual(ranges)
  })

  it('hold every hour that is wanted, and none is too long', () => {
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 6 }), (wanted) => {
        const ranges = cover(wanted, 7 * HOUR)
        for (let hour = 0; hour < 50; hour++) if (covers(wanted, hour)) expect(covers(ranges, hour)).toBe(true)
        for (const { startsAt, endsAt } of ranges) expect(endsAt.getTime() - startsAt.getTime()).toBeLessThanOrEqual(7 * HOUR)
      }),
    )
  })
})
