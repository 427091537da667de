import type { Deps } from '../../deps.ts'
import { bookingRules } from '../../features/academy/queries.ts'
import { type Interval, overlaps } from '../../features/academy/rules.ts'
import {
  type Availability,
  type AvailableSlot,
  availability,
  nearestFree,
  nextFree,
  SOON_DAYS,
} from '../../features/booking/availability.ts'
import type { AppContext } from '../../http/context.ts'
import { addDays, daysBetween, instantAt, isWallDate, parseInstant, type WallDate, wallDate } from '../../kernel/zoned-time.ts'
import type { Day, Slot, WeekView } from '../pages/booking/view.ts'
import type { OpenBookingView } from '../ui/open-bookings.tsx'

const WEEK_DAYS = 7

/** A slot as whom it belongs to sees it; null: nobody who looks at this page. */
export type OwnSlot = (slot: AvailableSlot) => Slot | null

/**
 * The seven days that the query string asks for; without a wish, `around` this day, or those in which something is free. `ownOf` tells the
 * visitor's own slots of [from, to). `teacherId`: of that teacher only.
 */
export async function weekOf(
  c: AppContext,
  wish: Date | null,
  ownOf: (from: Date, to: Date) => Promise<OwnSlot>,
  around: WallDate | null = null,
  teacherId: string | null = null,
): Promise<WeekView & { selected: Date | null }> {
  const deps: Deps = c.get('deps')
  const today = wallDate(deps.clock.now())
  const soon = await availability(deps, today, addDays(today, SOON_DAYS - 1), teacherId)
  const free = await firstFreeOf(deps, soon, teacherId)
  const lastDay = addDays(today, soon.horizonDays)
  const asked = dateOf(c, 'dia') ?? dateOf(c, 'semana') ?? (wish ? wallDate(wish) : around)
  const wanted = clamp(asked ?? (free ? wallDate(free.startsAt) : today), today, lastDay)
  const first = firstDayShown(today, wanted)
  const next = addDays(first, WEEK_DAYS)
  const [week, own] = await Promise.all([
    // The week that nearly everybody looks at was read just now.
    first === today ? soon : availability(deps, first, addDays(next, -1), teacherId),
    ownOf(instantAt(first, '00:00'), instantAt(next, '00:00')),
  ])
  const days = daysShown(first, week.slots, own)
  const chosen = wish ? days.flatMap((day) => day.slots).find((slot) => slot.start.getTime() === wish.getTime()) : null
  // A slot that is held for the visitor can be chosen again: that is how a hold is changed.
  const canChoose = chosen?.state === 'free' || chosen?.state === 'unpaid'
  const isGone = wish !== null && (!chosen || chosen.state === 'taken' || chosen.state === 'unavailable')
  // Without a wish the phone opens on the first day of the week that still has a free slot.
  const firstFree = days.find((day) => day.slots.some((slot) => slot.state === 'free'))?.date
  return {
    days,
    today,
    lastDay,
    chosenDay: dateOf(c, 'dia')
      ? wanted
      : wish && !isGone
        ? wallDate(wish)
        : asked === around && around !== null
          ? wanted
          : (firstFree ?? wanted),
    previousWeek: first > today ? addDays(first, -WEEK_DAYS) : null,
    nextWeek: next <= lastDay ? next : null,
    nextFree: free ? { start: free.startsAt } : null,
    slotMinutes: week.slotMinutes,
    calendarUnreadable: week.reason === 'calendar',
    alternatives: isGone ? await alternativesTo(deps, wish, teacherId) : null,
    selected: canChoose ? wish : null,
  }
}

/** The nearest free slot: in what was read of the next days, or after them. */
async function firstFreeOf(deps: Deps, soon: Availability, teacherId: string | null): Promise<Interval | null> {
  const found = soon.slots.find(({ state }) => state === 'free')
  if (found || soon.reason) return found ?? null
  return (await nextFree(deps, 1, teacherId))[0] ?? null
}

/** The visitor's own classes, and their bookings that are not classes yet. */
export interface Own {
  classes: readonly Interval[]
  open: readonly OpenBookingView[]
}

/** Own classes and held slots, each with the place where it is seen to. */
export function ownSlots({ classes, open }: Own): OwnSlot {
  return (slot) => {
    const { startsAt: start, endsAt: end } = slot
    if (classes.some((mine) => overlaps(mine, slot))) return { start, end, state: 'mine', href: '/inicio/mis-clases-virtuales' }
    const booking = open.find(
      (candidate) => candidate.slot === 'held' && overlaps({ startsAt: candidate.start, endsAt: candidate.end }, slot),
    )
    if (booking?.standing === 'unpaid') return { start, end, state: 'unpaid', href: booking.resumeHref }
    return booking ? { start, end, state: 'processing', href: '/inicio' } : null
  }
}

/** First day of the seven that show `wanted`. They are counted from today, so that no week begins with days that are over. */
function firstDayShown(today: WallDate, wanted: WallDate): WallDate {
  return addDays(today, Math.floor(daysBetween(today, wanted) / WEEK_DAYS) * WEEK_DAYS)
}

function daysShown(first: WallDate, slots: readonly AvailableSlot[], own: OwnSlot): Day[] {
  const shown = (slot: AvailableSlot): Slot => own(slot) ?? { start: slot.startsAt, end: slot.endsAt, state: slot.state }
  return Array.from({ length: WEEK_DAYS }, (_, index) => {
    const date = addDays(first, index)
    return { date, slots: slots.filter((slot) => wallDate(slot.startsAt) === date).map(shown) }
  })
}

async function alternativesTo(deps: Deps, wish: Date, teacherId: string | null): Promise<NonNullable<WeekView['alternatives']>> {
  return (await nearestFree(deps, wish, teacherId)).map((slot) => ({ start: slot.startsAt, end: slot.endsAt, state: 'free' as const }))
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
