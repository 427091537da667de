import { expect, it } from 'vitest'
import type { Item } from '../../features/activity/exercise.ts'
import { answerText } from './answers.ts'

const common = { id: 'x', topic: 't', level: 'A1', difficulty: 'easy', instruction: 'Hacé.', explanation: 'Así es.' } as const
const gap: Item = { ...common, kind: 'gap', prompt: '___ ___ ___', answers: [['a'], ['b'], ['c']] }
const pairs = ['one', 'two', 'three'].map((right, index) => ({ left: String(index + 1), right }))
const match: Item = { ...common, kind: 'match', prompt: 'P', pairs }

it.each([
  ['a gap that was left empty keeps its place', gap, ['a', ' ', 'c'], 'a · — · c'],
  ['gaps of which only the first came', gap, 'a', 'a · — · —'],
  ['pairs are told with both sides', match, ['two', '', 'three'], '1 – two · 2 – — · 3 – three'],
  ['nothing at all', match, ['', null, ''], ''],
  ['a choice', { ...common, kind: 'choice', prompt: 'P', options: ['a', 'b', 'c'], answer: 0 }, 1, 'b'],
] as const)('an answer in words: %s', (_what, item, answer, words) => {
  expect(answerText(item as Item, answer)).toBe(words)
})
