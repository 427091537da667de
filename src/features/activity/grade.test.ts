import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Exercise, Item, type ItemKind } from './exercise.ts'
import { type Answer, creditOf, grade, keptBeside, toldScore } from './grade.ts'
import { isAccepted, normalizeAnswer } from './normalize.ts'

const common = {
  topic: 'daily-life',
  level: 'A2',
  difficulty: 'easy',
  instruction: 'Completá la oración.',
  explanation: 'Porque sí.',
} as const

const ITEMS: Record<ItemKind, Item> = {
  choice: { ...common, id: 'choice', kind: 'choice', prompt: 'She ___ tea.', options: ['drink', 'drinks', 'drinking'], answer: 1 },
  gap: {
    ...common,
    id: 'gap',
    kind: 'gap',
    prompt: 'I ___ home and she ___ late.',
    answers: [['am'], ["isn't", 'is not']],
  },
  reorder: {
    ...common,
    id: 'reorder',
    kind: 'reorder',
    words: ['you', 'do', 'where', 'live'],
    answers: ['Where do you live?'],
  },
  match: {
    ...common,
    id: 'match',
    kind: 'match',
    prompt: 'Uní cada palabra con su opuesto.',
    pairs: [
      { left: 'hot', right: 'cold' },
      { left: 'big', right: 'small' },
      { left: 'old', right: 'new' },
    ],
  },
  correct: { ...common, id: 'correct', kind: 'correct', sentence: 'He have a dog.', answers: ['He has a dog.', "He's got a dog."] },
  writing: {
    ...common,
    id: 'writing',
    kind: 'writing',
    prompt: 'Write about your day.',
    wordsMin: 20,
    wordsMax: 60,
    rubric: ['Usa el presente simple.', 'Tiene principio y fin.'],
    sample: 'I get up at seven.',
  },
}

describe('the marks of one item', () => {
  it.each<[string, ItemKind, Answer, number | null]>([
    ['the right option', 'choice', 1, 1],
    ['another option', 'choice', 0, 0],
    ['the text of the option instead of its place', 'choice', 'drinks', 0],
    ['both gaps', 'gap', ['AM', 'isn’t'], 1],
    ['one of two gaps', 'gap', ['am', 'are not'], 0.5],
    ['gaps left empty', 'gap', ['', null], 0],
    ['the sentence in order', 'reorder', 'where do you live', 1],
    ['one word in the wrong place', 'reorder', 'do where you live', 0.5],
    ['the sentence in no order', 'reorder', 'live you do where', 0],
    ['every pair', 'match', ['cold', 'small', 'new'], 1],
    ['one pair of three', 'match', ['cold', 'new', 'small'], 0.33],
    ['the corrected sentence', 'correct', ' he HAS a dog ', 1],
    ['another way of correcting it', 'correct', 'He’s got a dog', 1],
    ['the mistake again', 'correct', 'He have a dog.', 0],
    ['a text: somebody has to read it', 'writing', 'I get up at six.', null],
    ['no text', 'writing', '  ', 0],
    ['nothing at all', 'correct', null, 0],
    ['something of another form', 'reorder', [1, 2], 0],
  ])('%s', (_name, kind, answer, credit) => expect(creditOf(ITEMS[kind], answer)).toBe(credit))

  it('never leaves 0 to 1, whatever is sent', () => {
    const anything = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.constant(null),
      fc.array(fc.oneof(fc.string(), fc.integer(), fc.constant(null))),
    )
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(ITEMS)), anything, (item, answer) => {
        const credit = creditOf(item, answer)
        return credit === null ? item.kind === 'writing' : credit >= 0 && credit <= 1
      }),
    )
  })
})

it('the marks of a submission add up, and say how many texts wait for a reader', () => {
  const answers = { choice: 1, gap: ['am', 'x'], writing: 'I run.' }
  expect(grade({ items: Object.values(ITEMS) }, answers)).toMatchObject({ score: 1.5, total: 6, waiting: 1 })
})

describe('answers that mean the same', () => {
  it.each([
    ["I don't know", 'i do not know.'],
    ['They’re late', 'they are late'],
    ["We've been there", 'We have been there!'],
    ["She won't come", 'she will not come'],
    ["I can't", 'I can not'],
    ['My favourite colour', 'my favorite color'],
    ['a well-known  café', 'A well known cafe'],
    ['Yes, I do.', 'yes I do'],
  ])('%s = %s', (one, other) => expect(normalizeAnswer(one)).toBe(normalizeAnswer(other)))

  it("but not what may be the question: he's is not he is, nor he has", () => {
    expect(isAccepted("he's tall", ['he has tall'])).toBe(false)
    expect(isAccepted('its', ["it's"])).toBe(false)
    expect(isAccepted('well go', ["we'll go"])).toBe(false)
    expect(isAccepted('shes from rosario', ["She's from Rosario."])).toBe(true)
    expect(isAccepted('i dont know', ['I do not know'])).toBe(true)
    expect(isAccepted('', [''])).toBe(false)
  })

  it('normalising twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => normalizeAnswer(normalizeAnswer(text)) === normalizeAnswer(text)),
      {
        examples: [['.-'], ['İ!'], ['"\''], ['__proto__']],
      },
    )
  })
})

it('a best score is told without a text that waits for its mark, unless it had it', () => {
  const marks = [
    { itemId: 'a', credit: 1 },
    { itemId: 'b', credit: 0.5 },
    { itemId: 't', credit: null },
  ]
  expect(toldScore(1.5, 3, marks)).toEqual({ points: 1.5, of: 2, waiting: 1 })
  expect(toldScore(2.25, 3, marks)).toEqual({ points: 2.25, of: 3, waiting: 0 })
})

describe('an earlier submission beside a new one', () => {
  const attempt = (...credits: (number | null)[]) => ({ answers: {}, marks: credits.map((credit, n) => ({ itemId: `i${n}`, credit })) })
  const [better, worse, waiting] = [attempt(1, 1, 0.5), attempt(1, 0, 0), attempt(1, 1, null)]

  it.each([
    ['is kept while it is better', [better], worse, better],
    ['is kept while its text may make it better', [waiting], better, waiting],
    ['goes once the new one is as good', [better], better, null],
    ['goes once the new one has more than it can come to', [worse], better, null],
    ['is the one that may come to most', [worse, waiting], worse, waiting],
    ['is the last one where they are equal', [better, attempt(1, 0.5, 1)], worse, better],
  ])('%s', (_name, earlier, next, kept) => expect(keptBeside(earlier, next.marks)).toBe(kept))

  it('tells the best score of it, with what waits in it', () => {
    expect(toldScore(2, 3, worse.marks, waiting.marks)).toEqual({ points: 2, of: 2, waiting: 1 })
    expect(toldScore(2.5, 3, waiting.marks, better.marks)).toEqual({ points: 2.5, of: 3, waiting: 0 })
  })
})

describe('what is no exercise', () => {
  const flawed = (kind: ItemKind, change: Record<string, unknown>) => Item.safeParse({ ...ITEMS[kind], ...change }).success
  it.each<[string, ItemKind, Record<string, unknown>]>([
    ['an answer beyond the options', 'choice', { answer: 3 }],
    ['two options that are the same', 'choice', { options: ['a', 'A ', 'b'] }],
    ['more gaps than answers', 'gap', { answers: [['am']] }],
    ['an answer that is not among the words offered', 'gap', { bank: ['am', 'are'] }],
    ['words that do not make the sentence', 'reorder', { words: ['you', 'do', 'where', 'lives'] }],
    ['words that are already in order', 'reorder', { words: ['Where', 'do', 'you', 'live'] }],
    ['a pair with two partners', 'match', { pairs: [...(ITEMS.match as { pairs: object[] }).pairs, { left: 'Old', right: 'young' }] }],
    ['a sentence without a mistake', 'correct', { sentence: 'He has a dog' }],
    ['no explanation', 'choice', { explanation: ' ' }],
  ])('%s', (_name, kind, change) => expect(flawed(kind, change)).toBe(false))

  it('fewer items than eight, or two with one id', () => {
    const exercise = (items: unknown[]) => Exercise.safeParse({ title: 'T', level: 'A2', difficulty: 'easy', reading: null, items }).success
    const eight = Array.from({ length: 8 }, (_, index) => ({ ...ITEMS.choice, id: `i${index}` }))
    expect(exercise(eight)).toBe(true)
    expect(exercise(eight.slice(1))).toBe(false)
    expect(exercise([...eight.slice(1), eight[1]])).toBe(false)
  })
})
