import { describe, expect, it } from 'vitest'
import { countdownText } from './countdown.ts'

describe('a countdown', () => {
  it('reads in words or in digits', () => {
    expect(countdownText(65_000, false, undefined)).toBe('2 mins')
    expect(countdownText(65_000, true, undefined)).toBe('01:05')
  })

  it('says it is over at the instant itself', () => {
    expect(countdownText(1, true, 'ya comenzó')).toBe('00:01')
    expect(countdownText(0, true, 'ya comenzó')).toBe('ya comenzó')
  })

  it('stays at zero when there is nothing else to say', () => expect(countdownText(-5_000, true, undefined)).toBe('00:00'))
})
