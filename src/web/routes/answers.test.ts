import { expect, it } from 'vitest'
import type { Item } from '../../features/activity/exercise.ts'
import { answerText, keyText } from './answers.ts'

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

it.each([
  [{ ...common, kind: 'choice', prompt: 'P', options: ['a', 'b', 'c'], answer: 1 }, 'a · ✓ b · c'],
  [{ ...gap, answers: [['a', 'A'], ['b'], ['c']] }, 'a / A · b · c'],
  [match, '1 – one · 2 – two · 3 – three'],
  [{ ...common, kind: 'correct', sentence: 'S', answers: ['one', 'two'] }, 'one / two'],
] as const)('the key of %j is told whole', (item, words) => {
  expect(keyText(item as unknown as Item)).toBe(words)
})
