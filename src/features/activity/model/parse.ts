import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { type CefrLevel, Exercise } from '../exercise.ts'

const CHARACTERS_MAX = 60_000
const FLAWS_TOLD = 8
const WRITINGS_MAX = 1
/** Words that hardly any Spanish sentence does without, and no English one has. */
const SPANISH = /[áéíóúñ¿¡]|\b(el|la|los|las|un|una|de|del|que|en|con|se|es|para|por|al|no|y|o|como|sin|va|te)\b/i

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
    ...items.filter(({ explanation }) => !SPANISH.test(explanation)).map(({ id }) => `${id}: the explanation must be Spanish.`),
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
