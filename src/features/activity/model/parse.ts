import { z } from 'zod'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { type CefrLevel, Exercise, Item } from '../exercise.ts'
import { questionOf } from '../memory/schedule.ts'
import { COMMENT_CHARACTERS_MAX } from '../teacher/rules.ts'

const CHARACTERS_MAX = 60_000
const FLAWS_TOLD = 8
const WRITINGS_MAX = 1
/** What hardly any Spanish sentence does without and English ones do not have, and the other way round. */
const SPANISH = /[áéíóúñ¿¡]|(?<![a-z'])(el|la|los|las|un|una|de|del|que|en|con|se|es|para|por|al|y|o|como|sin|va|te|lo|su)(?![a-z'])/i
const ENGLISH = /(?<![a-z'])(the|of|and|is|are|he|she|it|they|because|that|with|for|this|which|was|to)(?![a-z'])/gi

/** Whether a text can be Spanish, also where it quotes English words: not when it has several English words and no Spanish one. */
export function isSpanish(text: string): boolean {
  return SPANISH.test(text) || (text.match(ENGLISH)?.length ?? 0) < 2
}

/**
 * What a model wrote, as an exercise of that level; or what is wrong with it, for the model to mend. The form is ours: whatever a text of
 * the data asked for, nothing else gets past here.
 */
export function parseExercise(text: string, level: CefrLevel): Outcome<Exercise, 'invalid', string[]> {
  return parseAs(Exercise, text, (exercise) => flawsOf(exercise, level))
}

/** One item that takes the place of another, under an id of ours: of the same kind, level and topic, and none that is there already. */
export function parseItem(
  text: string,
  { id, replaced, others }: { id: string; replaced: Item; others: readonly Item[] },
): Outcome<Item, 'invalid', string[]> {
  const asked = new Set([replaced, ...others].map(questionOf))
  const parsed = parseAs(z.object({ item: Item }), text, ({ item }) => [
    ...(item.kind === replaced.kind ? [] : [`The kind must be ${replaced.kind}.`]),
    ...(item.level === replaced.level ? [] : [`The level must be ${replaced.level}.`]),
    ...(asked.has(questionOf(item)) ? ['That question is there already.'] : []),
    ...(isSpanish(item.explanation) ? [] : ['The explanation must be Spanish.']),
  ])
  return parsed.ok ? succeed({ ...parsed.value.item, id, topic: replaced.topic }) : parsed
}

/** What a model says about a text. */
export const Marks = z.object({
  points: z.array(z.union([z.literal(0), z.literal(0.5), z.literal(1)])),
  comment: z.string().trim().max(COMMENT_CHARACTERS_MAX),
})
export type Marks = z.infer<typeof Marks>

/** A mark for each point of the rubric, and a comment in Spanish without addresses. */
export function parseMarks(text: string, { rubric }: { rubric: readonly string[] }): Outcome<Marks, 'invalid', string[]> {
  return parseAs(Marks, text, ({ points, comment }) => [
    ...(points.length === rubric.length ? [] : [`There must be ${rubric.length} points.`]),
    ...(isSpanish(comment) ? [] : ['The comment must be Spanish.']),
    ...(/https?:|www\./i.test(comment) ? ['The comment must not hold a link.'] : []),
  ])
}

function parseAs<T>(form: z.ZodType<T>, text: string, flawsOf: (value: T) => string[]): Outcome<T, 'invalid', string[]> {
  if (text.length > CHARACTERS_MAX) return refuse('invalid', ['The answer is too long.'])
  const json = parseJson(text)
  if (json === undefined) return refuse('invalid', ['The answer is no JSON object.'])
  const parsed = form.safeParse(json)
  const flaws = parsed.success
    ? flawsOf(parsed.data)
    : parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the object'}: ${issue.message}`)
  return parsed.success && flaws.length === 0 ? succeed(parsed.data) : refuse('invalid', flaws.slice(0, FLAWS_TOLD))
}

function flawsOf(exercise: Exercise, level: CefrLevel): string[] {
  const { items } = exercise
  return [
    ...(exercise.level === level && items.every((item) => item.level === level)
      ? []
      : [`The exercise and every item must be of level ${level}.`]),
    ...(items.filter(({ kind }) => kind === 'writing').length > WRITINGS_MAX ? ['There is more than one text to write.'] : []),
    ...items.filter(({ explanation }) => !isSpanish(explanation)).map(({ id }) => `${id}: the explanation must be Spanish.`),
  ]
}

/** Models like to put their answer into a block of code. */
function parseJson(text: string): unknown {
  const bare = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text
  try {
    return JSON.parse(bare)
  } catch {
    return undefined
  }
}
