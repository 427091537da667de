import { describe, expect, it } from 'vitest'
import { localTime } from './local-time.ts'

const SIX_PM = new Date('2026-11-26T21:00:00Z')

describe('the visitor’s own time', () => {
  it('is left out in Argentina', () => expect(localTime(SIX_PM, 'America/Argentina/Buenos_Aires')).toBeNull())
  it('is left out in another zone with the same wall time', () => expect(localTime(SIX_PM, 'America/Sao_Paulo')).toBeNull())
  it('is the hour when the date agrees', () => expect(localTime(SIX_PM, 'Europe/Madrid')).toBe('22:00'))
  it('carries the date when it differs', () => expect(localTime(new Date('2026-11-26T23:30:00Z'), 'Europe/Madrid')).toBe('00:30 (27/11)'))
  it('writes the date as every other date is written', () =>
    expect(localTime(new Date('2027-03-04T23:30:00Z'), 'Europe/Madrid')).toBe('00:30 (05/03)'))
  it('carries the date also when it is the same hour twelve zones away', () =>
    expect(localTime(SIX_PM, 'Asia/Tokyo')).toBe('06:00 (27/11)'))
})

describe('weeks in which the visitor’s clock changes and Argentina’s does not', () => {
  const MADRID = 'Europe/Madrid'
  it.each([
    ['2026-10-24T21:00:00Z', '23:00'],
    // Madrid sets its clock back in the night to 25 October 2026.
    ['2026-10-25T21:00:00Z', '22:00'],
    ['2026-10-24T23:30:00Z', '01:30 (25/10)'],
    ['2026-10-25T00:30:00Z', '02:30 (25/10)'],
    ['2026-10-25T01:30:00Z', '02:30 (25/10)'],
    // And forward in the night to 28 March 2027.
    ['2027-03-27T21:00:00Z', '22:00'],
    ['2027-03-28T21:00:00Z', '23:00'],
    ['2027-03-28T00:30:00Z', '01:30 (28/03)'],
    ['2027-03-28T01:30:00Z', '03:30 (28/03)'],
    ['2027-03-28T22:00:00Z', '00:00 (29/03)'],
  ])('%s is %s in Madrid', (instant, shown) => expect(localTime(new Date(instant), MADRID)).toBe(shown))
})
