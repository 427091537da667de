import { expect, it } from 'vitest'
import { buildProgram } from './program.ts'
import { playInWorkers } from './workers.ts'

/** How many histories `npm test` plays: what fits beside the other stages. And how long that may take, in minutes. */
const HISTORIES = Number(process.env.SIMULATION_HISTORIES ?? 700)
const MINUTES_MAX = Number(process.env.SIMULATION_MINUTES ?? 10)
const FIRST_SEED = Number(process.env.SIMULATION_FIRST_SEED ?? 1)
const PROCESSES = 2
const MINUTE_MS = 60_000

it(`${HISTORIES} histories from seed ${FIRST_SEED} on break no rule`, { timeout: (MINUTES_MAX + 3) * MINUTE_MS }, async () => {
  const program = await buildProgram(process.cwd())
  const shares = await playInWorkers(program, { histories: HISTORIES, first: FIRST_SEED, workers: PROCESSES, minutes: MINUTES_MAX })
  expect(shares.flatMap(({ failures }) => failures)).toEqual([])
  expect(
    shares.reduce((sum, { ran }) => sum + ran, 0),
    'fewer histories ran than were asked for',
  ).toBe(HISTORIES)
})
