import { historyOf } from './history/generate.ts'
import { beginAnew, dropSpareIndexes, populate } from './history/stage.ts'
import { kindOf } from './judge/kinds.ts'
import { isKnown } from './known.ts'
import type { NamedMutant } from './named-mutant.ts'
import { paceOf } from './pace.ts'
import { openSimulation, type Simulation } from './rig/simulation.ts'
import { type Result, runHistory } from './run.ts'
import { shrink } from './shrink.ts'

export interface Campaign {
  /** Histories that ran to their end and were judged. */
  ran: number
  steps: number
  failures: Result[]
  /** How often each known violation was met. */
  known: Map<string, number[]>
  happened: Happened
  /** How each history went, by seed. */
  traces: Map<number, string>
  again: Map<number, string>
}

/** That something happens in the histories at all. */
export interface Happened {
  /** Processes that were killed. */
  deaths: number
  /** Calls to providers that went wrong. */
  faults: number
  /** Bookings that were taken. */
  bookings: number
}

export interface CampaignOptions {
  root: string
  seeds: Iterable<number>
  /** Played once more when all that is done, only to see how they go. */
  again: Iterable<number>
  /** Begins no history after this many milliseconds of real time. */
  budgetMs: number
  say(line: string): void
  /** Ends after so many failures. */
  failuresMax?: number
}

const REPORT_EVERY_MS = 10_000

/** Played before the database is kept, so that it knows the statements of most histories by then. */
const WARM_UP = [1, 2, 3, 4, 5, 6]

/** A simulation with its people, ready for histories. What is played in it leaves no trace in what is played next. */
export async function openPopulated(root: string): Promise<Simulation> {
  const sim = await openSimulation(root)
  await populate(sim)
  await dropSpareIndexes(sim)
  await beginAnew(sim)
  await sim.keep()
  for (const seed of WARM_UP) await runHistory(sim, historyOf(seed))
  await beginAnew(sim)
  await sim.keep()
  return sim
}

/** Plays histories that are bent towards a protection, with the protection taken away, until the harm shows; the seed that showed it, or null. */
export async function catchMutant(sim: Simulation, { mutant, shows, bend }: NamedMutant, seeds: Iterable<number>): Promise<number | null> {
  sim.useMutant(mutant)
  try {
    for (const seed of seeds) {
      const { violations } = await runHistory(sim, bend(seed))
      if (violations.some((violation) => (shows as readonly string[]).includes(kindOf(violation)))) return seed
    }
    return null
  } finally {
    sim.useMutant({})
  }
}

/** Plays one history after the other in one simulation; a failing one is cut down and told with the command that replays it. */
export async function playSeeds(options: CampaignOptions): Promise<Campaign> {
  const { say, failuresMax = 3 } = options
  say('opening the academy')
  const sim = await openPopulated(options.root)
  const happened: Happened = { deaths: 0, faults: 0, bookings: 0 }
  const done: Campaign = { ran: 0, steps: 0, failures: [], known: new Map(), happened, traces: new Map(), again: new Map() }
  const begun = performance.now()
  const worked = process.cpuUsage()
  const isDue = paceOf(REPORT_EVERY_MS)
  try {
    for (const seed of options.seeds) {
      if (performance.now() - begun > options.budgetMs || done.failures.length >= failuresMax) break
      const result = await runHistory(sim, historyOf(seed))
      done.ran += 1
      done.steps += result.steps
      done.traces.set(seed, result.traceFingerprint)
      count(happened, result.trace)
      const news = result.violations.filter((violation) => {
        const known = isKnown(violation, result.history)
        if (known) done.known.set(known, [...(done.known.get(known) ?? []), seed])
        return !known
      })
      if (news.length > 0) {
        const smallest = await shrink({ ...result, violations: news }, (history) => runHistory(sim, history))
        done.failures.push(smallest)
        say(failureText(seed, news, smallest))
      }
      if (isDue(performance.now() - begun)) {
        const { user, system } = process.cpuUsage(worked)
        const each = (milliseconds: number) => Math.round(milliseconds / done.ran)
        say(
          `${done.ran} ${done.ran === 1 ? 'history' : 'histories'}, the last of seed ${seed}, ${each(performance.now() - begun)} ms each, ${each((user + system) / 1_000)} ms of processor time`,
        )
      }
    }
    for (const seed of options.again) done.again.set(seed, (await runHistory(sim, historyOf(seed))).traceFingerprint)
  } finally {
    await sim.close()
  }
  return done
}

function count(happened: Happened, trace: readonly string[]): void {
  for (const line of trace) {
    if (line.includes(' dies at ')) happened.deaths += 1
    else if (line.startsWith('  fault ')) happened.faults += 1
    else if (TAKEN.test(line)) happened.bookings += 1
  }
}

const TAKEN = /answers 200 to POST \/api\/(checkout|booking)/

function failureText(seed: number, violations: readonly string[], smallest: Result): string {
  return [
    `seed ${seed}: ${violations.join('\n  ')}`,
    `  cut down to: ${JSON.stringify(smallest.history)}`,
    `  which breaks: ${smallest.violations.join('\n  ')}`,
    `  replay: npm run simulate -- --seed ${seed}`,
  ].join('\n')
}
