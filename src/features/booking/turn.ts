import { addDays, instantAt, wallDate, weekdayOf } from '../../kernel/zoned-time.ts'
import type { Interval, SlotState } from '../academy/rules.ts'

/** How much a teacher has to do: classes in the week of a slot, and whether one of them stands in its hour. */
export interface Load {
  classes: number
  isTaken: boolean
}

/**
 * The teachers in the order in which one of them is asked for a class that any may give: those whose hour is not known to be taken, the one
 * with the fewest classes of that week first. What is equal goes by id, so that everybody who asks at the same moment finds the same order.
 */
export function inTurn<T extends { id: string }>(teachers: readonly T[], loads: ReadonlyMap<string, Load>): T[] {
  const of = ({ id }: T): Load => loads.get(id) ?? { classes: 0, isTaken: false }
  return teachers.toSorted(
    (a, b) => Number(of(a).isTaken) - Number(of(b).isTaken) || of(a).classes - of(b).classes || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}

/** The Argentine week, from Monday on, in which an instant lies. */
export function weekAround(instant: Date): Interval {
  const day = wallDate(instant)
  const monday = addDays(day, 1 - weekdayOf(day))
  return { startsAt: instantAt(monday, '00:00'), endsAt: instantAt(addDays(monday, 7), '00:00') }
}

type StatedSlot = Interval & { state: SlotState }

/** Of equal slots of several teachers, the best that any of them has; in the order of time. */
export function mergeSlots(ofEach: readonly (readonly StatedSlot[])[]): StatedSlot[] {
  const best = new Map<string, StatedSlot>()
  for (const slot of ofEach.flat()) {
    const key = `${slot.startsAt.getTime()} ${slot.endsAt.getTime()}`
    const known = best.get(key)
    if (!known || RANK[slot.state] > RANK[known.state]) best.set(key, slot)
  }
  return [...best.values()].sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime() || a.endsAt.getTime() - b.endsAt.getTime())
}

const RANK: Record<SlotState, number> = { free: 2, taken: 1, unavailable: 0 }
