import { describe, expect, it } from 'vitest'
import type { Item } from '../exercise.ts'
import { carriedOver, firstOf, keepsPlaces, markedAgain } from './regrade.ts'

const common = { id: 'x', topic: 't', level: 'A1', difficulty: 'easy', instruction: 'Hacé.', explanation: 'Así es.' } as const
const choice = (options: string[], answer: number): Item => ({ ...common, kind: 'choice', prompt: 'P', options, answer })
const gap = (...answers: string[]): Item => ({ ...common, kind: 'gap', prompt: 'I ___.', answers: [answers] })
const match = (...pairs: [string, string][]): Item => ({
  ...common,
  kind: 'match',
  prompt: 'P',
  pairs: pairs.map(([left, right]) => ({ left, right })),
})

describe('an item that is mended after it was answered', () => {
  it.each([
    ['the options changed places', choice(['a', 'b', 'c'], 0), choice(['c', 'a', 'b'], 0), 0, 1],
    ['the option is written anew', choice(['a', 'b', 'c'], 0), choice(['a', 'bee', 'c'], 0), 1, 1],
    ['the option is gone', choice(['a', 'b', 'c', 'd'], 0), choice(['a', 'b', 'c'], 0), 3, null],
    [
      'a pair is written anew',
      match(['1', 'one'], ['2', 'too'], ['3', 'three']),
      match(['1', 'one'], ['2', 'two'], ['3', 'three']),
      ['one', 'too', ''],
      ['one', 'two', ''],
    ],
    [
      'the pairs changed places',
      match(['1', 'one'], ['2', 'two'], ['3', 'three']),
      match(['2', 'two'], ['1', 'one'], ['3', 'three']),
      ['one', '', 'two'],
      ['', 'one', 'two'],
    ],
  ] as const)('keeps what was answered: %s', (_why, before, after, answer, carried) => {
    expect(carriedOver({ x: answer, y: 'other' }, before, after)).toEqual({ x: carried, y: 'other' })
  })

  it.each([
    ['a variant that was missing is accepted', 0, gap('go', 'walk'), 'walk', 1],
    ['a key that turned out wrong takes nothing away', 1, gap('went'), 'go', 1],
    ['what is still wrong stays so', 0, gap('went'), 'go', 0],
  ] as const)('%s', (_why, had, item, answer, has) => {
    const other = { itemId: 'y', credit: 0.5 }
    expect(markedAgain([{ itemId: 'x', credit: had }, other], item, { x: [answer] })).toEqual([{ itemId: 'x', credit: has }, other])
  })
})

describe('the first try', () => {
  const attempt = (x: number, text: number | null) => ({
    answers: { x, w: 'Hi' },
    marks: [
      { itemId: 'x', credit: x },
      { itemId: 'w', credit: text },
    ],
  })
  const [missed, known, marked] = [attempt(0, null), attempt(1, null), attempt(0, 0.5)]
  const items = [gap('go'), { ...common, id: 'w', kind: 'writing' } as Item]

  it.each([
    ['is the only one', [missed], missed],
    ['is it also after its text was marked', [marked], marked],
    ['is what was kept beside the last one', [known, missed], missed],
    ['is not the last one where another came before it', [missed, known], null],
    ['is gone', [known], null],
  ] as const)('%s', (_why, attempts, first) => {
    expect(firstOf(attempts, missed.marks, items)).toBe(first)
  })
})

describe('what was published', () => {
  it.each([
    ['as it was', ['a', 'b', 'c'], true],
    ['written anew in its place', ['a', 'bee', 'c'], true],
    ['with another one at the end', ['a', 'b', 'c', 'd'], true],
    ['with one taken away', ['a', 'b'], false],
    ['with two that changed places', ['b', 'a', 'c'], false],
    ['with one that moved into the place of another', ['b', 'new', 'c'], false],
    ['with another one before the last', ['a', 'b', 'new', 'c'], false],
  ])('keeps its places or not: %s', (_why, after, isKept) => {
    expect(keepsPlaces(['a', 'b', 'c'], after)).toBe(isKept)
  })
})
