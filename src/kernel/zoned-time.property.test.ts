import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localTime } from '../web/ui/local-time.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from './clock.ts'
import { ARGENTINA, addDays, formatDate, formatTimeRange, instantAt, parseInstant, wallDate, wallTime, withOffset } from './zoned-time.ts'

/** Zones with summer time in either half of the world, by half an hour, at midnight, with a day that never was, and with none at all. */
const ZONES = [
  'Europe/Madrid',
  'America/New_York',
  'America/Santiago',
  'America/Asuncion',
  'America/Havana',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  ARGENTINA,
]
const FROM = Temporal.Instant.from('2007-01-01T00:00:00Z')
const UNTIL = Temporal.Instant.from('2032-01-01T00:00:00Z')

interface Change {
  zone: string
  /** The first instant of the new offset. */
  at: Date
  shiftMs: number
}

/** Every change of the clocks of these zones. */
const CHANGES = ZONES.flatMap((zone) => {
  const found: Change[] = []
  let next = FROM.toZonedDateTimeISO(zone).getTimeZoneTransition('next')
  while (next && Temporal.Instant.compare(next.toInstant(), UNTIL) < 0) {
    const before = next.subtract({ nanoseconds: 1 })
    found.push({
      zone,
      at: new Date(next.epochMilliseconds),
      shiftMs: (next.offsetNanoseconds - before.offsetNanoseconds) / 1_000_000,
    })
    next = next.getTimeZoneTransition('next')
  }
  return found
})

/** An instant within a day and a half of a change of the clocks, or right at it. */
const nearAChange = fc
  .tuple(fc.constantFrom(...CHANGES), fc.oneof(fc.constantFrom(-1, 0, 1), fc.integer({ min: -1.5 * DAY_MS, max: 1.5 * DAY_MS })))
  .map(([change, offset]) => ({ ...change, instant: plus(change.at, offset) }))
const anywhere = fc
  .record({
    zone: fc.constantFrom(...ZONES),
    instant: fc.date({ min: new Date('2007-01-01T00:00:00Z'), max: new Date('2032-01-01T00:00:00Z'), noInvalidDate: true }),
  })
  .map((drawn) => ({ ...drawn, shiftMs: 0 }))
const moments = fc.oneof(nearAChange, anywhere)
const RUNS = { numRuns: 400 }

const minuteOf = (instant: Date) => Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS

/** The wall of a zone by the offset that is in force there: another way to the same reading. */
function wallByOffset(instant: Date, zone: string): string {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d{2}):(\d{2})$/.exec(withOffset(instant, zone)) ?? []
  const offsetMs = (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS) * (sign === '-' ? -1 : 1)
  return plus(instant, offsetMs).toISOString().slice(0, 16)
}

describe('clocks that are changed', () => {
  it('are met: forward, back, by half an hour, and by a whole day', () => {
    const shifts = new Set(CHANGES.map(({ shiftMs }) => shiftMs / MINUTE_MS))
    for (const minutes of [60, -60, 30, -30, 24 * 60]) expect(shifts).toContain(minutes)
  })

  it('an instant written with its offset is read back as itself, and its date and time say the same', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        expect(parseInstant(withOffset(instant, zone))?.getTime()).toBe(Math.floor(instant.getTime() / 1_000) * 1_000)
        expect(`${wallDate(instant, zone)}T${wallTime(instant, zone)}`).toBe(wallByOffset(instant, zone))
        expect(formatDate(instant, zone).split('/').toReversed().join('-')).toBe(wallDate(instant, zone))
      }),
      RUNS,
    )
  })

  it('a wall leads back to its instant, or to the other one at which it read the same', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant, shiftMs }) => {
        const read = instantAt(wallDate(instant, zone), wallTime(instant, zone), zone)
        expect(wallByOffset(read, zone)).toBe(wallByOffset(instant, zone))
        const difference = Math.abs(read.getTime() - minuteOf(instant))
        expect([0, Math.abs(Math.min(0, shiftMs))]).toContain(difference)
      }),
      RUNS,
    )
  })

  it('what a class says on a page is Argentine time, wherever it is read', () => {
    fc.assert(
      fc.property(moments, ({ instant }) => {
        const argentine = wallByOffset(instant, ARGENTINA)
        expect(formatDate(instant)).toBe(argentine.slice(0, 10).split('-').toReversed().join('/'))
        expect(formatTimeRange(instant, plus(instant, HOUR_MS)).slice(0, 5)).toBe(argentine.slice(11))
      }),
      RUNS,
    )
  })

  it('a visitor reads the hour of her own wall, with its date where that is another, and nothing where both walls agree', () => {
    fc.assert(
      fc.property(moments, ({ zone, instant }) => {
        const [here, there] = [wallByOffset(instant, zone), wallByOffset(instant, ARGENTINA)]
        const [, month, day] = here.slice(0, 10).split('-')
        const sameDate = here.slice(0, 10) === there.slice(0, 10)
        const expected = sameDate ? here.slice(11) : `${here.slice(11)} (${day}/${month})`
        expect(localTime(instant, zone)).toBe(here === there ? null : expected)
      }),
      RUNS,
    )
  })

  it('a week has seven days of its own that follow each other without a gap', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 0, max: 6 }), ({ zone, instant }, daysBefore) => {
        const first = addDays(wallDate(instant, zone), -daysBefore)
        const days = Array.from({ length: 7 }, (_, index) => addDays(first, index))
        expect(new Set(days).size).toBe(7)
        expect(days[daysBefore]).toBe(wallDate(instant, zone))
        const edges = [...days, addDays(first, 7)].map((day) => instantAt(day, '00:00', zone))
        const found = days.filter((_, index) => instant >= (edges[index] ?? 0) && instant < (edges[index + 1] ?? 0))
        expect(found).toEqual([wallDate(instant, zone)])
      }),
      RUNS,
    )
  })
})
