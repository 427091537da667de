import { BANK } from './bank/index.ts'
import type { Exercise } from './exercise.ts'

/** What is told of the reading at a step: to be read there, read before, or not asked about so far. */
export type ReadingPlace = 'open' | 'again' | 'later'

const ABOUT_READING: ReadonlySet<string> = new Set(BANK.flatMap(({ aboutReading }) => aboutReading))

/**
 * Where the reading is open: at the items that ask about it, which the bank knows of its own. Of an exercise by a model nobody knows which those
 * are: there it is open at the first. `step` counts from 1.
 */
export function readingAt({ items }: Pick<Exercise, 'items'>, step: number): ReadingPlace {
  const known = items.flatMap(({ id }, index) => (ABOUT_READING.has(id) ? [index + 1] : []))
  const steps = known.length > 0 ? known : [1]
  if (steps.includes(step)) return 'open'
  return steps.some((open) => open < step) ? 'again' : 'later'
}
