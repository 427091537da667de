import type { Exercise, Item } from './exercise.ts'
import { isAccepted, normalizeAnswer } from './normalize.ts'

/** What a student answered to one item; each kind has its own form. Whatever does not fit counts as no answer. */
export type Answer = string | number | readonly (string | number | null)[] | null
export type Answers = Readonly<Record<string, Answer | undefined>>

export interface ItemGrade {
  itemId: string
  /** From 0 to 1; null for a text that somebody has yet to read. */
  credit: number | null
  /** Of a text that was marked: each point of its rubric, and what was said about it. */
  points?: number[]
  comment?: string
  /** By a model; by the teacher unless told. */
  by?: 'model'
}

export interface Grade {
  items: ItemGrade[]
  /** Points out of `total`, where each item is worth one; texts that are not read yet count for nothing so far. */
  score: number
  total: number
  /** How many texts wait for a reader. */
  waiting: number
}

/** What was handed in at some time, with its marks. */
export interface Attempt {
  answers: Answers
  marks: readonly ItemGrade[]
}

/** Marks a submission. Pure: the same answers always get the same marks. */
export function grade(exercise: Pick<Exercise, 'items'>, answers: Answers): Grade {
  return gradeOf(exercise.items.map((item) => ({ itemId: item.id, credit: creditOf(item, answers[item.id] ?? null) })))
}

/** The marks of a new submission, where a text that was handed in before as it is keeps what was given for it. */
export function keepMarkedTexts(marked: Grade, before: readonly Attempt[], answers: Answers): Grade {
  const items = marked.items.map((mark) => {
    if (mark.credit !== null) return mark
    const given = before
      .filter((attempt) => attempt.answers[mark.itemId] === answers[mark.itemId])
      .flatMap((attempt) => attempt.marks.filter(({ itemId, points }) => itemId === mark.itemId && points))
    return given[0] ?? mark
  })
  return gradeOf(items)
}

/**
 * Which earlier submission stays beside a new one: the one that may still come to most, a text that waits for its mark counting in full, as long
 * as that is more than the new one has by now. Null: none of them counts any more. The last one comes first, and wins where they are equal.
 */
export function keptBeside(earlier: readonly Attempt[], marks: readonly ItemGrade[]): Attempt | null {
  const most = (attempt: Attempt) => pointsOf(attempt.marks) + waitingIn(attempt.marks)
  const [kept] = earlier.toSorted((one, other) => most(other) - most(one))
  return kept && most(kept) > pointsOf(marks) ? kept : null
}

/** The points that marks add up to so far. */
export function pointsOf(marks: readonly ItemGrade[]): number {
  return roundToHundredths(marks.reduce((sum, { credit }) => sum + (credit ?? 0), 0))
}

function waitingIn(marks: readonly ItemGrade[]): number {
  return marks.filter(({ credit }) => credit === null).length
}

function gradeOf(items: ItemGrade[]): Grade {
  return {
    items,
    score: pointsOf(items),
    total: items.length,
    waiting: waitingIn(items),
  }
}

/**
 * How a best score is told: of what is marked, while a text of that submission waits for its mark. It is the last one, or the one that was kept
 * beside it; of any other nothing waits any more.
 */
export function toldScore(
  best: number,
  total: number,
  marks: readonly ItemGrade[],
  bestMarks: readonly ItemGrade[] | null = null,
): { points: number; of: number; waiting: number } {
  const counted = [marks, bestMarks].find((each) => each !== null && pointsOf(each) >= best)
  const waiting = waitingIn(counted ?? [])
  return { points: best, of: total - waiting, waiting }
}

/** From 0 to 1. Gaps and pairs earn their share each; a sentence in nearly the right order earns half. */
export function creditOf(item: Item, answer: Answer): number | null {
  switch (item.kind) {
    case 'choice':
      return answer === item.answer ? 1 : 0
    case 'gap': {
      const given = listOf(answer)
      return shareOf(item.answers, (variants, index) => isAccepted(String(given[index] ?? ''), variants))
    }
    case 'match': {
      const given = listOf(answer)
      return shareOf(item.pairs, ({ right }, index) => given[index] === right)
    }
    case 'reorder':
      return orderCredit(typeof answer === 'string' ? answer : '', item.answers)
    case 'correct':
      return typeof answer === 'string' && isAccepted(answer, item.answers) ? 1 : 0
    case 'writing':
      return typeof answer === 'string' && answer.trim() !== '' ? null : 0
  }
}

function listOf(answer: Answer): readonly (string | number | null)[] {
  return typeof answer === 'string' ? [answer] : Array.isArray(answer) ? answer : []
}

function shareOf<T>(parts: readonly T[], isRight: (part: T, index: number) => boolean): number {
  return roundToHundredths(parts.filter(isRight).length / parts.length)
}

/** Half the point when one word stands in the wrong place: taking it out leaves the rest in order. */
function orderCredit(answer: string, accepted: readonly string[]): number {
  if (isAccepted(answer, accepted)) return 1
  const given = normalizeAnswer(answer).split(' ')
  return accepted.some((variant) => isOneWordAway(given, normalizeAnswer(variant).split(' '))) ? 0.5 : 0
}

function isOneWordAway(given: readonly string[], wanted: readonly string[]): boolean {
  if (given.length !== wanted.length) return false
  return given.some((_, from) => {
    const rest = given.toSpliced(from, 1)
    const at = wanted.indexOf(given[from] ?? '')
    return at >= 0 && rest.join(' ') === wanted.toSpliced(at, 1).join(' ')
  })
}

function roundToHundredths(value: number): number {
  return Math.round(value * 100) / 100
}
