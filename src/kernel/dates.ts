import type { Locale } from './locale.ts'
import {
  ARGENTINA,
  addDays,
  byDay,
  formatDate,
  formatLongDate,
  formatTimeRange,
  instantAt,
  type WallDate,
  wallDate,
  wallTime,
} from './zoned-time.ts'

/** Dates and times in words, always read on a wall in Argentina. */
export interface Dates {
  /** "jueves" */
  weekday: (instant: Date) => string
  /** "jue" */
  weekdayShort: (instant: Date) => string
  /** "26" */
  dayNumber: (instant: Date) => string
  /** "noviembre" */
  month: (instant: Date) => string
  /** "26/11/2026"; in English the month has a name, since readers do not agree which number it is. */
  date: (instant: Date) => string
  /** "jueves 26 de noviembre" */
  longDate: (instant: Date) => string
  /** "18:00 a 19:00 hs" */
  timeRange: (start: Date, end: Date) => string
  /** "jue 26, 18:00" */
  shortMoment: (instant: Date) => string
  /** "hoy 18 h", "mañana 9:30 h", "jueves 18 h", "jueves 26/11, 18 h" (farther than six days). */
  spokenMoment: (instant: Date, now: Date) => string
  /** "18 h", "9:30 h", from a wall time. No line breaks before the "h". */
  spokenTime: (time: string) => string
  /** "Semana del 23 al 28 de noviembre", "Semana del 30 de noviembre al 5 de diciembre". */
  weekTitle: (from: WallDate, to: WallDate) => string
}

/** Names and numbers of a day; no hours, which change within it. */
const part = (tag: string, options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat(tag, { ...options, timeZone: ARGENTINA })
  return byDay((instant) => format.format(instant))
}

/** Noon of a wall date: an instant that every formatter here reads back as that date. */
export function noonOf(date: WallDate): Date {
  return instantAt(date, '12:00')
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const DAYS_NAMED_MAX = 7

/** How far a moment is, as far as words go: today, tomorrow, a weekday within the week, or a date. */
function nearness(instant: Date, now: Date): 'today' | 'tomorrow' | 'this-week' | 'far' {
  const date = wallDate(instant)
  const today = wallDate(now)
  if (date === today) return 'today'
  if (date === addDays(today, 1)) return 'tomorrow'
  return date > today && date < addDays(today, DAYS_NAMED_MAX) ? 'this-week' : 'far'
}

function spanish(): Dates {
  const weekday = part('es-AR', { weekday: 'long' })
  const dayNumber = part('es-AR', { day: 'numeric' })
  const month = part('es-AR', { month: 'long' })
  const weekdayShort = (instant: Date) => weekday(instant).slice(0, 3)
  const spokenTime = (time: string) => {
    const [hours, minutes] = time.split(':')
    return minutes === '00' ? `${Number(hours)}\u00a0h` : `${Number(hours)}:${minutes}\u00a0h`
  }
  return {
    weekday,
    weekdayShort,
    dayNumber,
    month,
    date: (instant) => formatDate(instant),
    longDate: (instant) => formatLongDate(instant),
    timeRange: (start, end) => formatTimeRange(start, end),
    shortMoment: (instant) => `${weekdayShort(instant)} ${dayNumber(instant)}, ${wallTime(instant)}`,
    spokenTime,
    spokenMoment: (instant, now) => {
      const hour = spokenTime(wallTime(instant))
      switch (nearness(instant, now)) {
        case 'today':
          return `hoy ${hour}`
        case 'tomorrow':
          return `mañana ${hour}`
        case 'this-week':
          return `${weekday(instant)} ${hour}`
        case 'far':
          return `${weekday(instant)} ${formatDate(instant).slice(0, 5)}, ${hour}`
      }
    },
    weekTitle: (from, to) => {
      const [first, last] = [noonOf(from), noonOf(to)]
      const firstMonth = month(first) === month(last) ? '' : ` de ${month(first)}`
      return `Semana del ${dayNumber(first)}${firstMonth} al ${dayNumber(last)} de ${month(last)}`
    },
  }
}

function english(): Dates {
  const weekday = part('en-GB', { weekday: 'long' })
  const dayNumber = part('en-GB', { day: 'numeric' })
  const month = part('en-GB', { month: 'long' })
  const monthShort = part('en-GB', { month: 'short' })
  const weekdayShort = (instant: Date) => weekday(instant).slice(0, 3)
  const spokenTime = (time: string) => time.replace(/^0/, '')
  return {
    weekday,
    weekdayShort,
    dayNumber,
    month,
    date: part('en-GB', { day: 'numeric', month: 'short', year: 'numeric' }),
    longDate: (instant) => `${weekday(instant)} ${dayNumber(instant)} ${month(instant)}`,
    timeRange: (start, end) => `${wallTime(start)} to ${wallTime(end)}`,
    shortMoment: (instant) => `${weekdayShort(instant)} ${dayNumber(instant)}, ${wallTime(instant)}`,
    spokenTime,
    spokenMoment: (instant, now) => {
      const hour = spokenTime(wallTime(instant))
      switch (nearness(instant, now)) {
        case 'today':
          return `today at ${hour}`
        case 'tomorrow':
          return `tomorrow at ${hour}`
        case 'this-week':
          return `${weekday(instant)} at ${hour}`
        case 'far':
          return `${weekday(instant)} ${dayNumber(instant)} ${monthShort(instant)}, ${hour}`
      }
    },
    weekTitle: (from, to) => {
      const [first, last] = [noonOf(from), noonOf(to)]
      const firstMonth = month(first) === month(last) ? '' : ` ${month(first)}`
      return `Week of ${dayNumber(first)}${firstMonth} to ${dayNumber(last)} ${month(last)}`
    },
  }
}

const DATES: Record<Locale, Dates> = { es: spanish(), en: english() }

export function datesIn(locale: Locale): Dates {
  return DATES[locale]
}
