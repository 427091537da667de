import { describe, expect, it } from 'vitest'
import { isWithin } from './window.ts'

describe('the bounds of what comes and goes', () => {
  it('includes the first instant and excludes the last', () => {
    expect(isWithin(99, 100, 200)).toBe(false)
    expect(isWithin(100, 100, 200)).toBe(true)
    expect(isWithin(199, 100, 200)).toBe(true)
    expect(isWithin(200, 100, 200)).toBe(false)
  })

  it('is open where a bound is missing', () => {
    expect(isWithin(0, null, 1)).toBe(true)
    expect(isWithin(1_000, 1, null)).toBe(true)
  })
})
