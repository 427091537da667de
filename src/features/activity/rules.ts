import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Exercise, Item } from './exercise.ts'
import type { Answer, Answers } from './grade.ts'

export type ActivityRefusal = 'unknown-activity' | 'bad-answers' | 'solution-early'

export const ACTIVITY_STATUS = {
  'unknown-activity': 404,
  'bad-answers': 400,
  'solution-early': 403,
} as const satisfies Record<ActivityRefusal, number>

/** Of one person, by API and pages together. */
export const SAVES_PER_10_MINUTES = 600
export const SUBMISSIONS_PER_10_MINUTES = 120

const ANSWER_CHARACTERS_MAX = 500
/** A text of 250 words does not fit into 500 characters (decision 021). */
const WRITING_CHARACTERS_MAX = 2_000
const PARTS_MAX = 12

/**
 * The answers that a client sends, by the id of their item; what belongs to no item is left out. `bad-answers`: not an object, or one of
 * another form or too long (behaviour 4.14).
 */
export function parseAnswers(exercise: Pick<Exercise, 'items'>, sent: unknown): Outcome<Answers, 'bad-answers'> {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return refuse('bad-answers')
  const given = new Map(Object.entries(sent))
  const answers: Record<string, Answer> = {}
  for (const item of exercise.items) {
    if (!given.has(item.id)) continue
    const answer = given.get(item.id)
    const charactersMax = item.kind === 'writing' ? WRITING_CHARACTERS_MAX : ANSWER_CHARACTERS_MAX
    if (!isAnswer(answer, charactersMax) || !fits(item, answer)) return refuse('bad-answers')
    answers[item.id] = answer
  }
  return succeed(answers)
}

function isAnswer(answer: unknown, charactersMax: number): answer is Answer {
  const isPart = (part: unknown) =>
    part === null ||
    (typeof part === 'number' && Number.isFinite(part)) ||
    (typeof part === 'string' && part.length <= charactersMax && !part.includes('\0') && part.isWellFormed())
  return Array.isArray(answer) ? answer.length <= PARTS_MAX && answer.every(isPart) : isPart(answer)
}

/** Whether an answer could be one to that item: a choice is the number of an option that is there, and lists belong to gaps and pairs. */
function fits(item: Item, answer: Answer): boolean {
  if (answer === null) return true
  if (item.kind === 'choice') return typeof answer === 'number' && item.options[answer] !== undefined
  return typeof answer !== 'object' || item.kind === 'gap' || item.kind === 'match'
}

/** Whether something was answered. */
export function isAnswered(answer: Answer | undefined): boolean {
  if (answer === null || answer === undefined) return false
  if (typeof answer === 'object') return answer.some((part) => part !== null && String(part).trim() !== '')
  return String(answer).trim() !== ''
}

/**
 * From when on the solution may be seen: after the own submission and, where a delay is set, that long after the own start. Null: not
 * submitted yet (behaviour 4.14, Q4).
 */
export function solutionFrom(submission: { startedAt: Date; submittedAt: Date | null } | null, delayMinutes: number | null): Date | null {
  if (!submission?.submittedAt) return null
  const afterDelay = plus(submission.startedAt, (delayMinutes ?? 0) * MINUTE_MS)
  return new Date(Math.max(afterDelay.getTime(), submission.submittedAt.getTime()))
}

/** An item as it may be seen before the submission: without answer, explanation or model text. */
export type OpenItem = { id: string; instruction: string } & (
  | { kind: 'choice'; prompt: string; options: readonly string[] }
  | { kind: 'gap'; prompt: string; gaps: number; bank: readonly string[] }
  | { kind: 'reorder'; words: readonly string[] }
  | { kind: 'match'; prompt: string; left: readonly string[]; right: readonly string[] }
  | { kind: 'correct'; sentence: string }
  | { kind: 'writing'; prompt: string; wordsMin: number; wordsMax: number; rubric: readonly string[] }
)

export function openItem(item: Item): OpenItem {
  const { id, instruction } = item
  switch (item.kind) {
    case 'choice':
      return { id, instruction, kind: item.kind, prompt: item.prompt, options: item.options }
    case 'gap':
      return { id, instruction, kind: item.kind, prompt: item.prompt, gaps: item.answers.length, bank: item.bank ?? [] }
    case 'reorder':
      return { id, instruction, kind: item.kind, words: item.words }
    case 'match':
      // In the order of the alphabet, which says nothing about the pairs.
      return {
        id,
        instruction,
        kind: item.kind,
        prompt: item.prompt,
        left: item.pairs.map(({ left }) => left),
        right: item.pairs.map(({ right }) => right).sort(),
      }
    case 'correct':
      return { id, instruction, kind: item.kind, sentence: item.sentence }
    case 'writing': {
      const { prompt, wordsMin, wordsMax, rubric } = item
      return { id, instruction, kind: item.kind, prompt, wordsMin, wordsMax, rubric }
    }
  }
}
