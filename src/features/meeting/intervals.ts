import { plus } from '../../kernel/clock.ts'
import type { Interval } from '../academy/rules.ts'

/** What remains of `intervals` outside `holes`. */
export function subtract(intervals: readonly Interval[], holes: readonly Interval[]): Interval[] {
  let rest = intervals.map(({ startsAt, endsAt }) => ({ startsAt, endsAt }))
  for (const hole of holes) {
    rest = rest.flatMap((interval) => {
      if (hole.endsAt <= interval.startsAt || hole.startsAt >= interval.endsAt) return [interval]
      const parts: Interval[] = []
      if (hole.startsAt > interval.startsAt) parts.push({ startsAt: interval.startsAt, endsAt: hole.startsAt })
      if (hole.endsAt < interval.endsAt) parts.push({ startsAt: hole.endsAt, endsAt: interval.endsAt })
      return parts
    })
  }
  return rest
}

/** The parts of `intervals` inside any of `frames`. */
export function intersect(intervals: readonly Interval[], frames: readonly Interval[]): Interval[] {
  return intervals.flatMap((interval) =>
    frames.flatMap((frame) => {
      const startsAt = later(interval.startsAt, frame.startsAt)
      const endsAt = earlier(interval.endsAt, frame.endsAt)
      return startsAt < endsAt ? [{ startsAt, endsAt }] : []
    }),
  )
}

/** Few intervals, none longer than `lengthMs`, that hold all of `wanted`; what lies in between is in them where that takes no further one. */
export function cover(wanted: readonly Interval[], lengthMs: number): Interval[] {
  const ranges: Interval[] = []
  for (const { startsAt, endsAt } of wanted.toSorted((a, b) => a.startsAt.getTime() - b.startsAt.getTime())) {
    const last = ranges.at(-1)
    if (last && endsAt.getTime() - last.startsAt.getTime() <= lengthMs) {
      last.endsAt = later(last.endsAt, endsAt)
      continue
    }
    const open = last ? later(last.endsAt, startsAt) : startsAt
    for (let from = open; from < endsAt; from = plus(from, lengthMs))
      ranges.push({ startsAt: from, endsAt: earlier(plus(from, lengthMs), endsAt) })
  }
  return ranges
}

export function later(a: Date, b: Date): Date {
  return a > b ? a : b
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
