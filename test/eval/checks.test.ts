import { expect, it } from 'vitest'
import { exerciseFor } from '../../sandbox/llm/exercise.ts'
import { BANK } from '../../src/features/activity/bank/index.ts'
import { selectExercise } from '../../src/features/activity/bank/select.ts'
import type { Item } from '../../src/features/activity/exercise.ts'
import { checkExercise } from './checks.ts'
import { EVALUATION_SET } from './set.ts'

const exercise = selectExercise(BANK, { objective: 'Mi rutina', level: 'A2', given: new Map(), weakTopics: [], draw: () => 0 })
const asked = { level: 'A2', topics: ['daily-routines'] } as const
const change = (kind: Item['kind'], to: object) => {
  const item = BANK.flatMap(({ items }) => items).find((each) => each.kind === kind)
  return { ...exercise, items: [{ ...item, id: 'changed', level: 'A2', ...to }, ...exercise.items.slice(1)] }
}

it('an exercise of the bank has no flaw', () => {
  expect(Object.values(checkExercise(exercise, asked)).flat()).toEqual([])
})

it.each([
  ['no exercise', null, 'schema'],
  ['two options that say the same', change('choice', { options: ["isn't it", 'is not it', 'x'], answer: 2 }), 'keys'],
  ['a mistake that is accepted', change('correct', { sentence: "He isn't here.", answers: ['He is not here!!'] }), 'keys'],
  ['two levels away', change('choice', { level: 'C1' }), 'level'],
  ['the same question twice', { ...exercise, items: [...exercise.items.slice(1), { ...exercise.items[1], id: 'again' }] }, 'duplicates'],
  ['an English explanation', change('choice', { explanation: 'Because he likes apples.' }), 'spanish'],
] as const)('%s is found', (_name, candidate, part) => {
  expect(checkExercise(candidate, asked)[part].length).toBeGreaterThan(0)
})

it.each(EVALUATION_SET.filter(({ level }) => level === 'B1'))('the sandbox’s model writes about $objective', (asked) => {
  for (let number = 1; number <= 6; number++) {
    const written = exerciseFor({ level: asked.level, objective: asked.objective ?? '' }, number)
    expect(Object.values(checkExercise(written, asked)).flat()).toEqual([])
  }
})

it('another topic is found', () => {
  expect(checkExercise(exercise, { level: 'A2', topics: ['job-interview'] }).topic).toHaveLength(1)
})
