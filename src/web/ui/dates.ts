import { ARGENTINA, addDays, instantAt, type WallDate, wallDate, wallTime } from '../../kernel/zoned-time.ts'

/** Spanish names of days and months, always read on a wall in Argentina. */
const part = (options: Intl.DateTimeFormatOptions) => {
  const format = new Intl.DateTimeFormat('es-AR', { ...options, timeZone: ARGENTINA })
  return (instant: Date) => format.format(instant)
}

/** "jueves" */
export const weekdayName = part({ weekday: 'long' })
/** "jue" */
export const weekdayShort = (instant: Date): string => weekdayName(instant).slice(0, 3)
/** "26" */
export const dayNumber = part({ day: 'numeric' })
/** "noviembre" */
export const monthName = part({ month: 'long' })

/** Noon of a wall date: an instant that every formatter here reads back as that date. */
export function noonOf(date: WallDate): Date {
  return instantAt(date, '12:00')
}

/** "Jueves 26 de noviembre" → "jueves 26, 18:00". */
export function shortMoment(instant: Date): string {
  return `${weekdayShort(instant)} ${dayNumber(instant)}, ${wallTime(instant)}`
}

/** "hoy 18 h", "mañana 9:30 h", "jueves 18 h", "jueves 26/11, 18 h" (farther than six days). */
export function spokenMoment(instant: Date, now: Date): string {
  const date = wallDate(instant)
  const today = wallDate(now)
  const hour = spokenTime(wallTime(instant))
  if (date === today) return `hoy ${hour}`
  if (date === addDays(today, 1)) return `mañana ${hour}`
  if (date > today && date < addDays(today, 7)) return `${weekdayName(instant)} ${hour}`
  return `${weekdayName(instant)} ${date.slice(8)}/${date.slice(5, 7)}, ${hour}`
}

/** "18 h", "9:30 h". */
export function spokenTime(time: string): string {
  const [hours, minutes] = time.split(':')
  return minutes === '00' ? `${Number(hours)} h` : `${Number(hours)}:${minutes} h`
}

/** "Semana del 23 al 28 de noviembre", "Semana del 30 de noviembre al 5 de diciembre". */
export function weekTitle(from: WallDate, to: WallDate): string {
  const first = noonOf(from)
  const last = noonOf(to)
  const month = monthName(first) === monthName(last) ? '' : ` de ${monthName(first)}`
  return `Semana del ${dayNumber(first)}${month} al ${dayNumber(last)} de ${monthName(last)}`
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
