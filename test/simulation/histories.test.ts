import { beforeAll, describe, expect, it } from 'vitest'
import { buildProgram } from './program.ts'
import { goneAnotherWay, playInWorkers, type Share } from './workers.ts'

/** How many histories `npm test` plays: what fits beside the other stages. And how long that may take, in minutes. */
const HISTORIES = Number(process.env.SIMULATION_HISTORIES ?? 1_000)
const MINUTES_MAX = Number(process.env.SIMULATION_MINUTES ?? 10)
const FIRST_SEED = Number(process.env.SIMULATION_FIRST_SEED ?? 1)
const PROCESSES = 2
const MINUTE_MS = 60_000

describe(`${HISTORIES} histories from seed ${FIRST_SEED} on`, () => {
  let shares: Share[]
  beforeAll(
    async () => {
      const program = await buildProgram(process.cwd())
      shares = await playInWorkers(program, { histories: HISTORIES, first: FIRST_SEED, workers: PROCESSES, minutes: MINUTES_MAX })
    },
    (MINUTES_MAX + 3) * MINUTE_MS,
  )
  const sum = (count: (share: Share) => number) => shares.reduce((total, share) => total + count(share), 0)

  it('break no rule', () => {
    expect(shares.flatMap(({ failures }) => failures)).toEqual([])
    expect(
      sum(({ ran }) => ran),
      'fewer histories ran than were asked for',
    ).toBe(HISTORIES)
  })

  it('go the same way in either process, step by step, whatever was played before', () => {
    expect(shares.map(({ again }) => again.length)).toEqual(Array(PROCESSES).fill(Math.min(8, HISTORIES)))
    expect(goneAnotherWay(shares)).toEqual([])
  })

  // A few may be calm by chance.
  it.runIf(HISTORIES >= 25)('have crashes, faults and bookings that really happen', () => {
    const [few, more] = [HISTORIES / 5, (HISTORIES * 2) / 5]
    expect(sum(({ happened }) => happened.deaths)).toBeGreaterThan(few)
    expect(sum(({ happened }) => happened.faults)).toBeGreaterThan(few)
    expect(sum(({ happened }) => happened.bookings)).toBeGreaterThan(more)
  })
})
