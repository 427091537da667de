import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { MINUTE_MS } from './clock.ts'
import {
  ARGENTINA,
  addDays,
  daysBetween,
  formatDate,
  formatLongDate,
  formatTimeRange,
  instantAt,
  isWallDate,
  isZone,
  parseInstant,
  wallDate,
  wallTime,
  weekdayOf,
  withOffset,
} from './zoned-time.ts'

/** Any instant of a century around the product's life, to the millisecond. */
const anyInstant = fc.date({ min: new Date('1990-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })
/** Since 2010 Argentina has been three hours behind UTC all year. */
const steadyInstant = fc.date({ min: new Date('2010-01-01T00:00:00Z'), max: new Date('2090-01-01T00:00:00Z'), noInvalidDate: true })

describe('what a wall in Argentina reads (invariant 8)', () => {
  const zoneOfTheServer = process.env.TZ
  afterEach(() => {
    process.env.TZ = zoneOfTheServer
  })

  const READINGS = [
    ['2026-11-26T23:59:00Z', '26/11/2026', '20:59'],
    ['2026-11-27T00:00:00Z', '26/11/2026', '21:00'],
    ['2026-11-27T02:59:00Z', '26/11/2026', '23:59'],
    ['2026-11-27T03:00:00Z', '27/11/2026', '00:00'],
    ['2026-11-27T03:01:00Z', '27/11/2026', '00:01'],
  ] as const

  for (const [zone, hourThere] of [
    ['UTC', 23],
    [ARGENTINA, 20],
    ['Asia/Tokyo', 8],
    ['Europe/Madrid', 0],
  ] as const) {
    it(`is the same on a server in ${zone}`, () => {
      process.env.TZ = zone
      expect(new Date(READINGS[0][0]).getHours()).toBe(hourThere)
      for (const [text, date, time] of READINGS) {
        const instant = new Date(text)
        expect(formatDate(instant)).toBe(date)
        expect(wallTime(instant)).toBe(time)
        expect(wallDate(instant).split('-').reverse().join('/')).toBe(date)
      }
      expect(instantAt('2026-11-26', '21:00').toISOString()).toBe('2026-11-27T00:00:00.000Z')
      expect(formatLongDate(new Date('2026-11-27T02:59:00Z'))).toBe('jueves 26 de noviembre')
      expect(withOffset(new Date('2026-03-15T13:00:00Z'))).toBe('2026-03-15T10:00:00-03:00')
    })
  }

  it('date and time together say the instant again, for every instant', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const minute = Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS
        // An hour that the wall shows twice, when clocks went back, is the only ambiguous one.
        const read = instantAt(wallDate(instant), wallTime(instant)).getTime()
        expect([0, 60 * MINUTE_MS]).toContain(Math.abs(read - minute))
      }),
    )
    fc.assert(
      fc.property(steadyInstant, (instant) => {
        expect(instantAt(wallDate(instant), wallTime(instant)).getTime()).toBe(Math.floor(instant.getTime() / MINUTE_MS) * MINUTE_MS)
      }),
    )
  })

  it('is three hours behind UTC, whatever the hour', () => {
    fc.assert(
      fc.property(steadyInstant, (instant) => {
        const behind = new Date(instant.getTime() - 180 * MINUTE_MS).toISOString()
        expect(wallDate(instant)).toBe(behind.slice(0, 10))
        expect(wallTime(instant)).toBe(behind.slice(11, 16))
        expect(withOffset(instant)).toBe(`${behind.slice(0, 19)}-03:00`)
      }),
    )
  })

  it('never prints an hour 24', () => {
    expect(formatTimeRange(instantAt('2026-11-26', '23:00'), instantAt('2026-11-27', '00:00'))).toBe('23:00 a 00:00 hs')
  })
})

describe('wall dates', () => {
  it('count days across months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(daysBetween('2026-11-23', '2027-01-22')).toBe(60)
    expect(daysBetween('2026-11-23', '2026-11-22')).toBe(-1)
    expect(weekdayOf('2026-11-23')).toBe(1)
    expect(weekdayOf('2026-11-29')).toBe(7)
  })

  it('going and coming back is where one was', () => {
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: -400, max: 400 }), (instant, days) => {
        const date = wallDate(instant)
        expect(daysBetween(date, addDays(date, days))).toBe(days)
      }),
    )
  })

  it('are recognised', () => {
    for (const date of ['2026-11-23', '2028-02-29', '0001-01-01', '9998-12-31']) expect(isWallDate(date)).toBe(true)
    const wrong = [
      '2027-02-29',
      '2026-13-01',
      '2026-00-10',
      '2026-11-31',
      '26-11-23',
      '2026-11-23T00:00',
      ' 2026-11-23',
      '',
      'hoy',
      '٢٠٢٦-١١-٢٣',
    ]
    for (const date of [...wrong, '0000-01-01', '9999-12-31', '+010000-01-01']) expect(isWallDate(date)).toBe(false)
  })
})

describe('instants that clients send (R27)', () => {
  it('reads Z and offsets as the same instant', () => {
    const forms = [
      '2026-11-26T21:00:00Z',
      '2026-11-26T21:00:00.000Z',
      '2026-11-26T21:00Z',
      '2026-11-26t21:00z',
      '2026-11-26T18:00:00-03:00',
      '2026-11-26T18:00:00-0300',
      '2026-11-26T18:00-03',
      '2026-11-27T06:00:00+09:00',
    ]
    for (const form of forms) expect(parseInstant(form)?.toISOString()).toBe('2026-11-26T21:00:00.000Z')
  })

  it('refuses what has no zone, no such day, or no sense', () => {
    const wrong = [
      '2027-03-15T10:00:00',
      '2027-03-15',
      '2027-03-15 10:00:00Z',
      'mañana',
      '',
      '2027-02-30T10:00:00Z',
      '2027-02-29T10:00:00-03:00',
      '2027-04-31T10:00:00Z',
      '2027-13-01T10:00:00Z',
      '2027-03-15T25:00:00Z',
      '2027-03-15T24:00:00Z',
      '2027-03-15T10:60:00Z',
      '2027-03-15T10:00:60Z',
      '2027-03-15T10:00:00+25:00',
      '2027-03-15T10:00:00Z[America/Argentina/Buenos_Aires]',
      ' 2027-03-15T10:00:00Z',
      '2027-03-15T10:00:00Z\n',
      '1805115600000',
      '9'.repeat(100_000),
    ]
    for (const text of wrong) expect(parseInstant(text)).toBeNull()
  })

  it('refuses years that a database cannot store', () => {
    for (const text of ['0000-12-31T23:59:59Z', '0001-01-01T00:00:00+14:00', '9999-12-31T23:59:00-14:00'])
      expect(parseInstant(text)).toBeNull()
    expect(parseInstant('0001-01-01T00:00:00Z')?.toISOString()).toBe('0001-01-01T00:00:00.000Z')
    expect(parseInstant('9999-12-31T23:59:59Z')?.toISOString()).toBe('9999-12-31T23:59:59.000Z')
  })

  it('reads back every instant it is given, in either notation', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        expect(parseInstant(instant.toISOString())).toEqual(instant)
        // Seconds of the offset, which existed long ago, are not part of ISO 8601.
        const local = withOffset(instant)
        expect(parseInstant(local)?.getTime()).toBe(Math.floor(instant.getTime() / 1000) * 1000)
      }),
    )
  })

  it('answers a real date or nothing, for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme-ascii' }), fc.string({ unit: fc.constantFrom(...'0123456789-+:.TZ ') })), (text) => {
        const instant = parseInstant(text)
        expect(instant === null || !Number.isNaN(instant.getTime())).toBe(true)
      }),
    )
  })
})

describe('zone names', () => {
  it('are known or not', () => {
    expect(isZone(ARGENTINA)).toBe(true)
    expect(isZone('Europe/Madrid')).toBe(true)
    expect(isZone('Argentina')).toBe(false)
    expect(isZone('')).toBe(false)
  })
})
