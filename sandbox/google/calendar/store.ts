import { accountBySub } from '../accounts.ts'
import type { Account, GoogleWorld } from '../world.ts'
import { announceChange } from './channels.ts'
import { notFound } from './errors.ts'
import type { Calendar, CalendarEvent, Caller } from './model.ts'
import { CALENDAR_ZONE } from './time.ts'

/** The account's primary calendar; its id is the account's e-mail. Made when it is first used. */
export function primaryCalendar(world: GoogleWorld, account: Pick<Account, 'sub' | 'email'>): Calendar {
  const known = world.state.calendars[account.email]
  if (known) return known
  const calendar = newCalendar({ id: account.email, summary: account.email, ownerSub: account.sub, primary: true })
  world.state.calendars[account.email] = calendar
  world.context.changed()
  return calendar
}

export function newCalendar(input: Pick<Calendar, 'id' | 'summary' | 'ownerSub' | 'primary'> & Partial<Calendar>): Calendar {
  return {
    timeZone: CALENDAR_ZONE,
    isPublic: false,
    allowedConferenceSolutionTypes: ['hangoutsMeet'],
    change: 0,
    syncableFrom: 0,
    events: {},
    ...input,
  }
}

/** A calendar the caller may use: an own one (`primary` is an alias of the e-mail id), or, to read, a public one. Otherwise 404, never 403. */
export function calendarFor(world: GoogleWorld, caller: Caller, calendarId: string, access: 'read' | 'write'): Calendar {
  if (caller.kind === 'account' && (calendarId === 'primary' || calendarId.toLowerCase() === caller.email))
    return primaryCalendar(world, caller)
  const calendar = Object.hasOwn(world.state.calendars, calendarId) ? world.state.calendars[calendarId] : undefined
  const own = caller.kind === 'account' && calendar?.ownerSub === caller.sub
  if (!calendar || !(own || (access === 'read' && calendar.isPublic))) throw notFound()
  return calendar
}

/** The account that owns a calendar, as a caller: what the teacher does by hand runs as this. */
export function ownerOf(world: GoogleWorld, calendar: Calendar): Caller & { kind: 'account' } {
  const account = accountBySub(world, calendar.ownerSub)
  if (!account) throw notFound()
  return { kind: 'account', sub: account.sub, email: account.email }
}

/** Stores a changed event: new change number, new etag and, unless told, a new `updated`. */
export function saveEvent(world: GoogleWorld, calendar: Calendar, event: CalendarEvent, options: { keepUpdated?: boolean } = {}): void {
  calendar.change += 1
  event.change = calendar.change
  if (!options.keepUpdated) event.updatedAt = world.context.clock.now().getTime()
  calendar.events[event.id] = event
  announceChange(world, calendar)
  world.context.changed()
}

export function etagOf(event: CalendarEvent): string {
  return `"${event.updatedAt * 1_000 + (event.change % 1_000)}"`
}
