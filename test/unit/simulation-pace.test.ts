import { expect, it } from 'vitest'
import { paceOf } from '../simulation/pace.ts'

it('progress is told with the first history, then at a steady pace, however long each takes', () => {
  const isDue = paceOf(10_000)
  const toldAt = (endings: readonly number[]) => endings.filter((elapsedMs) => isDue(elapsedMs))
  expect(toldAt([800, 1_600, 2_400])).toEqual([800])
  expect(toldAt([10_700, 10_900, 11_500, 20_800, 20_900, 21_000])).toEqual([10_900, 20_900])
  expect(toldAt([60_000, 61_000, 130_000])).toEqual([60_000, 130_000])
})
