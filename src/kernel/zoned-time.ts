/**
 * Wall-clock time in Argentina. The only module that knows a time zone by name; it wraps `Temporal` and `Intl`.
 * Instants travel as `Date`; a wall date is "YYYY-MM-DD", a wall time "HH:mm".
 */
export const ARGENTINA = 'America/Argentina/Buenos_Aires'

export type WallDate = string
export type WallTime = string

function zoned(instant: Date, zone = ARGENTINA): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(zone)
}

/** "2026-11-26" as read on a wall in Argentina at that instant. */
export function wallDate(instant: Date, zone = ARGENTINA): WallDate {
  return quickWall(instant, zone)?.slice(0, 10) ?? zoned(instant, zone).toPlainDate().toString()
}

/** "18:00" (00–23 hour cycle). */
export function wallTime(instant: Date, zone = ARGENTINA): WallTime {
  return quickWall(instant, zone)?.slice(11, 16) ?? zoned(instant, zone).toPlainTime().toString({ smallestUnit: 'minute' })
}

const HOUR_MS = 3_600_000
const QUICK_UNTIL_MS = Date.UTC(9999, 0, 1)
const OFFSETS_MAX = 2_000
/** By UTC hour: how far Argentina is from UTC. Since 1970 that has only ever changed at a full hour. */
const offsets = new Map<number, number>()

/** What walls in Argentina read, as an ISO text, without asking `Temporal` for every slot of a week. Null: ask it. */
function quickWall(instant: Date, zone: string): string | null {
  const ms = instant.getTime()
  if (zone !== ARGENTINA || !(ms >= 0 && ms < QUICK_UNTIL_MS)) return null
  const hour = Math.floor(ms / HOUR_MS)
  let offset = offsets.get(hour)
  if (offset === undefined) {
    offset = zoned(instant).offsetNanoseconds / 1e6
    if (offsets.size >= OFFSETS_MAX) offsets.clear()
    offsets.set(hour, offset)
  }
  return new Date(ms + offset).toISOString()
}

/** ISO weekday of a wall date: 1 = Monday … 7 = Sunday. */
export function weekdayOf(date: WallDate): number {
  return Temporal.PlainDate.from(date).dayOfWeek
}

/** The instant at which a wall in Argentina reads that date and time. */
export function instantAt(date: WallDate, time: WallTime, zone = ARGENTINA): Date {
  const local = Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(time) })
  return new Date(local.epochMilliseconds)
}

export function addDays(date: WallDate, days: number): WallDate {
  return Temporal.PlainDate.from(date).add({ days }).toString()
}

/** Whole days from `from` to `to`. */
export function daysBetween(from: WallDate, to: WallDate): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'days' }).days
}

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
  const date = zoned(instant, zone)
  return `${String(date.day).padStart(2, '0')}/${String(date.month).padStart(2, '0')}/${date.year}`
}

/** "18:00 a 19:00 hs". */
export function formatTimeRange(start: Date, end: Date, zone = ARGENTINA): string {
  return `${wallTime(start, zone)} a ${wallTime(end, zone)} hs`
}

/** "jueves 26 de noviembre". */
export function formatLongDate(instant: Date, zone = ARGENTINA): string {
  if (zone === ARGENTINA) return LONG_DATE.format(instant).replace(',', '')
  return longDateIn(zone).format(instant).replace(',', '')
}

const longDateIn = (zone: string) => new Intl.DateTimeFormat('es-AR', { weekday: 'long', day: 'numeric', month: 'long', timeZone: zone })
/** Making one takes longer than using it a hundred times. */
const LONG_DATE = longDateIn(ARGENTINA)

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
