import { parseArgs } from 'node:util'
import { z } from 'zod'
import { SABOTAGES, type SabotageName, sabotageOf } from './sabotage.ts'

export type DatabaseKind = 'postgres' | 'embedded'

export interface Options {
  students: number
  /** How many processes are killed while people are at work. */
  kills: number
  /** Plan of actions, faults and kills follow from it. */
  seed: number
  databases: readonly DatabaseKind[]
  /** Processes on PostgreSQL. */
  web: number
  workers: number
  /** Each process is killed in its turn, instead of whichever chance chooses. */
  inTurn: boolean
  /** Each database has this long. */
  minutesMax: number
  sabotage: SabotageName | null
  /** Shorter measurements and no orderly restart. */
  quick: boolean
}

export const USAGE = `npm run drill -- [options]

  --students N       how many people (120, at most 2000)
  --kills N          how many processes end by kill -9 (12, at most 200)
  --seed N           plan of actions, faults and kills (by chance; printed)
  --database KIND    postgres, embedded or both (both)
  --web N            web processes on PostgreSQL (2, at most 8)
  --workers N        worker processes on PostgreSQL (2, at most 8)
  --in-turn          one process after the other is killed, so that N kills reach N processes
  --minutes-max N    for each database (15)
  --quick            16 students, 2 kills, shorter measurements
  --sabotage NAME    a protection taken away; the drill must notice: ${Object.keys(SABOTAGES).join(', ')}
`

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max)
const Given = z.object({
  students: wholeNumber(1, 2_000).optional(),
  kills: wholeNumber(0, 200).optional(),
  seed: wholeNumber(0, 2 ** 31 - 1).optional(),
  database: z.enum(['postgres', 'embedded', 'both']).default('both'),
  web: wholeNumber(1, 8).default(2),
  workers: wholeNumber(1, 8).default(2),
  'in-turn': z.boolean().default(false),
  'minutes-max': wholeNumber(1, 120).default(15),
  quick: z.boolean().default(false),
  sabotage: z.enum(Object.keys(SABOTAGES) as [SabotageName, ...SabotageName[]]).optional(),
})

/** Throws an error that says what is wrong with the arguments. */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      students: { type: 'string' },
      kills: { type: 'string' },
      seed: { type: 'string' },
      database: { type: 'string' },
      web: { type: 'string' },
      workers: { type: 'string' },
      'in-turn': { type: 'boolean' },
      'minutes-max': { type: 'string' },
      quick: { type: 'boolean' },
      sabotage: { type: 'string' },
    },
  })
  const given = Given.safeParse(values)
  if (!given.success) throw new Error(given.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'))
  const { students, kills, seed, database, quick, sabotage } = given.data
  const databases = database === 'both' ? (['postgres', 'embedded'] as const) : ([database] as const)
  if (sabotage && databases.some((kind) => !sabotageOf(sabotage).on.includes(kind)))
    throw new Error(`--sabotage ${sabotage} shows on ${sabotageOf(sabotage).on.join(' and ')} only: add --database`)
  return {
    students: students ?? (quick ? 16 : 120),
    kills: kills ?? (quick ? 2 : 12),
    seed: seed ?? Math.floor(Math.random() * 1_000_000),
    databases,
    web: given.data.web,
    workers: given.data.workers,
    inTurn: given.data['in-turn'],
    minutesMax: given.data['minutes-max'],
    sabotage: sabotage ?? null,
    quick,
  }
}
