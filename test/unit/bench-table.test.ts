import { expect, it } from 'vitest'
import { loadWords } from '../bench/table.ts'

it('the conditions of a measurement say how busy the machine was', () => {
  expect(loadWords([0.5, 2, 11.256])).toBe('load average 0.50, 2.00, 11.26 (1, 5, 15 min)')
})
