import type { Deps } from '../../deps.ts'
import { bookingRules } from '../../features/academy/queries.ts'
import { availability, nearestFree, nextFree } from '../../features/booking/availability.ts'
import type { AppContext } from '../../http/context.ts'
import { addDays, daysBetween, isWallDate, parseInstant, type WallDate, wallDate, weekdayOf } from '../../kernel/zoned-time.ts'
import type { Day, WeekView } from '../pages/booking/view.ts'

/** The week that the query string asks for, or the one in which something is free; `own` names slots that belong to the visitor. */
export async function weekOf(
  c: AppContext,
  wish: Date | null,
  own: ReadonlyMap<number, 'mine' | 'current'>,
): Promise<WeekView & { selected: Date | null }> {
  const deps: Deps = c.get('deps')
  const today = wallDate(deps.clock.now())
  const lastDay = addDays(today, (await bookingRules(deps)).horizonDays)
  const free = await nextFree(deps, 1)
  const asked = dateOf(c, 'dia') ?? dateOf(c, 'semana') ?? (wish ? wallDate(wish) : null)
  const wanted = clamp(asked ?? (free[0] ? wallDate(free[0].startsAt) : today), today, lastDay)
  const monday = addDays(wanted, 1 - weekdayOf(wanted))
  const week = await availability(deps, monday, addDays(monday, 6))
  const days: Day[] = Array.from({ length: 7 }, (_, index) => {
    const date = addDays(monday, index)
    const slots = week.slots
      .filter((slot) => wallDate(slot.startsAt) === date)
      .map((slot) => ({ start: slot.startsAt, end: slot.endsAt, state: own.get(slot.startsAt.getTime()) ?? slot.state }))
    return { date, slots }
  })
  const chosen = wish ? days.flatMap((day) => day.slots).find((slot) => slot.start.getTime() === wish.getTime()) : null
  const isGone = wish !== null && chosen?.state !== 'free'
  // Without a wish the phone opens on the first day of the week that still has a free slot.
  const firstFree = days.find((day) => day.date >= today && day.slots.some((slot) => slot.state === 'free'))?.date
  return {
    days,
    today,
    chosenDay: dateOf(c, 'dia') ? wanted : wish && !isGone ? wallDate(wish) : (firstFree ?? wanted),
    previousWeek: monday > today ? addDays(monday, -7) : null,
    nextWeek: addDays(monday, 7) <= lastDay ? addDays(monday, 7) : null,
    nextFree: free[0] ? { start: free[0].startsAt } : null,
    slotMinutes: week.slotMinutes,
    calendarUnreadable: week.reason === 'calendar',
    alternatives: isGone && wish ? await alternativesTo(deps, wish) : null,
    selected: isGone ? null : wish,
  }
}

async function alternativesTo(deps: Deps, wish: Date): Promise<NonNullable<WeekView['alternatives']>> {
  return (await nearestFree(deps, wish)).map((slot) => ({ start: slot.startsAt, end: slot.endsAt, state: 'free' as const }))
}

function dateOf(c: AppContext, name: string): WallDate | null {
  const text = c.req.query(name)
  return text && isWallDate(text) ? text : null
}

function clamp(date: WallDate, from: WallDate, to: WallDate): WallDate {
  if (daysBetween(from, date) < 0) return from
  return daysBetween(date, to) < 0 ? to : date
}

/**
 * The start that an address or a form asks for. One beyond the horizon, or as long gone, is no slot that anybody was ever offered: as good as
 * none. A past one stays, so that an old link is told that its slot is gone.
 */
export async function slotStartOf(deps: Deps, text: string): Promise<Date | null> {
  const start = parseInstant(text)
  if (!start) return null
  const { horizonDays } = await bookingRules(deps)
  return Math.abs(daysBetween(wallDate(deps.clock.now()), wallDate(start))) <= horizonDays ? start : null
}
