import { describe, expect, it } from 'vitest'
import { instantAt } from '../../kernel/zoned-time.ts'
import { shortMoment, spokenMoment, spokenTime, weekTitle } from './dates.ts'

const monday = instantAt('2026-11-23', '13:36')

describe('moments as people say them', () => {
  it('names today and tomorrow', () => {
    expect(spokenMoment(instantAt('2026-11-23', '18:00'), monday)).toBe('hoy 18 h')
    expect(spokenMoment(instantAt('2026-11-24', '09:30'), monday)).toBe('mañana 9:30 h')
  })
  it('names the weekday within a week, and adds the date beyond', () => {
    expect(spokenMoment(instantAt('2026-11-26', '18:00'), monday)).toBe('jueves 18 h')
    expect(spokenMoment(instantAt('2026-11-30', '18:00'), monday)).toBe('lunes 30/11, 18 h')
  })
  it('reads the Argentine wall late in the evening, when it is tomorrow in UTC', () => {
    expect(spokenMoment(instantAt('2026-11-23', '22:30'), monday)).toBe('hoy 22:30 h')
    expect(shortMoment(instantAt('2026-11-23', '22:30'))).toBe('lun 23, 22:30')
  })
  it('drops the minutes of a full hour', () => expect([spokenTime('09:00'), spokenTime('18:45')]).toEqual(['9 h', '18:45 h']))
})

describe('the title of a week', () => {
  it('names one month or two', () => {
    expect(weekTitle('2026-11-23', '2026-11-28')).toBe('Semana del 23 al 28 de noviembre')
    expect(weekTitle('2026-11-30', '2026-12-05')).toBe('Semana del 30 de noviembre al 5 de diciembre')
  })
})
