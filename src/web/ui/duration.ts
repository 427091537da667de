import type { Locale } from '../../kernel/locale.ts'

/** Lengths of time in words and digits. Pure: the server renders with it and the browser keeps it running. */
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

interface Units {
  day: string
  days: string
  hour: string
  hours: string
  minute: string
  minutes: string
  and: string
}

const UNITS: Record<Locale, Units> = {
  es: { day: 'día', days: 'días', hour: 'h', hours: 'hs', minute: 'min', minutes: 'mins', and: 'y' },
  en: { day: 'day', days: 'days', hour: 'hour', hours: 'hours', minute: 'min', minutes: 'mins', and: 'and' },
}

/** "2 días, 3 hs y 5 mins": whole minutes, rounded up so that the last one reads "1 min". */
export function durationWords(milliseconds: number, locale: Locale = 'es'): string {
  const { days, hours, minutes } = partsOf(milliseconds)
  const unit = UNITS[locale]
  const words = [
    days > 0 ? `${days} ${days === 1 ? unit.day : unit.days}` : '',
    hours > 0 ? `${hours} ${hours === 1 ? unit.hour : unit.hours}` : '',
    minutes > 0 ? `${minutes} ${minutes === 1 ? unit.minute : unit.minutes}` : '',
  ].filter((word) => word !== '')
  const last = words.pop() ?? `0 ${unit.minutes}`
  return words.length === 0 ? last : `${words.join(', ')} ${unit.and} ${last}`
}

/** "19:05": minutes and seconds left, never negative. */
export function clockDigits(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1_000))
  return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`
}

function partsOf(milliseconds: number): { days: number; hours: number; minutes: number } {
  const total = Math.ceil(Math.max(0, milliseconds) / MINUTE_MS) * MINUTE_MS
  return {
    days: Math.floor(total / DAY_MS),
    hours: Math.floor((total % DAY_MS) / HOUR_MS),
    minutes: Math.floor((total % HOUR_MS) / MINUTE_MS),
  }
}
