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

export function later(a: Date, b: Date): Date {
  return a > b ? a : b
}

export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
