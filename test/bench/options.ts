import { parseArgs } from 'node:util'
import { z } from 'zod'

export const PARTS = ['holds', 'contention', 'joins', 'webhooks', 'pages', 'processes', 'growth', 'starts'] as const
export type PartName = (typeof PARTS)[number]

export interface Options {
  parts: readonly PartName[]
  /** How often each subject has its turn. */
  rounds: number
  /** How long one turn of a load lasts. */
  seconds: number
  /** Classes in the database whose pages are asked for. */
  pageClasses: number
  /** Classes in the databases that are compared with each other, the smallest first. */
  sizes: readonly number[]
  /** Buyers of one slot. */
  buyers: number
  /** Payments that are followed until their class is scheduled, for each latency. */
  payments: number
  quick: boolean
}

export const USAGE = `npm run bench -- [options]

  --quick          fewer and shorter rounds, small databases: two minutes
  --only PARTS     some of ${PARTS.join(', ')}, separated by commas
  --rounds N       how often each subject has its turn (5; quick 2)
  --seconds N      how long one turn of a load lasts (5; quick 0.5)
`

const QUICK: Omit<Options, 'parts'> = {
  rounds: 2,
  seconds: 0.5,
  pageClasses: 5_000,
  sizes: [1_000, 5_000],
  buyers: 300,
  payments: 5,
  quick: true,
}
const LONG: Omit<Options, 'parts'> = {
  rounds: 5,
  seconds: 5,
  pageClasses: 100_000,
  sizes: [1_000, 100_000, 1_000_000],
  buyers: 1_000,
  payments: 60,
  quick: false,
}

const wholeNumber = (max: number) => z.coerce.number().int().min(1).max(max).optional()
const Given = z.object({
  quick: z.boolean().default(false),
  rounds: wholeNumber(50),
  seconds: wholeNumber(60),
  only: z
    .string()
    .default(PARTS.join(','))
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(PARTS)).min(1)),
})

/** Throws an error that says what is wrong with the arguments. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: 'boolean' }, only: { type: 'string' }, rounds: { type: 'string' }, seconds: { type: 'string' } },
  })
  const given = Given.safeParse(values)
  if (!given.success) throw new Error(given.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const { quick, only, rounds, seconds } = given.data
  const usual = quick ? QUICK : LONG
  return { ...usual, parts: PARTS.filter((part) => only.includes(part)), rounds: rounds ?? usual.rounds, seconds: seconds ?? usual.seconds }
}
