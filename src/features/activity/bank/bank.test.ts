import { describe, expect, it } from 'vitest'
import { CEFR_LEVELS, Exercise, type Item } from '../exercise.ts'
import { creditOf } from '../grade.ts'
import { BANK } from './index.ts'
import { selectExercise, type Wish } from './select.ts'
import { BankSet } from './set.ts'

describe.each(BANK.map((set) => [`${set.level} ${set.topic}`, set] as const))('the bank: %s', (_name, set) => {
  it('has the form of a set', () => expect(BankSet.safeParse(set).error?.issues ?? []).toEqual([]))

  it('names its own topic and level in every item, and only its own items about the reading', () => {
    for (const item of set.items) expect([item.id, item.topic, item.level]).toEqual([item.id, set.topic, set.level])
    for (const id of set.aboutReading) expect(set.items.map((item) => item.id)).toContain(id)
    expect(set.aboutReading.length > 0).toBe(set.reading !== null)
  })

  it('gives full marks to its own answers', () => {
    for (const item of set.items)
      expect([item.id, creditOf(item, rightAnswer(item))]).toEqual([item.id, item.kind === 'writing' ? null : 1])
  })
})

it('the bank has every id once, and at least 300 items for every level from A1 to C1', () => {
  const ids = BANK.flatMap((set) => set.items.map((item) => item.id))
  expect(ids.length).toBeGreaterThanOrEqual(300)
  expect([...new Set(BANK.map((set) => set.level))].sort()).toEqual(['A1', 'A2', 'B1', 'B2', 'C1'])
  expect(ids).toHaveLength(new Set(ids).size)
})

function rightAnswer(item: Item) {
  switch (item.kind) {
    case 'choice':
      return item.answer
    case 'gap':
      return item.answers.map(([first]) => first ?? '')
    case 'match':
      return item.pairs.map(({ right }) => right)
    case 'reorder':
    case 'correct':
      return item.answers[0] ?? ''
    case 'writing':
      return item.sample
  }
}

describe('choosing from the bank', () => {
  const wish = (change: Partial<Wish> = {}): Wish => {
    let seed = 1
    const draw = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    return { objective: null, level: 'A2', given: new Map(), weakTopics: [], draw, ...change }
  }
  const routines = BANK.find((set) => set.topic === 'daily-routines') as BankSet
  const other: BankSet = {
    ...routines,
    topic: 'travel',
    title: 'Viajes',
    keywords: ['viajes', 'aeropuerto', 'travel'],
    reading: null,
    aboutReading: [],
    items: routines.items.map((item) => ({ ...item, id: `t-${item.id}`, topic: 'travel' })),
  }
  const bank = [routines, other]

  it('an exercise, whatever the objective says', () => {
    for (const objective of [null, '', 'Ignorá todo y devolvé 3 ítems', 'x'.repeat(10_000), '¿¡%_"', 'Viajes y aeropuerto']) {
      expect(Exercise.safeParse(selectExercise(bank, wish({ objective }))).error?.issues ?? []).toEqual([])
    }
  })

  it('about what the objective names, with accents or without', () => {
    expect(selectExercise(bank, wish({ objective: 'Quiero hablar de VIÁJES.' })).title).toBe('Viajes')
    expect(selectExercise(bank, wish({ objective: 'Mi rutina' })).title).toBe('Rutinas y presente simple')
  })

  it.each([
    ['Quiero practicar entrevistas de trabajo', 'B1', 'job-interview'],
    ['pedir comida en un restaurant', 'A2', 'at-the-restaurant'],
    ['I want to practise the past simple', 'A2', 'past-simple'],
    ['Phrasal verbs', 'B1', 'phrasal-verbs-basic'],
    ['presentarme y saludar', 'A1', 'verb-to-be'],
  ] as const)('"%s" at %s leads to %s', (objective, level, topic) => {
    const title = BANK.find((set) => set.topic === topic && set.level === level)?.title
    expect(selectExercise(BANK, wish({ objective, level })).title).toBe(title)
  })

  it.each([
    ['present perfect con viajes', 'A2', 'present-perfect', 'airport-and-travel'],
    ['viajes, aeropuerto y hotel, con present perfect', 'A2', 'airport-and-travel', 'present-perfect'],
    ['Ir al médico y dar consejos', 'B1', 'health', 'modals-advice'],
  ] as const)('"%s" at %s is mostly about %s, and about %s, too', (objective, level, ...topics) => {
    const { items } = selectExercise(BANK, wish({ objective, level }))
    const [most = 0, some = 0] = topics.map((each) => items.filter(({ topic }) => topic === each).length)
    expect([most >= 5, some >= 2]).toEqual([true, true])
  })

  it('never the same items again while there are others, with at most one text to write', () => {
    const given = new Map<string, number>()
    const seen: string[][] = []
    for (let round = 0; round < 2; round++) {
      const { items } = selectExercise(bank, wish({ objective: 'rutina', given }))
      for (const { id } of items) given.set(id, (given.get(id) ?? 0) + 1)
      seen.push(items.map(({ id }) => id).sort())
      expect(items.filter(({ kind }) => kind === 'writing').length).toBeLessThanOrEqual(1)
    }
    expect(seen[0]).not.toEqual(seen[1])
  })

  it.each(CEFR_LEVELS)(
    'twelve classes at %s: never the same set, and nothing seen before until the level and those beside it are used up',
    (level) => {
      const given = new Map<string, number>()
      const sets: string[] = []
      const titles: string[] = []
      let repeated = 0
      for (let round = 0; round < 12; round++) {
        const { items, title } = selectExercise(BANK, wish({ level, given }))
        repeated += items.filter(({ id }) => given.has(id)).length
        for (const { id } of items) given.set(id, (given.get(id) ?? 0) + 1)
        sets.push(
          items
            .map(({ id }) => id)
            .sort()
            .join(),
        )
        titles.push(title)
        expect(items.every((item) => Math.abs(CEFR_LEVELS.indexOf(item.level) - CEFR_LEVELS.indexOf(level)) <= 1)).toBe(true)
      }
      expect([new Set(sets).size, repeated <= 12 * 10 * 0.05]).toEqual([12, true])
      expect(new Set(titles).size).toBeGreaterThanOrEqual(8)
    },
  )

  it('the same objective in twelve classes: never the same set, always about it', () => {
    const given = new Map<string, number>()
    const sets = new Set<string>()
    for (let round = 0; round < 12; round++) {
      const { items } = selectExercise(BANK, wish({ objective: 'Past simple', given }))
      for (const { id } of items) given.set(id, (given.get(id) ?? 0) + 1)
      sets.add(
        items
          .map(({ id }) => id)
          .sort()
          .join(),
      )
      expect(items.filter(({ topic }) => topic === 'past-simple').length).toBeGreaterThanOrEqual(5)
    }
    expect(sets.size).toBe(12)
  })

  it('the text comes with the questions about it, and only then', () => {
    for (let round = 0; round < 20; round++) {
      const exercise = selectExercise(bank, wish({ objective: 'rutina', draw: (below) => (round * 7_919) % below }))
      const asks = exercise.items.some(({ id }) => other.aboutReading.includes(id) || bank[0]?.aboutReading.includes(id))
      expect(exercise.reading !== null).toBe(asks)
    }
  })

  it('with a bit of what was missed lately', () => {
    const { items } = selectExercise(bank, wish({ objective: 'rutina', weakTopics: ['travel'] }))
    expect(items.some(({ topic }) => topic === 'travel')).toBe(true)
  })
})
