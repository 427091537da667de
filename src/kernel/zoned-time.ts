import { remember } from './remember.ts'

/**
 * Wall-clock time in Argentina. The only module that knows a time zone by name; it wraps `Temporal` and `Intl`.
 * Instants travel as `Date`; a wall date is "YYYY-MM-DD", a wall time "HH:mm". A page asks for hundreds of these, mostly for the same few days,
 * so answers are remembered.
 */
export const ARGENTINA = 'America/Argentina/Buenos_Aires'

export type WallDate = string
export type WallTime = string

function zoned(instant: Date, zone = ARGENTINA): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
}

/** "2026-11-26" as read on a wall in Argentina at that instant. */
export function wallDate(instant: Date, zone = ARGENTINA): WallDate {
  const wall = quickWall(instant, zone)
  return wall === null ? zoned(instant, zone).toPlainDate().toString() : dateOfDay(Math.floor(wall / DAY_MS))
}

/** "18:00" (00–23 hour cycle). */
export function wallTime(instant: Date, zone = ARGENTINA): WallTime {
  const wall = quickWall(instant, zone)
  if (wall === null) return zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' })
  return timeOfMinute(Math.floor((wall % DAY_MS) / MINUTE_MS))
}

const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000
const DAY_MS = 86_400_000
const QUICK_FROM_MS = DAY_MS
const QUICK_UNTIL_MS = Date.UTC(9999, 0, 1)
const REMEMBERED_MAX = 2_000

const dateOfDay = remember(REMEMBERED_MAX, (day: number) => new Date(day * DAY_MS).toISOString().slice(0, 10))
const timeOfMinute = remember(REMEMBERED_MAX, (minute: number) => new Date(minute * MINUTE_MS).toISOString().slice(11, 16))
/** By UTC hour: how far Argentina is from UTC. Since 1970 that has only ever changed at a full hour. */
const offsetInHour = remember(REMEMBERED_MAX, (hour: number) => zoned(new Date(hour * HOUR_MS)).offsetNanoseconds / 1e6)

/** What walls in Argentina read, in milliseconds as if they were UTC, without asking `Temporal` for every slot of a week. Null: ask it. */
function quickWall(instant: Date, zone: string): number | null {
  const ms = instant.getTime()
  if (zone !== ARGENTINA || !(ms >= QUICK_FROM_MS && ms < QUICK_UNTIL_MS)) return null
  return ms + offsetInHour(Math.floor(ms / HOUR_MS))
}

/** ISO weekday of a wall date: 1 = Monday … 7 = Sunday. */
export const weekdayOf: (date: WallDate) => number = remember(REMEMBERED_MAX, (date: WallDate) => Temporal.PlainDate.from(date).dayOfWeek)

/** The instant at which a wall in Argentina reads that date and time. */
export function instantAt(date: WallDate, time: WallTime, zone = ARGENTINA): Date {
  return new Date(zone === ARGENTINA ? argentineMs(`${date}T${time}`) : zonedMs(date, time, zone))
}

const argentineMs = remember(REMEMBERED_MAX, (wall: string) => {
  const at = wall.indexOf('T')
  return zonedMs(wall.slice(0, at), wall.slice(at + 1), ARGENTINA)
})

function zonedMs(date: WallDate, time: WallTime, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) }).epochMilliseconds
}

export function addDays(date: WallDate, days: number): WallDate {
  return dateAfter(`${date} ${days}`)
}

const dateAfter = remember(REMEMBERED_MAX, (sum: string) => {
  const [date = '', days] = sum.split(' ')
  return Temporal.PlainDate.from(date)
    .add({ days: Number(days) })
    .toString()
})

/** Whole days from `from` to `to`. */
export function daysBetween(from: WallDate, to: WallDate): number {
  return daysOf(`${from} ${to}`)
}

const daysOf = remember(REMEMBERED_MAX, (span: string) => {
  const [from = '', to = ''] = span.split(' ')
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days
})

/** A real calendar date. The first and the last year that text can say are left out: beside them lie dates that a database cannot store. */
export function isWallDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text.startsWith('0000') || text.startsWith('9999')) return false
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString() === text
  } catch {
    return false
  }
}

/**
 * Parses an ISO 8601 date-time that carries `Z` or an offset; anything else (naive, impossible, prose, outside the years 1 to 9999 of UTC,
 * which is what a database can store) is null (behaviour R27).
 */
export function parseInstant(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]\d{2}(:?\d{2})?)$/i.test(text)) return null
  try {
    const instant = new Date(Temporal.Instant.from(text).epochMilliseconds)
    const year = instant.getUTCFullYear()
    return year >= 1 && year <= 9999 ? instant : null
  } catch {
    return null
  }
}

/** RFC 3339 with the Argentine offset: "2026-03-15T10:00:00-03:00". */
export function withOffset(instant: Date, zone = ARGENTINA): string {
  return zoned(instant, zone).toString({ timeZoneName: 'never', smallestUnit: 'second' })
}

/** "26/11/2026". */
export function formatDate(instant: Date, zone = ARGENTINA): string {
  const wall = quickWall(instant, zone)
  if (wall !== null) return dayInNumbers(dateOfDay(Math.floor(wall / DAY_MS)))
  const date = zoned(instant, zone)
  return `${String(date.day).padStart(2, '0')}/${String(date.month).padStart(2, '0')}/${date.year}`
}

const dayInNumbers = remember(REMEMBERED_MAX, (date: WallDate) => date.split('-').reverse().join('/'))

/** "18:00 a 19:00 hs". */
export function formatTimeRange(start: Date, end: Date, zone = ARGENTINA): string {
  return `${wallTime(start, zone)} a ${wallTime(end, zone)} hs`
}

/** "jueves 26 de noviembre". */
export function formatLongDate(instant: Date, zone = ARGENTINA): string {
  return zone === ARGENTINA ? argentineLongDate(instant) : longDateIn(zone).format(instant).replace(',', '')
}

const longDateIn = (zone: string) => new Intl.DateTimeFormat('es-AR', { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone })
/** Making a formatter takes longer than using it a hundred times. */
const LONG_DATE = longDateIn(ARGENTINA)
const argentineLongDate = byDay((instant) => LONG_DATE.format(instant).replace(',', ''))

/** Words that are the same for every instant of a day in Argentina. */
export function byDay(words: (instant: Date) => string): (instant: Date) => string {
  const ofDay = remember(REMEMBERED_MAX, (date: WallDate) => words(instantAt(date, '12:00')))
  return (instant) => ofDay(wallDate(instant))
}

/** True for a zone name that this runtime knows. */
export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('es-AR', { timeZone: name })
    return true
  } catch {
    return false
  }
}

/** The instant in the form that libraries cannot mistake for a wall time of the server. */
export function exactInstant(instant: Date): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime())
}
