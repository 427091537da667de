import { invalid, invalidParameter, required } from './errors.ts'
import type { EventTime } from './model.ts'

export const CALENDAR_ZONE = 'America/Argentina/Buenos_Aires'
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})?$/i
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/i

/** Reads `{ dateTime, timeZone }` or `{ date }`. An offset decides the instant; without one the zone is required. */
export function parseEventTime(value: unknown, which: 'start' | 'end', calendarZone: string): EventTime {
  if (value === undefined || value === null) throw required(`Missing ${which} time.`)
  if (typeof value !== 'object') throw invalid(`Invalid value for: ${which}`)
  const { date = null, dateTime = null, timeZone = null } = value as Record<string, unknown>
  if (timeZone !== null && !isTimeZone(timeZone)) throw invalid(`Invalid time zone definition for ${which} time.`)
  if (date !== null && dateTime !== null) throw invalid('Start and end times must either both be date or both be dateTime.')
  if (date !== null) return { kind: 'day', date: parseDate(date) }
  if (dateTime === null) throw required(`Missing ${which} time.`)
  if (typeof dateTime !== 'string' || !DATE_TIME.test(dateTime))
    throw invalid(`Invalid value for: Invalid format: "${dateTime}" is malformed`)
  if (!OFFSET.test(dateTime) && timeZone === null) throw required(`Missing time zone definition for ${which} time.`)
  try {
    const at = OFFSET.test(dateTime)
      ? Temporal.Instant.from(dateTime).epochMilliseconds
      : Temporal.PlainDateTime.from(dateTime).toZonedDateTime(timeZone as string).epochMilliseconds
    return { kind: 'instant', at: Math.floor(at / 1_000) * 1_000, timeZone: (timeZone as string | null) ?? calendarZone }
  } catch {
    throw invalid(`Invalid value for: Invalid format: "${dateTime}" is malformed`)
  }
}

/** An instant given as a query or body parameter: RFC 3339 with a mandatory offset. */
export function parseInstant(value: unknown, parameter: string): number {
  if (typeof value !== 'string' || !DATE_TIME.test(value) || !OFFSET.test(value)) throw invalidParameter(parameter, 'Bad Request')
  try {
    return Temporal.Instant.from(value).epochMilliseconds
  } catch {
    throw invalidParameter(parameter, 'Bad Request')
  }
}

/** `{ dateTime: "2027-01-10T10:00:00-03:00", timeZone }` in the given zone, or `{ date }`. */
export function renderEventTime(time: EventTime, zone: string): { dateTime: string; timeZone: string } | { date: string } {
  if (time.kind === 'day') return { date: time.date }
  return { dateTime: renderInstant(time.at, zone), timeZone: time.timeZone }
}

export function renderInstant(at: number, zone: string): string {
  const text = Temporal.Instant.fromEpochMilliseconds(at)
    .toZonedDateTimeISO(zone)
    .toString({ smallestUnit: 'second', timeZoneName: 'never' })
  return text.replace(/\+00:00$/, 'Z')
}

/** The instant of an event's edge; a whole day begins at midnight of the calendar's zone. */
export function instantOf(time: EventTime, calendarZone: string): number {
  if (time.kind === 'instant') return time.at
  return Temporal.PlainDate.from(time.date).toZonedDateTime(calendarZone).epochMilliseconds
}

/** Looking one up is slow. No more of them are remembered than there are. */
const known = new Set<string>()

/** A name of the IANA data base; bare offsets are refused as Google does. */
export function isTimeZone(value: unknown): value is string {
  if (known.has(value as string)) return true
  if (typeof value !== 'string' || !/^[A-Za-z_]+(\/[A-Za-z0-9_+-]+){0,2}$/.test(value)) return false
  try {
    Intl.DateTimeFormat('en', { timeZone: value })
    known.add(value)
    return true
  } catch {
    return false
  }
}

function parseDate(value: unknown): string {
  try {
    if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) throw new RangeError('not a date')
    return Temporal.PlainDate.from(value).toString()
  } catch {
    throw invalid(`Invalid value for: Invalid format: "${value}" is malformed`)
  }
}
