import { invalid } from './errors.ts'
import type { Calendar, CalendarEvent, EventTime } from './model.ts'
import { instantOf } from './time.ts'

/** The part of RFC 5545 that the sandbox understands: one RRULE (DAILY, WEEKLY, MONTHLY on the same day) and any EXDATE. */
interface Recurrence {
  frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY'
  interval: number
  count: number | null
  /** An instant ("…Z"), or the last date. */
  until: { at: number } | { date: string } | null
  /** ISO weekdays, 1 = Monday. */
  weekdays: number[]
  excluded: string[]
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']
const OCCURRENCES_SCANNED_MAX = 20_000
const UNDERSTOOD = new Set(['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST'])

/** Parses the `recurrence` lines of an event. Throws 400 for a rule outside the part that the sandbox understands. */
export function parseRecurrence(lines: string[]): Recurrence {
  const rules = lines.filter((line) => line.startsWith('RRULE:'))
  const exceptions = lines.filter((line) => /^EXDATE[:;]/.test(line))
  const [rule] = rules
  if (!rule || rules.length + exceptions.length !== lines.length || rules.length > 1) throw invalidRule()
  const parts = new Map(
    rule
      .slice('RRULE:'.length)
      .split(';')
      .map((part) => part.split('=', 2) as [string, string]),
  )
  const frequency = parts.get('FREQ') as Recurrence['frequency']
  if (!['DAILY', 'WEEKLY', 'MONTHLY'].includes(frequency) || [...parts.keys()].some((name) => !UNDERSTOOD.has(name))) throw invalidRule()
  const weekdays = (parts.get('BYDAY')?.split(',') ?? []).map((day) => WEEKDAYS.indexOf(day) + 1)
  if (weekdays.includes(0) || (frequency === 'MONTHLY' && weekdays.length > 0)) throw invalidRule()
  if (parts.has('COUNT') && parts.has('UNTIL')) throw invalidRule()
  return {
    frequency,
    interval: positive(parts.get('INTERVAL')) ?? 1,
    count: positive(parts.get('COUNT')),
    until: parts.has('UNTIL') ? parseUntil(parts.get('UNTIL') as string) : null,
    weekdays,
    excluded: exceptions.flatMap((line) => line.slice(line.indexOf(':') + 1).split(',')),
  }
}

/** The occurrences of a recurring event that overlap the window, without those that were changed or removed by themselves. */
export function expand(calendar: Calendar, master: CalendarEvent, window: { from: number; to: number }): CalendarEvent[] {
  const occurrences: CalendarEvent[] = []
  for (const start of startsOf(master, calendar.timeZone, window.to)) {
    const occurrence = occurrenceAt(calendar, master, start)
    const overlaps =
      instantOf(occurrence.end, calendar.timeZone) > window.from && instantOf(occurrence.start, calendar.timeZone) < window.to
    if (overlaps && !calendar.events[occurrence.id]) occurrences.push(occurrence)
  }
  return occurrences
}

/** Finds one occurrence by its id, "<id of the recurring event>_<original start>". */
export function findOccurrence(calendar: Calendar, id: string): CalendarEvent | undefined {
  const [, masterId = '', stamp = ''] = /^([a-v0-9]+)_(\d{8}(?:T\d{6}Z)?)$/.exec(id) ?? []
  const master = calendar.events[masterId]
  if (!master?.recurrence) return undefined
  const day = Temporal.PlainDate.from(stamp.slice(0, 8)).add({ days: 2 }).toZonedDateTime('UTC').epochMilliseconds
  for (const start of startsOf(master, calendar.timeZone, day)) {
    const occurrence = occurrenceAt(calendar, master, start)
    if (occurrence.id === id) return occurrence
  }
  return undefined
}

function occurrenceAt(calendar: Calendar, master: CalendarEvent, start: EventTime): CalendarEvent {
  const { recurrence: _, ...rest } = master
  return {
    ...rest,
    id: `${master.id}_${stampOf(start)}`,
    start,
    end: endFor(master, start, calendar.timeZone),
    recurringEventId: master.id,
    originalStart: start,
  }
}

function* startsOf(master: CalendarEvent, calendarZone: string, before: number): Generator<EventTime> {
  const rule = parseRecurrence(master.recurrence ?? [])
  const first = master.start
  const zone = first.kind === 'instant' ? first.timeZone : calendarZone
  const begin = Temporal.Instant.fromEpochMilliseconds(instantOf(first, calendarZone)).toZonedDateTimeISO(zone)
  let produced = 0
  for (const date of datesOf(rule, begin.toPlainDate())) {
    const zoned = date.toZonedDateTime({ timeZone: zone, plainTime: begin.toPlainTime() })
    const start: EventTime =
      first.kind === 'day'
        ? { kind: 'day', date: date.toString() }
        : { kind: 'instant', at: zoned.epochMilliseconds, timeZone: first.timeZone }
    const over = isAfterUntil(rule, zoned) || (rule.count !== null && produced >= rule.count)
    if (over || instantOf(start, calendarZone) >= before) return
    produced += 1
    if (!isExcluded(rule, start, zoned)) yield start
  }
}

function* datesOf(rule: Recurrence, first: Temporal.PlainDate): Generator<Temporal.PlainDate> {
  const monday = first.subtract({ days: first.dayOfWeek - 1 })
  for (let step = 0, scanned = 0; scanned < OCCURRENCES_SCANNED_MAX; step += 1) {
    const candidates = candidatesOf(rule, first, monday, step * rule.interval)
    scanned += Math.max(candidates.length, 1)
    for (const date of candidates) if (Temporal.PlainDate.compare(date, first) >= 0) yield date
  }
}

function candidatesOf(rule: Recurrence, first: Temporal.PlainDate, monday: Temporal.PlainDate, steps: number): Temporal.PlainDate[] {
  if (rule.frequency === 'MONTHLY') {
    const date = first.add({ months: steps })
    return date.day === first.day ? [date] : []
  }
  if (rule.frequency === 'DAILY') {
    const date = first.add({ days: steps })
    return rule.weekdays.length === 0 || rule.weekdays.includes(date.dayOfWeek) ? [date] : []
  }
  const weekdays = rule.weekdays.length > 0 ? rule.weekdays.toSorted((a, b) => a - b) : [first.dayOfWeek]
  return weekdays.map((weekday) => monday.add({ days: steps * 7 + weekday - 1 }))
}

function isAfterUntil(rule: Recurrence, start: Temporal.ZonedDateTime): boolean {
  if (!rule.until) return false
  if ('at' in rule.until) return start.epochMilliseconds > rule.until.at
  return start.toPlainDate().toString() > rule.until.date
}

function isExcluded(rule: Recurrence, start: EventTime, zoned: Temporal.ZonedDateTime): boolean {
  const local = zoned.toPlainDateTime().toString({ smallestUnit: 'second' }).replaceAll(/[-:]/g, '')
  return rule.excluded.includes(stampOf(start)) || rule.excluded.includes(local)
}

function endFor(master: CalendarEvent, start: EventTime, calendarZone: string): EventTime {
  if (start.kind === 'instant') {
    const length = instantOf(master.end, calendarZone) - instantOf(master.start, calendarZone)
    return { kind: 'instant', at: start.at + length, timeZone: start.timeZone }
  }
  const [from, to] = [master.start, master.end].map((time) => Temporal.PlainDate.from((time as { date: string }).date)) as [
    Temporal.PlainDate,
    Temporal.PlainDate,
  ]
  return {
    kind: 'day',
    date: Temporal.PlainDate.from(start.date)
      .add(from.until(to, { largestUnit: 'days' }))
      .toString(),
  }
}

function stampOf(start: EventTime): string {
  if (start.kind === 'day') return start.date.replaceAll('-', '')
  return new Date(start.at).toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
}

function parseUntil(text: string): { at: number } | { date: string } {
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})Z?)?$/.exec(text) ?? []
  if (!year) throw invalidRule()
  if (hour === undefined) return { date: `${year}-${month}-${day}` }
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  if (Number.isNaN(at)) throw invalidRule()
  return { at }
}

function positive(text: string | undefined): number | null {
  if (text === undefined) return null
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1 || number > OCCURRENCES_SCANNED_MAX) throw invalidRule()
  return number
}

const invalidRule = () => invalid('Invalid recurrence rule.')
