import { fork } from 'node:child_process'
import { type Happened, playSeeds } from './campaign.ts'

/** What is to be played, in how many processes. */
export interface Wanted {
  histories: number
  first: number
  workers: number
  /** Begins no history after this. */
  minutes: number
}

/** What one process played. */
export interface Share {
  ran: number
  steps: number
  /** One line for each history that broke a rule. */
  failures: string[]
  /** Known violations, and how often each was met. */
  known: [string, number][]
  happened: Happened
  /** How each history went, by seed; and how those went that every process plays once more at its end. */
  traces: [seed: number, fingerprint: string][]
  again: [seed: number, fingerprint: string][]
}

/** Every process plays so many of the first histories once more. */
const AGAIN = 8

const MINUTE_MS = 60_000

/** Plays the histories in processes of `program`, which calls `playShare` when it is given `--worker`. */
export function playInWorkers(program: string, { histories, first, workers, minutes }: Wanted): Promise<Share[]> {
  const asked = ['--histories', histories, '--from', first, '--workers', workers, '--minutes', minutes].map(String)
  const start = (worker: number) =>
    new Promise<Share>((resolve) => {
      // With no options of whoever starts it: a test runner has some of its own.
      const child = fork(program, [...asked, '--worker', String(worker)], { execArgv: [] })
      const happened = { deaths: 0, faults: 0, bookings: 0 }
      let share: Share = {
        ran: 0,
        steps: 0,
        failures: [`process ${worker} ended without a word`],
        known: [],
        happened,
        traces: [],
        again: [],
      }
      child.on('message', (message) => {
        share = message as Share
      })
      child.on('exit', () => resolve(share))
    })
  return Promise.all(Array.from({ length: workers }, (_, worker) => start(worker)))
}

/** Seeds that did not go the same way wherever they were played, and whatever was played before them. */
export function goneAnotherWay(shares: readonly Share[]): string[] {
  const first = new Map(shares.flatMap(({ traces }) => traces))
  return shares.flatMap(({ again }) =>
    again.filter(([seed, trace]) => first.get(seed) !== trace).map(([seed]) => `seed ${seed} went another way when it was played again`),
  )
}

/** Every `workers`-th seed, in a process of its own; it ends with whoever started it. */
export async function playShare(root: string, worker: number, { histories, first, workers, minutes }: Wanted): Promise<void> {
  process.on('disconnect', () => process.exit(1))
  const all = Array.from({ length: histories }, (_, index) => first + index)
  const seeds = all.filter((seed) => seed % workers === worker)
  const again = all.slice(0, AGAIN).reverse()
  const say = (line: string) => void process.stdout.write(`[${worker}] ${line}\n`)
  const done = await playSeeds({ root, seeds, again, budgetMs: minutes * MINUTE_MS, say })
  const share: Share = {
    ran: done.ran,
    steps: done.steps,
    failures: done.failures.map(({ history, violations }) => `seed ${history.seed}: ${violations.join('; ')}`),
    known: [...done.known].map(([name, found]) => [name, found.length]),
    happened: done.happened,
    traces: [...done.traces],
    again: [...done.again],
  }
  await new Promise((resolve) => process.send?.(share, resolve))
  process.exit(0)
}
