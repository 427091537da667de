import { BANK } from '../../src/features/activity/bank/index.ts'
import { CEFR_LEVELS, type CefrLevel, Exercise, type Item } from '../../src/features/activity/exercise.ts'
import { type Answer, creditOf } from '../../src/features/activity/grade.ts'
import { questionOf } from '../../src/features/activity/memory/schedule.ts'
import { isSpanish } from '../../src/features/activity/model/parse.ts'
import { normalizeAnswer } from '../../src/features/activity/normalize.ts'

/** What is looked at in an exercise; each holds the flaws found. */
export interface Flaws {
  schema: string[]
  keys: string[]
  level: string[]
  topic: string[]
  duplicates: string[]
  spanish: string[]
}

export interface Asked {
  level: CefrLevel
  /** Topics that fit the objective; empty: any. */
  topics: readonly string[]
}

const FITTING_SHARE = 0.5

/** Everything about an exercise that rules can tell. */
export function checkExercise(candidate: unknown, asked: Asked): Flaws {
  const none: Flaws = { schema: [], keys: [], level: [], topic: [], duplicates: [], spanish: [] }
  const parsed = Exercise.safeParse(candidate)
  if (!parsed.success) return { ...none, schema: parsed.error.issues.map(({ message }) => message) }
  const { items } = parsed.data
  return {
    schema: [],
    keys: items.flatMap((item) => keyFlaws(item).map((flaw) => `${item.id}: ${flaw}`)),
    level: items.filter((item) => steps(item.level, asked.level) > 1).map(({ id, level }) => `${id}: ${level}`),
    topic: fits(parsed.data, asked.topics) ? [] : [`${parsed.data.title}: ${[...new Set(items.map(({ topic }) => topic))].join(', ')}`],
    duplicates: items.filter((item, at) => items.findIndex((other) => questionOf(other) === questionOf(item)) !== at).map(({ id }) => id),
    spanish: items.filter(({ explanation }) => !isSpanish(explanation)).map(({ id }) => id),
  }
}

/** The own key gets everything, and what must be wrong gets less. */
function keyFlaws(item: Item): string[] {
  const credit = (answer: Answer) => creditOf(item, answer) ?? 1
  switch (item.kind) {
    case 'choice': {
      const others = item.options.map((_, index) => index).filter((index) => index !== item.answer)
      const same = new Set(item.options.map(normalizeAnswer)).size < item.options.length
      return [
        ...say(credit(item.answer) < 1, 'key'),
        ...say(
          others.some((other) => credit(other) > 0),
          'second option',
        ),
        ...say(same, 'equal options'),
      ]
    }
    case 'gap': {
      const bank = new Set((item.bank ?? []).map(normalizeAnswer))
      const both = item.answers.some((variants) => new Set(variants.map(normalizeAnswer).filter((each) => bank.has(each))).size > 1)
      return [...say(credit(item.answers.map(([first]) => first ?? '')) < 1, 'key'), ...say(both, 'two words of the box fit')]
    }
    case 'match': {
      const right = item.pairs.map((pair) => pair.right)
      return [...say(credit(right) < 1, 'key'), ...say(credit(right.toReversed()) === 1, 'reversed')]
    }
    case 'reorder':
      return [
        ...say(
          item.answers.some((answer) => credit(answer) < 1),
          'key',
        ),
        ...say(credit(item.words.join(' ')) === 1, 'shown solved'),
      ]
    case 'correct':
      return [
        ...say(
          item.answers.some((answer) => credit(answer) < 1),
          'key',
        ),
        ...say(credit(item.sentence) > 0, 'mistake accepted'),
      ]
    case 'writing':
      return say(item.sample.split(/\s+/).length > item.wordsMax * 1.2, 'sample too long')
  }
}

function say(isFlawed: boolean, flaw: string): string[] {
  return isFlawed ? [flaw] : []
}

function steps(a: CefrLevel, b: CefrLevel): number {
  return Math.abs(CEFR_LEVELS.indexOf(a) - CEFR_LEVELS.indexOf(b))
}

/** Half of the items are about it, or the title names it. */
function fits({ title, items }: Exercise, topics: readonly string[]): boolean {
  if (topics.length === 0) return true
  const about = items.filter(({ topic }) => topics.includes(topic)).length / items.length
  const words = BANK.filter(({ topic }) => topics.includes(topic)).flatMap(({ keywords }) => keywords)
  return about >= FITTING_SHARE || words.some((word) => normalizeAnswer(title).includes(word))
}
