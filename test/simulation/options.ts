import { parseArgs } from 'node:util'
import { z } from 'zod'
import type { Wanted } from './workers.ts'

export interface Options {
  wanted: Wanted
  /** One history, with everything that happened. */
  seed: number | null
  /** Which of the processes this is; null for the one that starts them. */
  worker: number | null
  /** One history without its steps. */
  quiet: boolean
}

export const USAGE = `npm run simulate -- [options]

  --histories N      how many histories (1000)
  --from SEED        the first of their seeds (1)
  --workers N        processes that share them (2, at most 64)
  --minutes N        begins no history after this; fewer than asked for is a failure (600)
  --seed SEED        one history, with everything that happened
  --quiet            … without its steps
`

const SEED_MAX = 2 ** 31 - 1

// Digits only: an empty word, or one with a unit, is no number here.
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .refine((text) => /^\d+$/.test(text) && min <= Number(text) && Number(text) <= max, {
      error: ({ input }) => `a whole number from ${min} to ${max}, not "${input}"`,
    })
    .transform(Number)

const Given = z.object({
  histories: wholeNumber(1, 10_000_000).default(1_000),
  from: wholeNumber(0, SEED_MAX).default(1),
  workers: wholeNumber(1, 64).default(2),
  minutes: z
    .string()
    .refine((text) => /^\d+(\.\d+)?$/.test(text) && Number(text) > 0 && Number(text) <= 10_000, {
      error: ({ input }) => `a number of minutes above 0, 10000 at most, not "${input}"`,
    })
    .transform(Number)
    .default(600),
  seed: wholeNumber(0, SEED_MAX).optional(),
  worker: wholeNumber(0, 63).optional(),
  quiet: z.boolean().default(false),
})

/** Throws an error that says what is wrong with the arguments. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      histories: { type: 'string' },
      from: { type: 'string' },
      workers: { type: 'string' },
      minutes: { type: 'string' },
      seed: { type: 'string' },
      worker: { type: 'string' },
      quiet: { type: 'boolean' },
    },
  })
  const given = Given.safeParse(values)
  if (!given.success) throw new Error(given.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const { histories, from: first, workers, minutes, seed = null, worker = null, quiet } = given.data
  return { wanted: { histories, first, workers, minutes }, seed, worker, quiet }
}
