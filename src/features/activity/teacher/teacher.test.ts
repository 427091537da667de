import { describe, expect, it } from 'vitest'
import { BANK } from '../bank/index.ts'
import { topicsNamed } from '../bank/select.ts'
import type { Item } from '../exercise.ts'
import { keepMarkedTexts } from '../grade.ts'
import { formOf, itemOfForm } from './item-form.ts'
import { markByRubric, mayTutor, otherItems, scoreAfter } from './rules.ts'

const ITEMS = BANK.flatMap(({ items }) => items)
const ofKind = <Kind extends Item['kind']>(kind: Kind) => ITEMS.find((item) => item.kind === kind) as Extract<Item, { kind: Kind }>

describe('who decides about the exercises of a class', () => {
  const paidAt = new Date('2026-11-24T12:00:00Z')
  const ana = { id: 'p1', role: 'USER', teacherId: 'ana', isActiveTeacher: true } as const
  it.each([
    ['its teacher', ana, { teacherId: 'ana', paidAt }, true],
    ['another teacher', ana, { teacherId: 'bea', paidAt }, false],
    ['its teacher, who is not active any more', { ...ana, isActiveTeacher: false }, { teacherId: 'ana', paidAt }, false],
    ['its teacher, before it is paid', ana, { teacherId: 'ana', paidAt: null }, false],
    ['somebody who gives no classes', { ...ana, teacherId: null, isActiveTeacher: false }, { teacherId: 'ana', paidAt }, false],
    ['the admin', { ...ana, role: 'ADMIN', teacherId: null, isActiveTeacher: false }, { teacherId: 'ana', paidAt: null }, true],
  ] as const)('%s', (_, by, about, may) => {
    expect(mayTutor(by, about)).toBe(may)
  })
})

describe('an item as a form', () => {
  it('comes back as it was, whatever its kind', () => {
    for (const item of ITEMS) expect(itemOfForm(item, formOf(item))).toEqual({ ok: true, item })
  })

  it.each([
    ['choice', { options: 'one\ntwo' }, 'options'],
    ['choice', { answer: '9' }, 'answer'],
    ['choice', { answer: 'x' }, 'answer'],
    ['gap', { answers: 'a\nb\nc\nd\ne' }, 'answers'],
    ['reorder', { words: 'nothing\nof\nthis' }, 'words'],
    ['match', { pairs: 'a = b\nno other side\nc = d' }, 'pairs'],
    ['correct', { explanation: '  ' }, 'explanation'],
    ['writing', { wordsMin: '80', wordsMax: '20' }, 'wordsMax'],
    ['writing', { difficulty: 'impossible' }, 'difficulty'],
  ] as const)('a %s with %j says what is wrong beside "%s"', (kind, change, field) => {
    const item = ofKind(kind)
    const parsed = itemOfForm(item, { ...formOf(item), ...change })
    expect(parsed.ok ? [] : Object.keys(parsed.errors)).toContain(field)
  })
})

describe('another item', () => {
  const set = BANK[0]
  const items = set?.items.slice(0, 8) ?? []
  const [replaced] = items

  it('is of the topic and level, not in the exercise, and asks about no text that is not there', () => {
    const others = replaced ? otherItems(BANK, { items }, replaced) : []
    expect(others.length).toBeGreaterThan(0)
    for (const other of others) {
      expect([other.topic, other.level]).toEqual([replaced?.topic, replaced?.level])
      expect(items.map(({ id }) => id)).not.toContain(other.id)
      expect(set?.aboutReading).not.toContain(other.id)
    }
  })

  it('keeps to the topic at the level beside it when its own has no more, and then to another topic of the exercise', () => {
    const item = (id: string, topic: string, level: Item['level']) => ({ ...ofKind('choice'), id, topic, level })
    const bank = (...items: Item[]) => items.map((each) => ({ topic: each.topic, level: each.level, items: [each], aboutReading: [] }))
    const [here, beside, far, own] = [item('a', 'x', 'A2'), item('b', 't', 'B1'), item('c', 't', 'C1'), item('d', 't', 'A2')]
    const second = item('e', 'y', 'A2')
    const idsOf = (sets: ReturnType<typeof bank>) => otherItems(sets, { items: [own, item('f', 'y', 'A2')] }, own).map(({ id }) => id)
    expect(idsOf(bank(here, beside, far, second))).toEqual(['b'])
    expect(idsOf(bank(here, far, second))).toEqual(['e'])
    expect(idsOf(bank(here, far))).toEqual(['a'])
  })

  it('is one that this person was not given before, if there is any, and of the same kind and difficulty among those', () => {
    const item = (id: string, kind: 'choice' | 'gap', topic = 't', difficulty: Item['difficulty'] = 'easy') =>
      ({ ...ofKind(kind), id, topic, level: 'A2', difficulty }) as Item
    const [own, seen, other] = [item('own', 'choice'), item('seen', 'choice'), item('other', 'choice', 'x')]
    const idsOf = (items: Item[], given: Record<string, number>) =>
      otherItems([{ topic: 't', level: 'A2', items, aboutReading: [] }], { items: [own] }, own, new Map(Object.entries(given))).map(
        ({ id }) => id,
      )
    expect(idsOf([seen, other], { seen: 1 })).toEqual(['other'])
    expect(idsOf([seen, item('twice', 'choice')], { seen: 1, twice: 2 })).toEqual(['seen'])
    expect(idsOf([item('gap', 'gap'), item('hard', 'choice', 't', 'hard'), item('like', 'choice')], {})).toEqual(['like'])
    expect(idsOf([item('gap', 'gap'), item('hard', 'choice', 't', 'hard')], {})).toEqual(['hard'])
  })

  it('is no second text to write', () => {
    const writing = ofKind('writing')
    const choice = ITEMS.find((item) => item.kind === 'choice' && item.level === writing.level) as Item
    expect(otherItems(BANK, { items: [choice, writing] }, choice).some(({ kind }) => kind === 'writing')).toBe(false)
  })
})

describe('a text marked by its rubric', () => {
  const text = { ...ofKind('writing'), rubric: ['a', 'b', 'c', 'd'] }

  it('gets the mean of its points', () => {
    expect(markByRubric(text, [1, 1, 0.5, 0], 'Bien')).toMatchObject({ ok: true, value: { credit: 0.63, comment: 'Bien' } })
  })

  it.each([[[1, 1, 1]], [[1, 1, 1, 2]], [[1, 1, 1, Number.NaN]]])('refuses %j', (points) => {
    expect(markByRubric(text, points, '')).toMatchObject({ ok: false, reason: 'bad-mark' })
  })

  const closed = { itemId: 'x', credit: 1 }
  it.each([
    ['adds to the score', null, 1, 0.5, 1.5],
    ['follows the teacher also downwards', 1, 2, 0.5, 1.5],
    ['leaves a better earlier score alone', null, 5, 0.5, 5],
  ])('%s', (_name, before, score, credit, after) => {
    const marksWith = (each: number | null) => ({ marks: [closed, { itemId: text.id, credit: each }], bestMarks: null })
    expect(scoreAfter(score, marksWith(before), marksWith(credit))).toBe(after)
  })

  it('raises or lowers the score also where it belongs to the better submission before the last', () => {
    const last = [closed, { itemId: text.id, credit: 0 }]
    const bestWith = (credit: number | null) => ({ marks: last, bestMarks: [closed, closed, { itemId: text.id, credit }] })
    expect(scoreAfter(2, bestWith(null), bestWith(0.5))).toBe(2.5)
    expect(scoreAfter(2.5, bestWith(0.5), bestWith(0))).toBe(2)
  })

  it('keeps its mark when it is handed in again unchanged, and waits when it changed', () => {
    const waiting = { items: [{ itemId: 't', credit: null }], score: 0, total: 1, waiting: 1 }
    const before = { marks: [{ itemId: 't', credit: 0.5, points: [1, 0] }], answers: { t: 'My text' } }
    const last = { marks: [{ itemId: 't', credit: null }], answers: { t: 'Another text' } }
    for (const earlier of [[before], [last, before]]) {
      expect(keepMarkedTexts(waiting, earlier, { t: 'My text' })).toMatchObject({ score: 0.5, waiting: 0 })
      expect(keepMarkedTexts(waiting, earlier, { t: 'Another text' })).toMatchObject({ score: 0, waiting: 1 })
    }
  })
})

it('what the teacher heard names topics of the bank', () => {
  expect(topicsNamed(BANK, 'Le cuesta el past simple y los phrasal verbs')).toEqual(
    expect.arrayContaining(['past-simple', 'phrasal-verbs-basic']),
  )
  expect(topicsNamed(BANK, 'Nada especial')).toEqual([])
})
