import { describe, expect, it } from 'vitest'
import { datesIn } from './dates.ts'
import { instantAt } from './zoned-time.ts'

const { shortMoment, spokenMoment, spokenTime, weekTitle } = datesIn('es')

const monday = instantAt('2026-11-23', '13:36')

describe('moments as people say them', () => {
  it('names today and tomorrow', () => {
    expect(spokenMoment(instantAt('2026-11-23', '18:00'), monday)).toBe('hoy 18\u00a0h')
    expect(spokenMoment(instantAt('2026-11-24', '09:30'), monday)).toBe('mañana 9:30\u00a0h')
  })
  it('names the weekday within a week, and adds the date beyond', () => {
    expect(spokenMoment(instantAt('2026-11-26', '18:00'), monday)).toBe('jueves 18\u00a0h')
    expect(spokenMoment(instantAt('2026-11-30', '18:00'), monday)).toBe('lunes 30/11, 18\u00a0h')
  })
  it('reads the Argentine wall late in the evening, when it is tomorrow in UTC', () => {
    expect(spokenMoment(instantAt('2026-11-23', '22:30'), monday)).toBe('hoy 22:30\u00a0h')
    expect(shortMoment(instantAt('2026-11-23', '22:30'))).toBe('lun 23, 22:30')
  })
  it('drops the minutes of a full hour, and no line breaks within it', () =>
    expect([spokenTime('09:00'), spokenTime('18:45')]).toEqual(['9\u00a0h', '18:45\u00a0h']))
})

describe('the title of a week', () => {
  it('names one month or two', () => {
    expect(weekTitle('2026-11-23', '2026-11-28')).toBe('Semana del 23 al 28 de noviembre')
    expect(weekTitle('2026-11-30', '2026-12-05')).toBe('Semana del 30 de noviembre al 5 de diciembre')
  })
})

describe('the same in English', () => {
  const english = datesIn('en')

  it('names today, tomorrow, a weekday, and beyond a week the month in letters', () => {
    expect(english.spokenMoment(instantAt('2026-11-23', '18:00'), monday)).toBe('today at 18:00')
    expect(english.spokenMoment(instantAt('2026-11-24', '09:30'), monday)).toBe('tomorrow at 9:30')
    expect(english.spokenMoment(instantAt('2026-11-26', '18:00'), monday)).toBe('Thursday at 18:00')
    expect(english.spokenMoment(instantAt('2026-11-30', '18:00'), monday)).toBe('Monday 30 Nov, 18:00')
    expect(english.date(instantAt('2026-11-03', '18:00'))).toBe('3 Nov 2026')
  })
  it('reads the Argentine wall, too', () => {
    expect(english.longDate(new Date('2026-11-27T00:00:00Z'))).toBe('Thursday 26 November')
    expect(english.timeRange(new Date('2026-11-27T00:00:00Z'), new Date('2026-11-27T01:00:00Z'))).toBe('21:00 to 22:00')
  })
  it('names the months of a week', () => expect(english.weekTitle('2026-11-30', '2026-12-05')).toBe('Week of 30 November to 5 December'))
})
