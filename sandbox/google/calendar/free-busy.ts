import type { GoogleWorld } from '../world.ts'
import { badRequest, GoogleApiError, timeRangeEmpty } from './errors.ts'
import { insertEvent } from './events.ts'
import type { Calendar, CalendarEvent, Caller } from './model.ts'
import { expand } from './recurrence.ts'
import { calendarFor, ownerOf } from './store.ts'
import { instantOf, isTimeZone, parseInstant, renderInstant } from './time.ts'

const CALENDARS_MAX = 50
const RANGE_MS_MAX = 366 * 86_400_000

interface Interval {
  from: number
  to: number
}

/** freebusy.query: merged and clipped busy intervals; a calendar that cannot be read carries `errors` inside a 200. */
export function queryFreeBusy(world: GoogleWorld, caller: Caller, body: Record<string, unknown>): Record<string, unknown> {
  const window = { from: parseInstant(body.timeMin, 'timeMin'), to: parseInstant(body.timeMax, 'timeMax') }
  if (window.to <= window.from) throw timeRangeEmpty()
  if (window.to - window.from > RANGE_MS_MAX) {
    throw new GoogleApiError(400, 'timeRangeTooLong', 'The requested time range is too long.', { domain: 'calendar' })
  }
  const zone = body.timeZone ?? 'UTC'
  if (!isTimeZone(zone)) throw badRequest('Invalid time zone definition.')
  const items = Array.isArray(body.items) ? (body.items as { id?: unknown }[]) : []
  if (items.length > CALENDARS_MAX || items.some((item) => typeof item?.id !== 'string')) throw badRequest()
  const answer = {
    kind: 'calendar#freeBusy',
    timeMin: new Date(window.from).toISOString(),
    timeMax: new Date(window.to).toISOString(),
    calendars: Object.fromEntries(items.map((item) => [item.id, busyOf(world, caller, item.id as string, window, zone)])),
  }
  addEventsOfTheTeacher(world)
  return answer
}

function busyOf(world: GoogleWorld, caller: Caller, calendarId: string, window: Interval, zone: string): Record<string, unknown> {
  const failure = takeError(world, calendarId)
  if (failure) return { errors: [{ domain: 'global', reason: failure }], busy: [] }
  try {
    const calendar = calendarFor(world, caller, calendarId, 'read')
    return {
      busy: busyIntervals(calendar, window).map(({ from, to }) => ({ start: renderInstant(from, zone), end: renderInstant(to, zone) })),
    }
  } catch (error) {
    if (!(error instanceof GoogleApiError)) throw error
    return { errors: [{ domain: 'global', reason: 'notFound' }], busy: [] }
  }
}

/** What blocks time: not cancelled, not transparent, not declined by the owner. Recurring events count with every occurrence. */
function busyIntervals(calendar: Calendar, window: Interval): Interval[] {
  const intervals = Object.values(calendar.events)
    .filter((event) => event.status !== 'cancelled' && event.transparency !== 'transparent' && !isDeclined(calendar, event))
    .flatMap((event) => (event.recurrence ? expand(calendar, event, window) : [event]))
    .map((event) => ({
      from: Math.max(instantOf(event.start, calendar.timeZone), window.from),
      to: Math.min(instantOf(event.end, calendar.timeZone), window.to),
    }))
    .filter(({ from, to }) => from < to)
    .sort((a, b) => a.from - b.from)
  const merged: Interval[] = []
  for (const interval of intervals) {
    const last = merged.at(-1)
    if (last && interval.from <= last.to) last.to = Math.max(last.to, interval.to)
    else merged.push({ ...interval })
  }
  return merged
}

function isDeclined(calendar: Calendar, event: CalendarEvent): boolean {
  return event.attendees?.some((attendee) => attendee.email === calendar.id && attendee.responseStatus === 'declined') ?? false
}

function takeError(world: GoogleWorld, calendarId: string): string | undefined {
  const waiting = world.state.freeBusyErrors.find((error) => error.calendarId === calendarId && error.remaining > 0)
  if (!waiting) return undefined
  waiting.remaining -= 1
  world.state.freeBusyErrors = world.state.freeBusyErrors.filter((error) => error.remaining > 0)
  world.context.changed()
  return waiting.reason
}

/** The slot is taken between the application's question and its insert. */
function addEventsOfTheTeacher(world: GoogleWorld): void {
  const waiting = world.state.afterFreeBusy
  world.state.afterFreeBusy = []
  for (const { calendarId, event } of waiting) {
    const calendar = world.state.calendars[calendarId]
    if (calendar) insertEvent(world, calendar, ownerOf(world, calendar), event, { conferenceDataVersion: 0, sendUpdates: 'none' })
  }
}
