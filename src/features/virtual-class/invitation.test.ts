import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOUR_MS, ManualClock, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { ARGENTINA, instantAt } from '../../kernel/zoned-time.ts'
import { calendarFile } from './invitation.ts'

const ZONE = `TZID=${ARGENTINA}`
const clock = new ManualClock('2026-11-23T12:00:00Z')

function file(event: Parameters<typeof calendarFile>[1], baseUrl = 'https://academia.test'): string {
  return calendarFile({ config: { baseUrl }, clock }, event)
}

/** The hour that a wall shows twice, when clocks went back, has no other name. */
const SHOWN_TWICE = ['2008-03-16T02:00:00Z', '2009-03-15T02:00:00Z'].map(Date.parse)
/** Seconds are no part of a class's time. Argentina's last summer time, of 2007 to 2009, is among them. */
const anyStart = fc
  .date({ min: new Date('2007-01-01T00:00:00Z'), max: new Date('2050-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / MINUTE_MS) * MINUTE_MS))
  .filter((date) => SHOWN_TWICE.every((at) => Math.abs(date.getTime() - at) > 2 * HOUR_MS))

/** "DTSTART;TZID=…:20261126T180000" as the instant that a calendar program reads. */
function readTime(lines: readonly string[], name: 'DTSTART' | 'DTEND'): Date {
  const line = lines.find((each) => each.startsWith(`${name};${ZONE}:`)) ?? ''
  const [, year, month, day, hours, minutes] = /:(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})00$/.exec(line) ?? []
  return instantAt(`${year}-${month}-${day}`, `${hours}:${minutes}`)
}

describe('the .ics file of a class', () => {
  it('names its instants to whoever knows the zone, and to whoever reads the offset beside it', () => {
    fc.assert(
      fc.property(anyStart, (startsAt) => {
        const endsAt = plus(startsAt, HOUR_MS)
        const text = file({ id: 'a', startsAt, endsAt, moveCount: 0 })
        const lines = text.split('\r\n')
        expect(readTime(lines, 'DTSTART')).toEqual(startsAt)
        expect(readTime(lines, 'DTEND')).toEqual(endsAt)
        const [, sign, hours] = /TZOFFSETTO:([+-])(\d{2})00/.exec(text) ?? []
        const wall = /DTSTART;[^:]*:(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})/.exec(text)?.slice(1).map(Number) ?? []
        const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = wall
        expect(Date.UTC(year, month - 1, day, hour - Number(`${sign}${hours}`), minute)).toBe(startsAt.getTime())
      }),
      { numRuns: 200 },
    )
  })

  it('is a whole calendar: nested parts, a zone that is defined, a stamp in UTC, no line too long', () => {
    const startsAt = new Date('2026-11-26T21:00:00Z')
    const event = { id: crypto.randomUUID(), startsAt, endsAt: plus(startsAt, HOUR_MS), moveCount: 2 }
    const lines = file(event, `https://${'a'.repeat(80)}.test`).split('\r\n')
    const parts = lines.filter((line) => /^(BEGIN|END):/.test(line))
    expect(parts).toEqual(
      ['VCALENDAR', 'VTIMEZONE', 'STANDARD', '-STANDARD', '-VTIMEZONE', 'VEVENT', '-VEVENT', '-VCALENDAR'].map((part) =>
        part.startsWith('-') ? `END:${part.slice(1)}` : `BEGIN:${part}`,
      ),
    )
    expect(lines).toContain(`TZID:${ARGENTINA}`)
    expect(lines).toContain('DTSTAMP:20261123T120000Z')
    expect(lines).toContain('SEQUENCE:2')
    for (const line of lines) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75)
  })
})
