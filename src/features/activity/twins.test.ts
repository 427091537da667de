import { describe, expect, it } from 'vitest'
import { creditOf } from './grade.ts'
import { readTwins } from './twins.ts'

const of = (content: string, solvedContent: string) => readTwins({ content, solvedContent, level: 'A2', difficulty: 'easy' })

describe('the gaps of the teacher’s own text', () => {
  it('are items whose answers stand in the solved twin, with variants and comments', () => {
    const { items, left } = of(
      '# Past simple\n\n1. Tom ____ (live) here.\n2. She ___ and ___ it.\n',
      '# Past simple (solved)\n\n1. Tom **lived / used to live** (live) here. — Es un pasado terminado.\n\n2. She _saw_ and *bought* it.',
    )
    const [first, second, ...others] = items
    expect([others, left]).toEqual([[], []])
    expect(first).toMatchObject({
      id: 'g1',
      prompt: 'Tom ____ (live) here.',
      answers: [['lived', 'used to live']],
      explanation: 'Es un pasado terminado.',
    })
    expect(second && creditOf(second, ['Saw', 'buyed'])).toBe(0.5)
  })

  it.each([
    ['a dash of the text', 'Tom — my cat — ___ here.', 'Tom — my cat — is here. — Va is.', ['is'], 'Va is.'],
    ['a dash right after the gap', 'Tom ___ — my cat', 'Tom is — my cat', ['is'], 'Es la respuesta de tu profesor.'],
    ['a gap at the end', 'Tom is ___', 'Tom is here — no hay otra.', ['here'], 'no hay otra.'],
    ['a comment with a dash', 'Tom ___ here.', 'Tom is here. — Va is — no are.', ['is'], 'Va is — no are.'],
    ['an answer with a dash', 'He said "___".', 'He said "well -- yes". // Duda.', ['well -- yes'], 'Duda.'],
  ])('are found beside %s: the comment is cut last', (_name, content, solvedContent, answer, explanation) => {
    expect(of(content, solvedContent)).toMatchObject({ items: [{ answers: [answer], explanation }], left: [] })
  })

  it.each([
    ['no gaps', 'Read chapter 3.', 'Read chapter 3.'],
    ['no twin', 'Tom ___ here.', ''],
  ])('are none with %s', (_name, content, solvedContent) => {
    expect(of(content, solvedContent)).toEqual({ items: [], left: [] })
  })

  const GOOD = { open: 'Ana ___ there.', solved: 'Ana was there.' }
  it.each([
    ['the same text twice', 'Tom ______ here.', 'Tom ______ here.', 'unsolved'],
    ['one gap of two left open', 'Tom ___ and ___.', 'Tom eats and ____.', 'unsolved'],
    ['a gap left out', 'Tom ___ here.', 'Tom here.', 'other-text'],
    ['a variant left open', 'Tom ___ here.', 'Tom is / ___ here.', 'unsolved'],
    ['another text', 'Who is Tom? ___', 'Tom is a cat.', 'other-text'],
    ['seven gaps', 'a ___ b ___ c ___ d ___ e ___ f ___ g ___', 'a 1 b 2 c 3 d 4 e 5 f 6 g 7', 'many-gaps'],
    ['no end', `${'x'.repeat(600)} ___`, `${'x'.repeat(600)} a`, 'long'],
    ['an answer that is too long', 'a ___ b', `a ${'y'.repeat(301)} b`, 'long'],
  ])('a line with %s is no item, its author is told, and the others stay', (_name, open, solved, flaw) => {
    const { items, left } = of(`# Title\n\n${open}\n${GOOD.open}`, `# Title\n\n${solved}\n${GOOD.solved}`)
    expect(items).toMatchObject([{ id: 'g1', answers: [['was']] }])
    expect(left).toEqual([{ line: 3, text: open.slice(0, 60), flaw }])
  })

  it('lines without a solved one, and those beyond sixty, are told', () => {
    expect(of(`${GOOD.open}\nTom ___ here.`, GOOD.solved)).toMatchObject({ items: [{}], left: [{ line: 2, flaw: 'unsolved' }] })
    const many = of('a ___\n'.repeat(61), 'a b\n'.repeat(61))
    expect([many.items.length, many.left]).toEqual([60, [{ line: 61, text: 'a ___', flaw: 'many-lines' }]])
  })
})
