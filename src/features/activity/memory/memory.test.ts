import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../kernel/clock.ts'
import { BANK } from '../bank/index.ts'
import { type Item, OWN_TOPIC } from '../exercise.ts'
import { bestStreakOf, type Evidence, estimateLevel, masteryByTopic, streakOf, weakTopics } from './progress.ts'
import { afterAnswer, firstMiss, questionOf } from './schedule.ts'

const NOW = new Date('2026-11-23T21:30:00.000Z')
const days = (from: Date, to: Date) => (to.getTime() - from.getTime()) / DAY_MS

describe('when a missed item comes back', () => {
  it('the next day, from its first minute in Argentina on', () => {
    expect(firstMiss(0, NOW).dueAt.toISOString()).toBe('2026-11-24T03:00:00.000Z')
  })

  it('ever later while it is known, soon again when it is missed; and it survives being stored', () => {
    let { card, dueAt } = firstMiss(0, NOW)
    const gaps: number[] = []
    for (let time = 0; time < 4; time++) {
      const next = afterAnswer(JSON.parse(JSON.stringify(card)), 1, dueAt)
      gaps.push(days(dueAt, next.dueAt))
      card = next.card
      dueAt = next.dueAt
    }
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b))
    expect(gaps.at(-1)).toBeGreaterThan(7)
    expect(days(dueAt, afterAnswer(JSON.parse(JSON.stringify(card)), 0, dueAt).dueAt)).toBeLessThan(gaps.at(-1) ?? 0)
  })

  it('the same question is the same card whatever its id, and no two items of the bank are', () => {
    const items = BANK.flatMap((set) => set.items) as Item[]
    const [first] = items
    expect(first && questionOf({ ...first, id: 'other' })).toBe(first && questionOf(first))
    expect(new Set(items.map(questionOf)).size).toBe(items.length)
  })
})

describe('progress', () => {
  it.each([
    [[], 0],
    [['2026-11-23'], 1],
    [['2026-11-22', '2026-11-21'], 2],
    [['2026-11-23', '2026-11-21'], 1],
    [['2026-11-21'], 0],
    [['2026-11-23', '2026-11-22', '2026-11-21'], 3],
  ])('days %j make a streak of %i', (done, streak) => expect(streakOf(new Set(done), '2026-11-23')).toBe(streak))

  const answers = (count: number, change: Partial<Evidence>): Evidence[] =>
    Array.from({ length: count }, () => ({ topic: 't', level: 'A2', difficulty: 'medium', credit: 1, ...change }))

  it('the best streak is the longest, also when it ended', () => {
    expect(bestStreakOf(new Set(['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-20', '2026-11-21']))).toBe(3)
    expect(bestStreakOf(new Set())).toBe(0)
  })

  it('the weakest topic comes first; one answer is no verdict, and what the teacher added is about no topic', () => {
    const mastery = masteryByTopic([
      ...answers(6, { topic: 'good' }),
      ...answers(4, { topic: 'bad', credit: 0.25 }),
      ...answers(1, { topic: 'once', credit: 0 }),
      ...answers(4, { topic: OWN_TOPIC, credit: 0 }),
    ])
    expect(mastery.map(({ topic }) => topic)).toEqual(['bad', 'once', 'good'])
    expect(weakTopics(mastery, 3)).toEqual(['bad'])
  })

  it('the level begins at what a person says, and wide', () => {
    expect(estimateLevel('B1', [])).toMatchObject({ level: 'B1', from: 'A2', to: 'B2', answers: 0 })
  })

  it('moves with the answers, and grows surer with their number', () => {
    const strong = estimateLevel('A2', [...answers(20, { level: 'B1' }), ...answers(10, { level: 'B2', credit: 0.8 })])
    expect(['B1', 'B2']).toContain(strong.level)
    const weak = estimateLevel('B2', answers(20, { level: 'A2', credit: 0.3 }))
    expect(weak.level).toBe('A1')
    expect(estimateLevel('A2', answers(60, { credit: 0.75 })).spread).toBeLessThan(estimateLevel('A2', answers(6, { credit: 0.75 })).spread)
  })

  it('three of four right at a level is that level', () => {
    for (const level of ['A1', 'A2', 'B1', 'B2', 'C1'] as const)
      expect(estimateLevel(level, answers(60, { level, credit: 0.75 })).level).toBe(level)
  })

  it('stays on the scale whatever the answers', () => {
    for (const credit of [0, 1]) {
      const { at, level } = estimateLevel('A1', answers(500, { level: 'C1', credit }))
      expect([at >= 0 && at <= 4, level]).toEqual([true, credit === 1 ? 'C1' : level])
    }
  })
})
