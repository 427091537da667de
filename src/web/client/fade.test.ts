import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { fadeAfter } from './fade.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('an error of the code field that is said again is there for three seconds again (behaviour F15)', () => {
  const hide = vi.fn()
  const said = fadeAfter(3_000, hide)
  said()
  vi.advanceTimersByTime(2_900)
  said()
  vi.advanceTimersByTime(2_999)
  expect(hide).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(hide).toHaveBeenCalledTimes(1)
})
