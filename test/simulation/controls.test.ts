import { glob, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelledClass } from './bends.ts'
import { catchMutant, openPopulated } from './campaign.ts'
import { historyOf } from './history/generate.ts'
import { breachesNow } from './judge/invariants.ts'
import { KINDS, type Kind, kindOf } from './judge/kinds.ts'
import { KNOWN } from './known.ts'
import { LEFT_TO_RACES, MUTANTS } from './mutants.ts'
import type { Simulation } from './rig/simulation.ts'
import { runHistory } from './run.ts'
import { shrink } from './shrink.ts'

/**
 * A protection that is gone has to show within so many histories that are bent towards it. The first shows most of them; the rest is margin,
 * because every change of the product makes other histories of the same seeds.
 */
const BENT_HISTORIES = 12
const LIMIT_MS = 10 * 60_000

let sim: Simulation
beforeAll(async () => {
  sim = await openPopulated(process.cwd())
})
afterAll(() => sim?.close())

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

describe('a history', () => {
  it('follows from its seed alone', () => {
    for (const seed of seedsFrom(1, 200)) expect(historyOf(seed)).toEqual(historyOf(seed))
    expect(historyOf(1)).not.toEqual(historyOf(2))
    expect(
      seedsFrom(1, 100).some((seed) => historyOf(seed).isShared),
      'some have two teachers',
    ).toBe(true)
  })
})

/** A database that no history leaves behind, with what the judge of all moments has to say of it. */
const BROKEN: readonly { shows: Kind; by: readonly string[] }[] = [
  {
    shows: 'seats',
    by: [
      'ALTER TABLE participation DROP CONSTRAINT participation_class',
      'ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_seats',
      'UPDATE virtual_class SET max_participants = 0',
    ],
  },
  {
    shows: 'refund',
    by: [
      'ALTER TABLE refund DROP CONSTRAINT refund_once, DISABLE TRIGGER USER',
      `INSERT INTO refund SELECT (jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid(), 'state', 'requested'))).* FROM refund r`,
    ],
  },
]

describe('every kind of violation', () => {
  it('that is written down somewhere in the simulation is on the list', async () => {
    const found = new Set<string>()
    for await (const file of glob(['test/simulation/{judge,rig,history}/*.ts', 'test/simulation/run.ts'])) {
      for (const [, kind] of (await readFile(file, 'utf8')).matchAll(/[`'"]([a-z][a-z-]*): (?=\S|' )/g)) found.add(kind ?? '')
    }
    expect([...found].filter((kind) => !(KINDS as readonly string[]).includes(kind))).toEqual([])
  })

  it('has a control that shows this one and no other, here or among the races', () => {
    const alone = MUTANTS.flatMap(({ shows }) => (shows.length === 1 ? shows : []))
    const shown = new Set([...alone, ...LEFT_TO_RACES.flatMap(({ shows }) => shows ?? [])])
    expect(KINDS.filter((kind) => !shown.has(kind))).toEqual([])
  })

  it('is seen in a database that is broken by hand, where only connections beside each other could break it', {
    timeout: LIMIT_MS,
  }, async () => {
    await runHistory(sim, cancelledClass(2))
    expect(await breachesNow(sim)).toEqual([])
    for (const { shows, by } of BROKEN) {
      for (const statement of by) await sim.execute(statement)
      expect((await breachesNow(sim)).map(kindOf)).toContain(shows)
    }
  })
})

describe('without a protection', () => {
  for (const mutant of MUTANTS) {
    it(`it shows that ${mutant.name}`, { timeout: LIMIT_MS }, async () => {
      const seed = await catchMutant(sim, mutant, seedsFrom(1, BENT_HISTORIES))
      expect(seed, 'nothing showed').not.toBeNull()
      expect((await runHistory(sim, mutant.bend(seed ?? 1))).violations, 'with the protection nothing is wrong').toEqual([])
    })
  }

  it('a failing history is cut down to what breaks the rule', { timeout: LIMIT_MS }, async () => {
    const chosen = MUTANTS.find((one) => one.shows.includes('code'))
    if (!chosen) throw new Error('There is such a mutant')
    const { mutant, shows, bend } = chosen
    sim.useMutant(mutant)
    try {
      // What breaks the rule, in the midst of a day that has nothing to do with it.
      const [day, bent] = [historyOf(1), bend(1)]
      const result = await runHistory(sim, { ...day, crashes: [], outages: [], actions: [...bent.actions, ...day.actions] })
      expect(result.violations.some((violation) => (shows as readonly string[]).includes(kindOf(violation)))).toBe(true)
      const smallest = await shrink(result, (history) => runHistory(sim, history))
      expect(smallest.violations.some((violation) => (shows as readonly string[]).includes(kindOf(violation)))).toBe(true)
      expect(smallest.history.faults).toEqual([])
      expect(smallest.history.actions.length).toBeLessThan(result.history.actions.length)
      expect(smallest.history.actions.length).toBeLessThanOrEqual(4)
    } finally {
      sim.useMutant({})
    }
  })

  it.each(LEFT_TO_RACES)('$name is a matter for the races, which have it as a control', async ({ file, removal }) => {
    const text = await readFile(`test/race/${file}`, 'utf8')
    expect(text).toMatch(new RegExp(`(without: |\\(.*|= )[^\\n]*\\b${removal}\\b`))
  })
})

describe('a known violation', () => {
  it('is still there: otherwise its entry has to go', { timeout: LIMIT_MS }, async () => {
    for (const { name, seed, matches } of KNOWN) {
      const { violations, history } = await runHistory(sim, historyOf(seed))
      expect(
        violations.some((violation) => matches(violation, history)),
        `"${name}" does not show any more: take it off the list`,
      ).toBe(true)
    }
  })
})
