import { describe, expect, it } from 'vitest'
import { clockDigits, durationWords } from './duration.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a length of time in words', () => {
  it('names days, hours and minutes', () => expect(durationWords(2 * DAY + 3 * HOUR + 5 * MINUTE)).toBe('2 días, 3 hs y 5 mins'))
  it('uses the singular', () => expect(durationWords(DAY + HOUR + MINUTE)).toBe('1 día, 1 h y 1 min'))
  it('leaves out what is zero', () => {
    expect(durationWords(2 * DAY + 5 * MINUTE)).toBe('2 días y 5 mins')
    expect(durationWords(3 * HOUR)).toBe('3 hs')
  })
  it('counts a started minute, so that the last one does not read zero', () => expect(durationWords(1)).toBe('1 min'))
  it('speaks English, too', () => {
    expect(durationWords(DAY + 3 * HOUR + MINUTE, 'en')).toBe('1 day, 3 hours and 1 min')
    expect(durationWords(0, 'en')).toBe('0 mins')
  })
  it('is never negative', () => expect(durationWords(-HOUR)).toBe('0 mins'))
})

describe('a length of time in digits', () => {
  it('shows minutes and seconds', () => expect(clockDigits(19 * MINUTE + 5_000)).toBe('19:05'))
  it('counts a started second and ends at zero', () => {
    expect(clockDigits(1)).toBe('00:01')
    expect(clockDigits(0)).toBe('00:00')
    expect(clockDigits(-1)).toBe('00:00')
  })
})
