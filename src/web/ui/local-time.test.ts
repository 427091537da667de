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
