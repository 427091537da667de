import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { addDays, daysBetween, instantAt, wallDate, weekdayOf } from '../../kernel/zoned-time.ts'
import { type Interval, isValidSchedule, overlaps, refuseSlot, type Schedule, slotState, slotsOfDay } from './rules.ts'

/** Years in which Argentina has kept its clocks three hours behind UTC, so that a model can count in minutes. */
const FROM = Date.parse('2020-01-01T03:00:00Z')
const DAYS = 20 * 365
const OFFSET_MS = 3 * HOUR_MS
const RUNS = { numRuns: 300 }

const time = (minutes: number) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
const minutesOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

/** Any hours that an admin could save, to the minute, with blackouts around a day. */
const settings = fc
  .record({
    day: fc.nat(DAYS),
    slotMinutes: fc.integer({ min: 15, max: 240 }),
    minNoticeMinutes: fc.oneof(fc.constant(0), fc.constant(120), fc.nat(43_200)),
    horizonDays: fc.integer({ min: 1, max: 365 }),
    wanted: fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.nat(1_439), fc.integer({ min: 15, max: 1_440 })), { maxLength: 12 }),
    closed: fc.array(fc.tuple(fc.integer({ min: -1_440, max: 2_880 }), fc.integer({ min: 1, max: 2_000 })), { maxLength: 5 }),
  })
  .map(({ day, wanted, closed, ...numbers }) => {
    const midnight = new Date(FROM + day * DAY_MS)
    const opening: Schedule['opening'] = []
    for (const [weekday, from, length] of wanted) {
      const interval = { weekday, opens: time(from), closes: time(Math.min(1_440, from + length)) }
      if (isValidSchedule({ ...numbers, opening: [...opening, interval] })) opening.push(interval)
    }
    const blackouts = closed.map(([from, minutes]) => ({
      startsAt: plus(midnight, from * MINUTE_MS),
      endsAt: plus(midnight, (from + minutes) * MINUTE_MS),
    }))
    return { date: wallDate(midnight), midnight, schedule: { ...numbers, opening, blackouts } satisfies Schedule }
  })

/** The starts of a day's slots, counted in minutes from midnight by itself. */
function modelStarts({ schedule, midnight }: { schedule: Schedule; midnight: Date }): number[] {
  const weekday = new Date(midnight.getTime() - OFFSET_MS).getUTCDay() || 7
  const starts: number[] = []
  for (const { opens, closes, ...interval } of schedule.opening) {
    if (interval.weekday !== weekday) continue
    for (let from = minutesOf(opens); from + schedule.slotMinutes <= minutesOf(closes); from += schedule.slotMinutes) {
      const at = midnight.getTime() + from * MINUTE_MS
      const touches = ({ startsAt, endsAt }: Interval) =>
        startsAt.getTime() < at + schedule.slotMinutes * MINUTE_MS && endsAt.getTime() > at
      if (!schedule.blackouts.some(touches)) starts.push(at)
    }
  }
  return starts.sort((a, b) => a - b)
}

describe('slots, whatever the hours and whatever the year', () => {
  it('of a day are exactly those that fit into its intervals, one after the other, beside its blackouts', () => {
    fc.assert(
      fc.property(settings, (drawn) => {
        const { date, midnight, schedule } = drawn
        const slots = slotsOfDay(schedule, date)
        expect(slots.map(({ startsAt }) => startsAt.getTime())).toEqual(modelStarts(drawn))
        for (const [index, slot] of slots.entries()) {
          expect(slot.endsAt.getTime() - slot.startsAt.getTime()).toBe(schedule.slotMinutes * MINUTE_MS)
          expect(slot.startsAt >= midnight && slot.endsAt <= plus(midnight, DAY_MS)).toBe(true)
          expect(slots.slice(index + 1).some((later) => overlaps(slot, later))).toBe(false)
        }
      }),
      RUNS,
    )
  })

  it('are accepted from the notice on, to the millisecond, and refused before', () => {
    fc.assert(
      fc.property(settings, ({ date, schedule }) => {
        const [slot] = slotsOfDay(schedule, date)
        const wide = { ...schedule, horizonDays: 365 }
        if (!slot) return
        const last = plus(slot.startsAt, -schedule.minNoticeMinutes * MINUTE_MS)
        expect(refuseSlot(wide, slot, last)).toBeNull()
        expect(slotState(wide, slot, [], last)).toBe('free')
        expect(refuseSlot(wide, slot, plus(last, 1))).toBe(schedule.minNoticeMinutes === 0 ? 'past' : 'short-notice')
        expect(slotState(wide, slot, [], plus(last, 1))).toBe('unavailable')
      }),
      RUNS,
    )
  })

  it('are accepted up to the last day of the horizon, counted in Argentine days, and refused on the next', () => {
    fc.assert(
      fc.property(settings, fc.nat(DAY_MS - 1), ({ date, schedule }, ofTheDay) => {
        const at = (day: string) => plus(instantAt(day, '00:00'), ofTheDay)
        const soon = { ...schedule, minNoticeMinutes: 0 }
        const [inside, outside] = [at(addDays(date, -schedule.horizonDays)), at(addDays(date, -schedule.horizonDays - 1))]
        for (const slot of slotsOfDay(soon, date)) {
          expect(refuseSlot(soon, slot, inside)).toBeNull()
          expect(refuseSlot(soon, slot, outside)).toBe('beyond-horizon')
          expect(slotState(soon, slot, [], outside)).toBe('unavailable')
        }
      }),
      RUNS,
    )
  })

  it('are refused at any other minute: closed outside the hours, misaligned inside them', () => {
    fc.assert(
      fc.property(settings, fc.nat(1_439), ({ date, midnight, schedule }, minute) => {
        const startsAt = plus(midnight, minute * MINUTE_MS)
        const slot = { startsAt, endsAt: plus(startsAt, schedule.slotMinutes * MINUTE_MS) }
        const wide = { ...schedule, minNoticeMinutes: 0, horizonDays: 365 }
        const refusal = refuseSlot(wide, slot, plus(midnight, -DAY_MS))
        const isOffered = slotsOfDay(schedule, date).some((offered) => offered.startsAt.getTime() === startsAt.getTime())
        const isInside = schedule.opening.some(
          ({ weekday, opens, closes }) =>
            weekday === weekdayOf(date) && minute >= minutesOf(opens) && minute + schedule.slotMinutes <= minutesOf(closes),
        )
        const isBlacked = schedule.blackouts.some((blackout) => overlaps(slot, blackout))
        expect(refusal).toBe(isOffered ? null : isInside && !isBlacked ? 'misaligned' : 'closed')
      }),
      RUNS,
    )
  })
})

describe('days on which Argentina has changed its clocks', () => {
  const open = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
  const schedule: Schedule = { slotMinutes: 60, minNoticeMinutes: 0, horizonDays: 365, opening: open, blackouts: [] }

  it.each([
    ['2007-12-30', 23],
    ['2008-03-15', 25],
    ['2008-10-19', 23],
    ['2009-03-14', 25],
  ])('%s has %i hours to give, none of them twice', (date, hours) => {
    const slots = slotsOfDay(schedule, date)
    expect(slots).toHaveLength(hours)
    for (const [index, slot] of slots.entries()) {
      expect(wallDate(slot.startsAt)).toBe(date)
      if (index > 0) expect(slot.startsAt).toEqual(slots[index - 1]?.endsAt)
      expect(refuseSlot(schedule, slot, plus(slot.startsAt, -HOUR_MS))).toBeNull()
    }
    expect(slotsOfDay(schedule, addDays(date, 1))[0]?.startsAt).toEqual(slots.at(-1)?.endsAt)
    expect(daysBetween(date, addDays(date, 7))).toBe(7)
  })
})
