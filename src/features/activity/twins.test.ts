import { describe, expect, it } from 'vitest'
import { creditOf } from './grade.ts'
import { itemsOfTwins } from './twins.ts'

const of = (content: string, solvedContent: string) => itemsOfTwins({ content, solvedContent, level: 'A2', difficulty: 'easy' })

describe('the gaps of the teacher’s own text', () => {
  it('are items whose answers stand in the solved twin, with variants and comments', () => {
    const [first, second, ...others] = of(
      '# Past simple\n\n1. Tom ____ (live) here.\n2. She ___ and ___ it.\n',
      '# Past simple (solved)\n\n1. Tom **lived / used to live** (live) here. — Es un pasado terminado.\n\n2. She saw and bought it.',
    )
    expect(others).toEqual([])
    expect(first).toMatchObject({
      id: 'g1',
      prompt: 'Tom ____ (live) here.',
      answers: [['lived', 'used to live']],
      explanation: 'Es un pasado terminado.',
    })
    expect(second && creditOf(second, ['Saw', 'buyed'])).toBe(0.5)
  })

  it.each([
    ['no gaps', 'Read chapter 3.', 'Read chapter 3.'],
    ['no twin', 'Tom ___ here.', ''],
    ['a twin that says something else', 'Who is Tom? ___', 'Tom is a cat.'],
    ['a twin that leaves a gap open', 'Tom ___ here.', 'Tom here.'],
    ['one line of two solved', 'Tom ___ here.\nAna ___ there.', 'Tom is here.'],
    ['a line without an end', `${'x'.repeat(600)} ___`, `${'x'.repeat(600)} a`],
    ['too many', 'a ___\n'.repeat(61), 'a b\n'.repeat(61)],
  ])('are none with %s', (_name, content, solvedContent) => {
    expect(of(content, solvedContent)).toEqual([])
  })
})
