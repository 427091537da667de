import type { Hono } from 'hono'
import { bookingRules, openingHours } from '../../features/academy/queries.ts'
import { type AvailableSlot, availability } from '../../features/booking/availability.ts'
import { openBookings, ownClassTimes } from '../../features/booking/own.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { addDays, instantAt, isWallDate, type WallDate, wallDate } from '../../kernel/zoned-time.ts'
import { CalendarPage } from '../pages/calendar/calendar.tsx'
import { type CalendarView, daysOf, type Month, type MonthDay, monthFrom, OWN_MARKS, type OwnMark } from '../pages/calendar/view.ts'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { openBookingView } from './views.ts'
import { type Own, ownSlots } from './week.ts'

/** The month to look at: one reading of what is free, whatever day is opened (behaviour 4.22). */
export function mountCalendar(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/calendario', async (c) => {
    const view = await calendarView(c)
    return render(c, <CalendarPage chrome={await chromeOf(c, site)} {...view} />)
  })
}

async function calendarView(c: AppContext): Promise<CalendarView> {
  const deps = c.get('deps')
  const now = deps.clock.now()
  const today = wallDate(now)
  const { horizonDays } = await bookingRules(deps)
  const lastDay = addDays(today, horizonDays)
  const month = monthShown(c.req.query('mes') ?? '', today, lastDay)
  const dates = daysOf(month)
  const [first, last] = [dates[0] ?? today, dates.at(-1) ?? today]
  const [read, opening, own] = await Promise.all([availability(deps, first, last), openingHours(deps), ownIn(c, first, last)])
  const isUnreadable = read.reason === 'calendar'
  const slotsOf = (date: WallDate) => read.slots.filter((slot) => wallDate(slot.startsAt) === date)
  const asked = c.req.query('dia') ?? ''
  return {
    month,
    days: dates.map((date) => monthDay(date, slotsOf(date), { today, lastDay, isUnreadable, own: markOf(own, date) })),
    today,
    previousMonth: month > today.slice(0, 7) ? monthFrom(month, -1) : null,
    nextMonth: month < lastDay.slice(0, 7) ? monthFrom(month, 1) : null,
    opened: dates.includes(asked) ? { date: asked, slots: openedSlots(own, slotsOf(asked)) } : null,
    opening,
    slotMinutes: read.slotMinutes,
    holdMinutes: deps.config.holdMinutes,
    calendarUnreadable: isUnreadable,
  }
}

function monthShown(asked: string, today: WallDate, lastDay: WallDate): Month {
  const isInside = isWallDate(`${asked}-01`) && asked >= today.slice(0, 7) && asked <= lastDay.slice(0, 7)
  return isInside ? asked : today.slice(0, 7)
}

function monthDay(
  date: WallDate,
  slots: readonly AvailableSlot[],
  { today, lastDay, isUnreadable, own }: { today: WallDate; lastDay: WallDate; isUnreadable: boolean; own: OwnMark | null },
): MonthDay {
  const free = slots.filter((slot) => slot.state === 'free').length
  if (date < today) return { date, state: 'over', free: 0, own }
  if (date > lastDay) return { date, state: 'beyond', free: 0, own }
  if (slots.length === 0) return { date, state: 'closed', free: 0, own }
  if (isUnreadable) return { date, state: 'unknown', free: 0, own }
  return { date, state: free > 0 ? 'free' : 'full', free, own }
}

/** The visitor's own classes and bookings of the month. */
async function ownIn(c: AppContext, first: WallDate, last: WallDate): Promise<Own> {
  const { db, clock } = c.get('deps')
  const { id } = viewerOf(c)
  const [from, to] = [instantAt(first, '00:00'), instantAt(addDays(last, 1), '00:00')]
  const [classes, open] = await Promise.all([ownClassTimes(db.handle, id, from, to), openBookings(db.handle, id, clock.now())])
  return { classes, open: open.map(openBookingView) }
}

function markOf({ classes, open }: Own, date: WallDate): OwnMark | null {
  const held = open.filter(({ slot, start }) => slot === 'held' && wallDate(start) === date)
  const marks = [
    ...held.map(({ standing }) => (standing === 'unpaid' ? 'unpaid' : 'processing')),
    ...classes.filter(({ startsAt }) => wallDate(startsAt) === date).map(() => 'mine'),
  ]
  return OWN_MARKS.find((mark) => marks.includes(mark)) ?? null
}

function openedSlots(own: Own, slots: readonly AvailableSlot[]) {
  const isOwn = ownSlots(own)
  return slots.map((slot) => isOwn(slot) ?? { start: slot.startsAt, end: slot.endsAt, state: slot.state })
}
