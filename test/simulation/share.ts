import { expect, it } from 'vitest'
import { playSeeds } from './campaign.ts'

/** How many histories `npm test` plays, in two shares: what fits beside the other stages. And how long each share may take, in minutes. */
const HISTORIES = Number(process.env.SIMULATION_HISTORIES ?? 600)
const MINUTES_MAX = Number(process.env.SIMULATION_MINUTES ?? 10)
const FIRST_SEED = Number(process.env.SIMULATION_FIRST_SEED ?? 1)
const SHARES = 2
const MINUTE_MS = 60_000

/** One of two shares of the histories of a test run: a file of its own each, so that two processes play them. */
export function describeShare(share: number): void {
  const seeds = Array.from({ length: HISTORIES }, (_, index) => FIRST_SEED + index).filter((_, index) => index % SHARES === share)
  it(`${seeds.length} histories from seed ${seeds[0]} on break no rule`, { timeout: (MINUTES_MAX + 3) * MINUTE_MS }, async () => {
    const done = await playSeeds({
      root: process.cwd(),
      seeds,
      budgetMs: MINUTES_MAX * MINUTE_MS,
      say: (line) => process.stdout.write(`${line}\n`),
    })
    expect(done.failures.map(({ history, violations }) => `seed ${history.seed}: ${violations.join('; ')}`)).toEqual([])
    expect(done.ran, 'fewer histories ran than were asked for').toBe(seeds.length)
  })
}
