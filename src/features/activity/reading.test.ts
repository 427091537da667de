import { expect, it } from 'vitest'
import { BANK } from './bank/index.ts'
import type { Item } from './exercise.ts'
import { readingAt } from './reading.ts'

const set = BANK.find(({ aboutReading }) => aboutReading.length > 0)
const asking = set?.items.find(({ id }) => set.aboutReading.includes(id)) as Item
const other = { ...asking, id: 'own' }

it('the reading is open where an item of the bank asks about it, and otherwise at the first', () => {
  const at = (items: Item[]) => items.map((_, index) => readingAt({ items }, index + 1))
  expect(at([other, asking, other])).toEqual(['later', 'open', 'again'])
  expect(at([other, other])).toEqual(['open', 'again'])
})
