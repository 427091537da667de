import { accountBySub } from '../accounts.ts'
import type { GoogleWorld } from '../world.ts'
import { renderConference } from './conference.ts'
import type { Calendar, CalendarEvent, Caller } from './model.ts'
import { etagOf } from './store.ts'
import { renderEventTime } from './time.ts'

/** The event resource as the API answers it: times in the calendar's zone (or `zone`) with their offset. */
export function renderEvent(
  world: GoogleWorld,
  calendar: Calendar,
  event: CalendarEvent,
  caller: Caller,
  zone = calendar.timeZone,
): Record<string, unknown> {
  const own = caller.kind === 'account' && caller.sub === calendar.ownerSub
  const hidden = !own && (event.visibility === 'private' || event.visibility === 'confidential')
  if (hidden) return renderBusyOnly(calendar, event, zone)
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    htmlLink: eventPageUrl(world.context.origin, calendar.id, event.id),
    created: new Date(event.createdAt).toISOString(),
    updated: new Date(event.updatedAt).toISOString(),
    ...(event.summary !== undefined && { summary: event.summary }),
    ...(event.description !== undefined && { description: event.description }),
    ...(event.location !== undefined && { location: event.location }),
    ...(event.colorId !== undefined && { colorId: event.colorId }),
    creator: person(calendar, event.creatorEmail),
    organizer: { ...person(calendar, event.organizerEmail), ...displayName(world, calendar, event.organizerEmail) },
    start: renderEventTime(event.start, zone),
    end: renderEventTime(event.end, zone),
    ...(event.recurrence && { recurrence: event.recurrence }),
    ...(event.recurringEventId && { recurringEventId: event.recurringEventId }),
    ...(event.originalStart && { originalStartTime: renderEventTime(event.originalStart, zone) }),
    ...(event.transparency === 'transparent' && { transparency: event.transparency }),
    ...(event.visibility && event.visibility !== 'default' && { visibility: event.visibility }),
    iCalUID: event.iCalUID,
    sequence: event.sequence,
    ...(event.attendees?.length && { attendees: event.attendees.map((attendee) => renderAttendee(calendar, event, attendee.email)) }),
    ...(event.anyoneCanAddSelf && { anyoneCanAddSelf: true }),
    ...(event.guestsCanInviteOthers === false && { guestsCanInviteOthers: false }),
    ...(event.guestsCanModify && { guestsCanModify: true }),
    ...(event.guestsCanSeeOtherGuests === false && { guestsCanSeeOtherGuests: false }),
    ...(event.extendedProperties && {
      extendedProperties: own ? event.extendedProperties : { shared: event.extendedProperties.shared ?? {} },
    }),
    ...(event.conference && renderConference(world.context.origin, event.conference)),
    ...(event.source && { source: event.source }),
    reminders: event.reminders ?? { useDefault: true },
    eventType: 'default',
  }
}

/** The calendar's web page of an event: `htmlLink`, which is not the Meet address. */
export function eventPageUrl(origin: string, calendarId: string, eventId: string): string {
  return `${origin}/calendar/event?eid=${Buffer.from(`${eventId} ${calendarId}`).toString('base64url')}`
}

function renderBusyOnly(calendar: Calendar, event: CalendarEvent, zone: string): Record<string, unknown> {
  return {
    kind: 'calendar#event',
    etag: etagOf(event),
    id: event.id,
    status: event.status,
    updated: new Date(event.updatedAt).toISOString(),
    start: renderEventTime(event.start, zone),
    end: renderEventTime(event.end, zone),
    visibility: event.visibility,
    iCalUID: event.iCalUID,
    organizer: person(calendar, event.organizerEmail),
    eventType: 'default',
  }
}

function renderAttendee(calendar: Calendar, event: CalendarEvent, email: string): Record<string, unknown> {
  const attendee = event.attendees?.find((one) => one.email === email)
  return { ...attendee, ...(email === event.organizerEmail && { organizer: true }), ...(email === calendar.id && { self: true }) }
}

function person(calendar: Calendar, email: string): Record<string, unknown> {
  return { email, ...(email === calendar.id && { self: true }) }
}

function displayName(world: GoogleWorld, calendar: Calendar, email: string): Record<string, string> {
  if (email !== calendar.id) return {}
  return calendar.primary ? {} : { displayName: calendar.summary || (accountBySub(world, calendar.ownerSub)?.name ?? '') }
}
