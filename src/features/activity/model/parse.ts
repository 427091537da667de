import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { type CefrLevel, Exercise } from '../exercise.ts'

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
  if (text.length > CHARACTERS_MAX) return refuse('invalid', ['The answer is too long.'])
  const json = parseJson(text)
  if (json === undefined) return refuse('invalid', ['The answer is no JSON object.'])
  const parsed = Exercise.safeParse(json)
  if (!parsed.success) {
    const flaws = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the object'}: ${issue.message}`)
    return refuse('invalid', flaws.slice(0, FLAWS_TOLD))
  }
  const flaws = flawsOf(parsed.data, level)
  return flaws.length > 0 ? refuse('invalid', flaws.slice(0, FLAWS_TOLD)) : succeed(parsed.data)
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
