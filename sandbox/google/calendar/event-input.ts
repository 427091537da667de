import { isEmail, normalEmail } from '../accounts.ts'
import { GoogleApiError, invalid, required, timeRangeEmpty } from './errors.ts'
import type { Attendee, Calendar, CalendarEvent, EventFields, EventTime, Reminders } from './model.ts'
import { parseRecurrence } from './recurrence.ts'
import { instantOf, parseEventTime, renderEventTime } from './time.ts'

export type EventBody = Record<string, unknown>

const ATTENDEES_MAX = 200
const PROPERTIES_MAX = 300
const PROPERTY_KEY_MAX = 44
const PROPERTY_VALUE_MAX = 1_024
const REMINDER_OVERRIDES_MAX = 5
const REMINDER_MINUTES_MAX = 40_320

/** Checks a body for insert or update: every field it does not name takes its default. */
export function readEvent(body: EventBody, calendar: Calendar): EventFields {
  return readFields(body, {}, calendar)
}

/** Checks a body for patch: objects are merged, lists and plain values replaced, `null` goes back to the default. */
export function readPatch(body: EventBody, current: CalendarEvent, calendar: Calendar): EventFields {
  return readFields(body, current, calendar)
}

function readFields(body: EventBody, before: Partial<CalendarEvent>, calendar: Calendar): EventFields {
  const start = readTime(body, before, 'start', calendar)
  const end = readTime(body, before, 'end', calendar)
  checkRange(start, end, calendar)
  const recurrence = choose(body, 'recurrence', before.recurrence, (value) => readRecurrence(value))
  const fields: EventFields = {
    status: choose(body, 'status', before.status, oneOf('confirmed', 'tentative', 'cancelled')) ?? 'confirmed',
    start,
    end,
  }
  assign(fields, 'summary', choose(body, 'summary', before.summary, text('summary', 1_024)))
  assign(fields, 'description', choose(body, 'description', before.description, text('description', 8_192)))
  assign(fields, 'location', choose(body, 'location', before.location, text('location', 1_024)))
  assign(fields, 'colorId', choose(body, 'colorId', before.colorId, text('colorId', 10)))
  assign(fields, 'visibility', choose(body, 'visibility', before.visibility, oneOf('default', 'public', 'private', 'confidential')))
  assign(fields, 'transparency', choose(body, 'transparency', before.transparency, oneOf('opaque', 'transparent')))
  assign(fields, 'recurrence', recurrence?.length ? recurrence : undefined)
  assign(fields, 'attendees', choose(body, 'attendees', before.attendees, readAttendees))
  assign(fields, 'anyoneCanAddSelf', choose(body, 'anyoneCanAddSelf', before.anyoneCanAddSelf, flag))
  assign(fields, 'guestsCanInviteOthers', choose(body, 'guestsCanInviteOthers', before.guestsCanInviteOthers, flag))
  assign(fields, 'guestsCanModify', choose(body, 'guestsCanModify', before.guestsCanModify, flag))
  assign(fields, 'guestsCanSeeOtherGuests', choose(body, 'guestsCanSeeOtherGuests', before.guestsCanSeeOtherGuests, flag))
  assign(fields, 'extendedProperties', readExtendedProperties(body.extendedProperties, before.extendedProperties))
  assign(fields, 'reminders', choose(body, 'reminders', before.reminders, readReminders))
  assign(fields, 'source', choose(body, 'source', before.source, readSource))
  return fields
}

function assign<Key extends keyof EventFields>(fields: EventFields, key: Key, value: EventFields[Key] | undefined): void {
  if (value !== undefined) fields[key] = value as EventFields[Key]
}

function choose<T>(body: EventBody, key: string, before: T | undefined, read: (value: unknown) => T): T | undefined {
  const value = body[key]
  if (value === undefined) return before
  return value === null ? undefined : read(value)
}

function readTime(body: EventBody, before: Partial<CalendarEvent>, which: 'start' | 'end', calendar: Calendar): EventTime {
  const known = before[which]
  const value = body[which]
  if (!known || typeof value !== 'object' || value === null) {
    return value === undefined && known ? known : parseEventTime(value, which, calendar.timeZone)
  }
  return parseEventTime({ ...renderEventTime(known, calendar.timeZone), ...value }, which, calendar.timeZone)
}

function checkRange(start: EventTime, end: EventTime, calendar: Calendar): void {
  if (start.kind !== end.kind) throw invalid('Start and end times must either both be date or both be dateTime.')
  const length = instantOf(end, calendar.timeZone) - instantOf(start, calendar.timeZone)
  if (length < 0 || (length === 0 && start.kind === 'day')) throw timeRangeEmpty()
}

function readRecurrence(value: unknown): string[] {
  if (!Array.isArray(value) || value.some((line) => typeof line !== 'string')) throw invalid('Invalid recurrence rule.')
  if (value.length > 0) parseRecurrence(value as string[])
  return value as string[]
}

function readAttendees(value: unknown): Attendee[] {
  if (!Array.isArray(value)) throw invalid('Invalid value for: attendees')
  if (value.length > ATTENDEES_MAX) throw invalid('The event has too many attendees.')
  const attendees = value.map((entry: unknown): Attendee => {
    const { email, displayName, optional, comment, additionalGuests, responseStatus } = (entry ?? {}) as Record<string, unknown>
    if (email === undefined || email === null) throw required('Missing attendee email.')
    if (typeof email !== 'string' || !isEmail(email.trim())) throw invalid('Invalid attendee email.')
    return {
      email: normalEmail(email),
      ...(typeof displayName === 'string' && { displayName }),
      ...(optional === true && { optional }),
      ...(typeof comment === 'string' && { comment }),
      ...(typeof additionalGuests === 'number' && { additionalGuests }),
      responseStatus: oneOf('needsAction', 'declined', 'tentative', 'accepted')(responseStatus ?? 'needsAction'),
    }
  })
  return [...new Map(attendees.map((attendee) => [attendee.email, attendee])).values()]
}

function readExtendedProperties(value: unknown, before: EventFields['extendedProperties']): EventFields['extendedProperties'] {
  if (value === undefined) return before
  if (value === null) return undefined
  if (typeof value !== 'object') throw invalid('Invalid value for: extendedProperties')
  const given = value as Record<'private' | 'shared', unknown>
  const properties = {
    private: mergeProperties(given.private, before?.private),
    shared: mergeProperties(given.shared, before?.shared),
  }
  const kept = Object.fromEntries(Object.entries(properties).filter(([, map]) => map && Object.keys(map).length > 0))
  return Object.keys(kept).length > 0 ? kept : undefined
}

function mergeProperties(value: unknown, before: Record<string, string> | undefined): Record<string, string> | undefined {
  if (value === undefined) return before
  if (value === null) return undefined
  if (typeof value !== 'object') throw invalid('Invalid value for: extendedProperties')
  const merged = Object.entries({ ...before, ...value }).filter(([, property]) => property !== null)
  for (const [key, property] of merged) {
    const fits = typeof property === 'string' && property.length <= PROPERTY_VALUE_MAX && key.length <= PROPERTY_KEY_MAX
    if (!fits) throw invalid('Invalid extended property.')
  }
  if (merged.length > PROPERTIES_MAX) throw invalid('Too many extended properties.')
  return Object.fromEntries(merged) as Record<string, string>
}

function readReminders(value: unknown): Reminders {
  const { useDefault = false, overrides = [] } = (value ?? {}) as { useDefault?: unknown; overrides?: unknown }
  if (!Array.isArray(overrides) || overrides.length > REMINDER_OVERRIDES_MAX) throw invalid('Invalid value for: reminders')
  if (useDefault === true && overrides.length > 0) {
    throw new GoogleApiError(
      400,
      'cannotUseDefaultRemindersAndSpecifyOverride',
      'Cannot specify both default reminders and overrides at the same time.',
      {
        domain: 'calendar',
      },
    )
  }
  const read = overrides.map((entry: unknown) => {
    const { method, minutes } = (entry ?? {}) as { method?: unknown; minutes?: unknown }
    if (!Number.isInteger(minutes) || (minutes as number) < 0 || (minutes as number) > REMINDER_MINUTES_MAX)
      throw invalid('Invalid reminder minutes.')
    return { method: oneOf('email', 'popup')(method), minutes: minutes as number }
  })
  return { useDefault: useDefault === true, ...(read.length > 0 && { overrides: read }) }
}

function readSource(value: unknown): { title?: string; url?: string } {
  const { title, url } = (value ?? {}) as Record<string, unknown>
  if (typeof url !== 'string' || !/^https?:\/\//.test(url)) throw invalid('Invalid source URL.')
  return { url, ...(typeof title === 'string' && { title }) }
}

function text(field: string, charactersMax: number): (value: unknown) => string {
  return (value) => {
    if (typeof value !== 'string' || value.length > charactersMax) throw invalid(`Invalid value for: ${field}`)
    return value
  }
}

function flag(value: unknown): boolean {
  if (typeof value !== 'boolean') throw invalid()
  return value
}

function oneOf<const Value extends string>(...values: Value[]): (value: unknown) => Value {
  return (value) => {
    if (!values.includes(value as Value)) throw invalid()
    return value as Value
  }
}
