import type { OpeningInterval } from '../../../features/academy/rules.ts'
import { addDays, type WallDate, weekdayOf } from '../../../kernel/zoned-time.ts'
import type { Slot } from '../booking/view.ts'

/** "2026-11" */
export type Month = string

/**
 * One day of the month. `over`: before today; `beyond`: after the last day that can be booked; `full`: open, with nothing free; `unknown`: open,
 * and nobody can say whether anything is free.
 */
export type MonthDay = {
  date: WallDate
  state: 'over' | 'beyond' | 'closed' | 'full' | 'free' | 'unknown'
  free: number
  /** What the visitor has on that day: of several, what asks for something first. */
  own: OwnMark | null
}

/** Most urgent first. */
export const OWN_MARKS = ['unpaid', 'processing', 'mine'] as const
export type OwnMark = (typeof OWN_MARKS)[number]

/** View of `/inicio/calendario?mes=&dia=`: to look at; booking is done on Reservas. */
export type CalendarView = {
  month: Month
  days: readonly MonthDay[]
  today: WallDate
  previousMonth: Month | null
  nextMonth: Month | null
  /** The day that was opened, with its slots. */
  opened: { date: WallDate; slots: readonly Slot[] } | null
  opening: readonly OpeningInterval[]
  slotMinutes: number
  holdMinutes: number
  calendarUnreadable: boolean
}

export function calendarHref(month: Month, day?: WallDate): string {
  return `/inicio/calendario?${new URLSearchParams(day === undefined ? { mes: month } : { mes: month, dia: day })}`
}

/** The month as rows of seven, Monday first; null where a row reaches into another month. */
export function weeksOf(days: readonly MonthDay[]): (MonthDay | null)[][] {
  const first = days[0]
  if (!first) return []
  const cells = [...Array.from({ length: weekdayOf(first.date) - 1 }, () => null), ...days]
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, row) =>
    Array.from({ length: 7 }, (_, column) => cells[row * 7 + column] ?? null),
  )
}

export function daysOf(month: Month): WallDate[] {
  const first = `${month}-01`
  return Array.from({ length: 31 }, (_, day) => addDays(first, day)).filter((date) => date.startsWith(month))
}

/** The month `by` months away. */
export function monthFrom(month: Month, by: 1 | -1): Month {
  return addDays(`${month}-01`, by === 1 ? 31 : -1).slice(0, 7)
}

/** Weekdays that follow each other with the same hours, each run with its hours; a weekday without any is not in it. */
export function openingRuns(
  opening: readonly OpeningInterval[],
): { from: number; to: number; hours: { opens: string; closes: string }[] }[] {
  const runs: { from: number; to: number; hours: { opens: string; closes: string }[] }[] = []
  for (let weekday = 1; weekday <= 7; weekday++) {
    const hours = opening.filter((interval) => interval.weekday === weekday).map(({ opens, closes }) => ({ opens, closes }))
    const last = runs.at(-1)
    if (hours.length === 0) continue
    if (last?.to === weekday - 1 && JSON.stringify(last.hours) === JSON.stringify(hours)) last.to = weekday
    else runs.push({ from: weekday, to: weekday, hours })
  }
  return runs
}
