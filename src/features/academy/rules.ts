import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { addDays, daysBetween, instantAt, type WallDate, type WallTime, wallDate, weekdayOf } from '../../kernel/zoned-time.ts'

/** One stretch of opening hours; wall times in Argentina, `closes` may be "24:00". 1 = Monday … 7 = Sunday. */
export interface OpeningInterval {
  weekday: number
  opens: WallTime
  closes: WallTime
}

export interface Interval {
  startsAt: Date
  endsAt: Date
}

/** What decides which slots a teacher offers (behaviour D5, D5a). */
export interface Schedule {
  slotMinutes: number
  minNoticeMinutes: number
  horizonDays: number
  opening: OpeningInterval[]
  blackouts: Interval[]
}

/** Monday to Saturday, 09:00 to 21:00 (behaviour D5). */
export const DEFAULT_OPENING: readonly OpeningInterval[] = [1, 2, 3, 4, 5, 6].map((weekday) => ({
  weekday,
  opens: '09:00',
  closes: '21:00',
}))

export function overlaps(a: Interval, b: Interval): boolean {
  // Asked for every slot of a week and every hour that is taken; comparing dates themselves takes ten times as long.
  return a.startsAt.getTime() < b.endsAt.getTime() && b.startsAt.getTime() < a.endsAt.getTime()
}

/** Every slot of one day: from the beginning of each interval, as many whole slots as fit, minus blackouts. */
export function slotsOfDay(schedule: Schedule, date: WallDate): Interval[] {
  const weekday = weekdayOf(date)
  const slots: Interval[] = []
  for (const interval of schedule.opening) {
    if (interval.weekday !== weekday) continue
    const closesAt = closingInstant(date, interval.closes)
    let startsAt = instantAt(date, interval.opens)
    // At most 96 slots of 15 minutes fit into a day.
    for (let i = 0; i < 96; i++) {
      const endsAt = plus(startsAt, schedule.slotMinutes * MINUTE_MS)
      if (endsAt > closesAt) break
      const slot = { startsAt, endsAt }
      if (!schedule.blackouts.some((blackout) => overlaps(slot, blackout))) slots.push(slot)
      startsAt = endsAt
    }
  }
  return slots.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime())
}

export type SlotRefusal = 'reversed' | 'wrong-length' | 'past' | 'short-notice' | 'beyond-horizon' | 'closed' | 'misaligned'

/** Checks 12 to 18 of behaviour 4.2, in that order. Null: the slot may be asked for. */
export function refuseSlot(schedule: Schedule, slot: Interval, now: Date): SlotRefusal | null {
  if (slot.endsAt <= slot.startsAt) return 'reversed'
  if (slot.endsAt.getTime() - slot.startsAt.getTime() !== schedule.slotMinutes * MINUTE_MS) return 'wrong-length'
  if (slot.startsAt < now) return 'past'
  if (slot.startsAt < plus(now, schedule.minNoticeMinutes * MINUTE_MS)) return 'short-notice'
  if (isBeyondHorizon(schedule, slot, now)) return 'beyond-horizon'
  const date = wallDate(slot.startsAt)
  if (slotsOfDay(schedule, date).some((free) => free.startsAt.getTime() === slot.startsAt.getTime())) return null
  const insideHours = schedule.opening.some(
    (interval) =>
      interval.weekday === weekdayOf(date) &&
      slot.startsAt >= instantAt(date, interval.opens) &&
      slot.endsAt <= closingInstant(date, interval.closes),
  )
  const blacked = schedule.blackouts.some((blackout) => overlaps(slot, blackout))
  return insideHours && !blacked ? 'misaligned' : 'closed'
}

export type SlotState = 'free' | 'taken' | 'unavailable'

/** `unavailable`: past, inside the notice, or beyond the horizon (behaviour 4.9). */
export function slotState(schedule: Schedule, slot: Interval, taken: readonly Interval[], now: Date): SlotState {
  if (slot.startsAt < plus(now, schedule.minNoticeMinutes * MINUTE_MS) || isBeyondHorizon(schedule, slot, now)) return 'unavailable'
  return taken.some((other) => overlaps(slot, other)) ? 'taken' : 'free'
}

/** The ART date of the start may be at most `horizonDays` after today's ART date (behaviour D5a). */
function isBeyondHorizon(schedule: Schedule, slot: Interval, now: Date): boolean {
  return daysBetween(wallDate(now), wallDate(slot.startsAt)) > schedule.horizonDays
}

function closingInstant(date: WallDate, closes: WallTime): Date {
  return closes === '24:00' ? instantAt(addDays(date, 1), '00:00') : instantAt(date, closes)
}

/** Opening hours of several people together: intervals of a day that touch become one. In the order of the week. */
export function union(opening: readonly OpeningInterval[]): OpeningInterval[] {
  const joined: OpeningInterval[] = []
  for (const next of opening.toSorted((a, b) => a.weekday - b.weekday || a.opens.localeCompare(b.opens))) {
    const last = joined.at(-1)
    if (last?.weekday !== next.weekday || last.closes < next.opens) joined.push({ ...next })
    else if (last.closes < next.closes) last.closes = next.closes
  }
  return joined
}

export interface ScheduleSettings {
  slotMinutes: number
  minNoticeMinutes: number
  horizonDays: number
  opening: OpeningInterval[]
}

/** What is wrong: a number, too many intervals, or one of them by its place in `opening`. */
export type ScheduleFault =
  | { at: 'slotMinutes' | 'minNoticeMinutes' | 'horizonDays' | 'opening' }
  | { at: 'interval'; index: number; why: 'unreadable' | 'too-short' | 'overlap' }

export function isValidSchedule(settings: ScheduleSettings): boolean {
  return scheduleFault(settings) === null
}

/** The first fault: overlapping or reversed intervals, intervals shorter than a slot, and numbers out of range (behaviour 4.16). */
export function scheduleFault({ slotMinutes, minNoticeMinutes, horizonDays, opening }: ScheduleSettings): ScheduleFault | null {
  if (!isWholeWithin(slotMinutes, 15, 240)) return { at: 'slotMinutes' }
  if (!isWholeWithin(minNoticeMinutes, 0, 43_200)) return { at: 'minNoticeMinutes' }
  if (!isWholeWithin(horizonDays, 1, 365)) return { at: 'horizonDays' }
  if (opening.length > 70) return { at: 'opening' }
  for (const [index, interval] of opening.entries()) {
    const from = minutesOf(interval.opens)
    const to = minutesOf(interval.closes)
    if (from === null || to === null || from >= 1440 || interval.weekday < 1 || interval.weekday > 7)
      return { at: 'interval', index, why: 'unreadable' }
    if (to - from < slotMinutes) return { at: 'interval', index, why: 'too-short' }
    const clash = opening.some(
      (other, at) =>
        at < index && other.weekday === interval.weekday && (minutesOf(other.opens) ?? 0) < to && from < (minutesOf(other.closes) ?? 0),
    )
    if (clash) return { at: 'interval', index, why: 'overlap' }
  }
  return null
}

function isWholeWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max
}

function minutesOf(time: WallTime): number | null {
  const match = /^(\d{2}):(\d{2})$/.exec(time)
  if (!match) return null
  const [hours, minutes] = [Number(match[1]), Number(match[2])]
  if (minutes > 59 || hours > 24 || (hours === 24 && minutes > 0)) return null
  return hours * 60 + minutes
}
