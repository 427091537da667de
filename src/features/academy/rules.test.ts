import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { addDays, daysBetween, instantAt, wallDate, wallTime, weekdayOf } from '../../kernel/zoned-time.ts'
import {
  DEFAULT_OPENING,
  type Interval,
  isValidSchedule,
  overlaps,
  refuseSlot,
  type Schedule,
  type ScheduleSettings,
  slotState,
  slotsOfDay,
  union,
} from './rules.ts'

const MONDAY = '2026-11-23'
const NOW = instantAt(MONDAY, '09:00')

function schedule(change: Partial<Schedule> = {}): Schedule {
  return { slotMinutes: 60, minNoticeMinutes: 120, horizonDays: 60, opening: [...DEFAULT_OPENING], blackouts: [], ...change }
}

function hour(date: string, time: string, minutes = 60): Interval {
  const startsAt = instantAt(date, time)
  return { startsAt, endsAt: plus(startsAt, minutes * MINUTE_MS) }
}

describe('the slots of a day (D5, D5a)', () => {
  it('are twelve by default: first 09:00 to 10:00, last 20:00 to 21:00', () => {
    const slots = slotsOfDay(schedule(), '2026-11-24')
    expect(slots).toHaveLength(12)
    expect(slots[0]).toEqual(hour('2026-11-24', '09:00'))
    expect(slots[11]).toEqual(hour('2026-11-24', '20:00'))
  })

  it('are none on Sunday', () => {
    expect(slotsOfDay(schedule(), '2026-11-29')).toEqual([])
    expect(slotsOfDay(schedule(), '2026-11-28')).toHaveLength(12)
  })

  it('start at the beginning of each interval and must fit inside it', () => {
    const opening = [
      { weekday: 1, opens: '14:30', closes: '16:15' },
      { weekday: 1, opens: '09:00', closes: '10:00' },
    ]
    expect(slotsOfDay(schedule({ opening }), MONDAY).map((slot) => wallTime(slot.startsAt))).toEqual(['09:00', '14:30'])
  })

  it('reach midnight when the day closes at 24:00', () => {
    const slots = slotsOfDay(schedule({ opening: [{ weekday: 1, opens: '22:00', closes: '24:00' }] }), MONDAY)
    expect(slots).toEqual([hour(MONDAY, '22:00'), hour(MONDAY, '23:00')])
    expect(slots[1]?.endsAt).toEqual(instantAt('2026-11-24', '00:00'))
  })

  it('of a quarter of an hour fill a whole day and no more', () => {
    const opening = [{ weekday: 1, opens: '00:00', closes: '24:00' }]
    expect(slotsOfDay(schedule({ opening, slotMinutes: 15 }), MONDAY)).toHaveLength(96)
  })

  it('leave out whatever a blackout touches, and only that', () => {
    const blackouts = [{ startsAt: instantAt(MONDAY, '10:59'), endsAt: instantAt(MONDAY, '13:00') }]
    const starts = slotsOfDay(schedule({ blackouts }), MONDAY).map((slot) => wallTime(slot.startsAt))
    expect(starts.slice(0, 3)).toEqual(['09:00', '13:00', '14:00'])
  })
})

describe('which slot may be asked for (4.2 rows 12 to 18)', () => {
  const refusal = (slot: Interval, now = NOW, change: Partial<Schedule> = {}) => refuseSlot(schedule(change), slot, now)

  it('row 12: the end must come after the start', () => {
    const startsAt = instantAt('2026-11-24', '10:00')
    expect(refusal({ startsAt, endsAt: startsAt })).toBe('reversed')
    expect(refusal({ startsAt, endsAt: plus(startsAt, -HOUR_MS) })).toBe('reversed')
  })

  it('row 13: it lasts one slot, to the millisecond', () => {
    for (const minutes of [30, 59, 61, 120, 3 * 24 * 60]) expect(refusal(hour('2026-11-24', '10:00', minutes))).toBe('wrong-length')
    const { startsAt } = hour('2026-11-24', '10:00')
    expect(refusal({ startsAt, endsAt: plus(startsAt, HOUR_MS + 1) })).toBe('wrong-length')
    expect(refusal({ startsAt, endsAt: plus(startsAt, HOUR_MS) })).toBeNull()
    expect(refusal(hour('2026-11-24', '10:30', 45), NOW, { slotMinutes: 45 })).toBeNull()
  })

  it('rows 14 and 15: not past, and two hours ahead: exactly two hours is enough', () => {
    const slot = hour('2026-11-24', '11:00')
    expect(refusal(slot, plus(slot.startsAt, 1))).toBe('past')
    expect(refusal(slot, slot.startsAt)).toBe('short-notice')
    expect(refusal(slot, plus(slot.startsAt, -2 * HOUR_MS + SECOND_MS))).toBe('short-notice')
    expect(refusal(slot, plus(slot.startsAt, -2 * HOUR_MS + 1))).toBe('short-notice')
    expect(refusal(slot, plus(slot.startsAt, -2 * HOUR_MS))).toBeNull()
  })

  it('row 16: day 60 is inside the horizon, day 61 is not, and days are counted in Argentina', () => {
    const day60 = addDays(MONDAY, 60)
    expect(refusal(hour(day60, '10:00'))).toBeNull()
    expect(refusal(hour(addDays(MONDAY, 61), '10:00'))).toBe('beyond-horizon')
    // 23:30 in Argentina is tomorrow in UTC, and today still counts.
    expect(refusal(hour(addDays(MONDAY, 61), '10:00'), instantAt(MONDAY, '23:30'))).toBe('beyond-horizon')
    expect(refusal(hour(addDays(MONDAY, 61), '10:00'), instantAt(addDays(MONDAY, 1), '00:00'))).toBeNull()
    expect(refusal(hour(addDays(MONDAY, 365), '10:00'))).toBe('beyond-horizon')
  })

  it('row 17: the first and the last hour are open, the ones beside them and Sunday are closed', () => {
    expect(refusal(hour('2026-11-24', '09:00'))).toBeNull()
    expect(refusal(hour('2026-11-24', '20:00'))).toBeNull()
    for (const time of ['08:00', '08:30', '20:30', '21:00', '03:00', '23:00']) expect(refusal(hour('2026-11-24', time))).toBe('closed')
    for (const time of ['09:00', '12:00', '20:00']) expect(refusal(hour('2026-11-29', time))).toBe('closed')
    expect(refusal(hour('2026-11-24', '10:00'), NOW, { opening: [] })).toBe('closed')
  })

  it('row 17: a blackout that touches the slot closes it', () => {
    const blackouts = [hour('2026-11-24', '10:30', 30)]
    expect(refusal(hour('2026-11-24', '10:00'), NOW, { blackouts })).toBe('closed')
    expect(refusal(hour('2026-11-24', '09:00'), NOW, { blackouts })).toBeNull()
    expect(refusal(hour('2026-11-24', '11:00'), NOW, { blackouts })).toBeNull()
    expect(refusal(hour('2026-11-24', '10:30'), NOW, { blackouts })).toBe('closed')
  })

  it('row 18: inside the hours but between two slots', () => {
    for (const time of ['09:30', '10:01', '19:59']) expect(refusal(hour('2026-11-24', time))).toBe('misaligned')
    expect(refusal({ startsAt: plus(instantAt('2026-11-24', '10:00'), 1), endsAt: plus(instantAt('2026-11-24', '11:00'), 1) })).toBe(
      'misaligned',
    )
  })

  it('the first check that fails answers', () => {
    const past = hour('2026-11-22', '03:10')
    expect(refusal({ startsAt: past.endsAt, endsAt: past.startsAt })).toBe('reversed')
    expect(refusal({ ...past, endsAt: plus(past.endsAt, 1) })).toBe('wrong-length')
    expect(refusal(past)).toBe('past')
    expect(refusal(hour(addDays(MONDAY, 62), '03:10'))).toBe('beyond-horizon')
  })
})

/** Weekly hours that an admin could save, with at most two intervals a day. */
const anySettings: fc.Arbitrary<Schedule> = fc
  .record({
    slotMinutes: fc.constantFrom(15, 30, 45, 60, 90, 120),
    minNoticeMinutes: fc.nat(48 * 60),
    horizonDays: fc.integer({ min: 1, max: 90 }),
    days: fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.nat(47), fc.nat(48)), { maxLength: 10 }),
    blackouts: fc.array(fc.tuple(fc.nat(60 * 24), fc.integer({ min: 1, max: 48 })), { maxLength: 4 }),
  })
  .map(({ slotMinutes, minNoticeMinutes, horizonDays, days, blackouts }) => {
    const half = (index: number) => `${String(Math.floor(index / 2)).padStart(2, '0')}:${index % 2 ? '30' : '00'}`
    const opening = days.map(([weekday, from, to]) => ({ weekday, opens: half(from), closes: half(to) }))
    const valid = opening.filter((interval, at) =>
      isValidSchedule({
        slotMinutes,
        minNoticeMinutes,
        horizonDays,
        opening: [...opening.slice(0, at).filter((o) => o !== interval), interval],
      }),
    )
    return {
      slotMinutes,
      minNoticeMinutes,
      horizonDays,
      opening: valid,
      blackouts: blackouts.map(([from, hours]) => ({ startsAt: plus(NOW, from * HOUR_MS), endsAt: plus(NOW, (from + hours) * HOUR_MS) })),
    }
  })

describe('whatever the settings', () => {
  const quarter = fc.integer({ min: -200, max: 95 * 96 })

  it('every accepted slot lies inside opening hours, on a slot, far enough ahead and within the horizon (invariant 17)', () => {
    fc.assert(
      fc.property(anySettings, quarter, fc.nat(86_399), (settings, quarters, seconds) => {
        const now = plus(NOW, seconds * SECOND_MS)
        const startsAt = plus(NOW, quarters * 15 * MINUTE_MS)
        const slot = { startsAt, endsAt: plus(startsAt, settings.slotMinutes * MINUTE_MS) }
        if (refuseSlot(settings, slot, now) !== null) return
        expect(slot.startsAt.getTime() - now.getTime()).toBeGreaterThanOrEqual(settings.minNoticeMinutes * MINUTE_MS)
        expect(daysBetween(wallDate(now), wallDate(slot.startsAt))).toBeLessThanOrEqual(settings.horizonDays)
        expect(settings.blackouts.some((blackout) => overlaps(blackout, slot))).toBe(false)
        const minuteOfDay = Number(wallTime(slot.startsAt).slice(0, 2)) * 60 + Number(wallTime(slot.startsAt).slice(3))
        const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
        const home = settings.opening.find(
          ({ weekday, opens, closes }) =>
            weekday === weekdayOf(wallDate(slot.startsAt)) &&
            minuteOfDay >= minutes(opens) &&
            minuteOfDay + settings.slotMinutes <= minutes(closes) &&
            (minuteOfDay - minutes(opens)) % settings.slotMinutes === 0,
        )
        expect(home).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })

  it('what is offered as free can be booked, and nothing else', () => {
    fc.assert(
      fc.property(anySettings, fc.integer({ min: -1, max: 91 }), (settings, day) => {
        for (const slot of slotsOfDay(settings, addDays(MONDAY, day))) {
          expect(slotState(settings, slot, [], NOW)).toBe(refuseSlot(settings, slot, NOW) === null ? 'free' : 'unavailable')
        }
      }),
      { numRuns: 100 },
    )
  })

  it('slots of a day never overlap and keep their length', () => {
    fc.assert(
      fc.property(anySettings, fc.integer({ min: 0, max: 6 }), (settings, day) => {
        const slots = slotsOfDay(settings, addDays(MONDAY, day))
        for (const [at, slot] of slots.entries()) {
          expect(slot.endsAt.getTime() - slot.startsAt.getTime()).toBe(settings.slotMinutes * MINUTE_MS)
          const next = slots[at + 1]
          if (next) expect(next.startsAt.getTime()).toBeGreaterThanOrEqual(slot.endsAt.getTime())
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('the state of a slot (4.9)', () => {
  const slot = hour('2026-11-24', '10:00')

  it('is taken by overlap, not by equality', () => {
    expect(slotState(schedule(), slot, [hour('2026-11-24', '10:00')], NOW)).toBe('taken')
    expect(slotState(schedule(), slot, [hour('2026-11-24', '10:59', 1)], NOW)).toBe('taken')
    expect(slotState(schedule(), slot, [hour('2026-11-24', '09:15')], NOW)).toBe('taken')
    expect(slotState(schedule(), slot, [hour('2026-11-24', '00:00', 24 * 60)], NOW)).toBe('taken')
    expect(slotState(schedule(), slot, [hour('2026-11-24', '09:00'), hour('2026-11-24', '11:00')], NOW)).toBe('free')
  })

  it('is unavailable when past, inside the notice or beyond the horizon, also when it is taken', () => {
    expect(slotState(schedule(), hour('2026-11-22', '10:00'), [], NOW)).toBe('unavailable')
    expect(slotState(schedule(), hour(MONDAY, '10:00'), [hour(MONDAY, '10:00')], NOW)).toBe('unavailable')
    expect(slotState(schedule(), hour(MONDAY, '11:00'), [], NOW)).toBe('free')
    expect(slotState(schedule(), hour(addDays(MONDAY, 61), '11:00'), [], NOW)).toBe('unavailable')
  })
})

describe('settings an admin may save', () => {
  const valid: ScheduleSettings = { slotMinutes: 60, minNoticeMinutes: 120, horizonDays: 60, opening: [...DEFAULT_OPENING] }
  const open = (opens: string, closes: string, weekday = 1) => ({ weekday, opens, closes })

  it('accepts the default, split days and days that touch', () => {
    expect(isValidSchedule(valid)).toBe(true)
    expect(isValidSchedule({ ...valid, opening: [] })).toBe(true)
    expect(isValidSchedule({ ...valid, opening: [open('09:00', '13:00'), open('13:00', '24:00'), open('09:00', '10:00', 7)] })).toBe(true)
  })

  it('refuses intervals that overlap, run backwards, are shorter than a slot or are no times', () => {
    const wrong = [
      [open('09:00', '13:00'), open('12:00', '15:00')],
      [open('09:00', '13:00'), open('09:00', '13:00')],
      [open('09:00', '21:00'), open('10:00', '12:00')],
      [open('13:00', '09:00')],
      [open('09:00', '09:00')],
      [open('09:00', '09:59')],
      [open('24:00', '24:00')],
      [open('09:00', '24:01')],
      [open('09:60', '21:00')],
      [open('9:00', '21:00')],
      [open('', '21:00')],
      [open('09:00', '25:00')],
      [open('09:00', '21:00', 0)],
      [open('09:00', '21:00', 8)],
    ]
    for (const opening of wrong) expect(isValidSchedule({ ...valid, opening })).toBe(false)
  })

  it('refuses numbers out of range', () => {
    for (const change of [
      { slotMinutes: 14 },
      { slotMinutes: 241 },
      { slotMinutes: 60.5 },
      { slotMinutes: Number.NaN },
      { minNoticeMinutes: -1 },
      { minNoticeMinutes: 43_201 },
      { horizonDays: 0 },
      { horizonDays: 366 },
      { horizonDays: Number.POSITIVE_INFINITY },
    ]) {
      expect(isValidSchedule({ ...valid, ...change })).toBe(false)
    }
  })
})

describe('opening hours of several teachers together', () => {
  it('are open when anybody is: what touches is one interval, days apart stay apart', () => {
    const of = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })
    const opening = [
      of(2, '09:00', '12:00'),
      of(1, '15:00', '18:00'),
      of(1, '09:00', '13:00'),
      of(1, '12:00', '15:00'),
      of(1, '20:00', '24:00'),
    ]
    expect(union(opening)).toEqual([of(1, '09:00', '18:00'), of(1, '20:00', '24:00'), of(2, '09:00', '12:00')])
    expect(union([])).toEqual([])
  })
})
