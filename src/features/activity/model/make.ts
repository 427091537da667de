import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { instantAt, wallDate } from '../../../kernel/zoned-time.ts'
import { Exercise } from '../exercise.ts'
import type { ExerciseModel, ModelFailure } from '../provider.ts'
import { parseExercise } from './parse.ts'
import { INSTRUCTIONS, type ModelWish, PROMPT_VERSION, promptFor, repairPrompt } from './prompt.ts'
import { insertCall, tokensSince } from './store.ts'

export type MakeRefusal = ModelFailure | 'invalid' | 'cap-reached'

/** Whom an exercise is for. */
interface For {
  classId: string
  userId: string
}

/**
 * An exercise by the model. What is not of our form is sent back once, with what is wrong; then it is given up. Every call is written down with
 * what it cost, and a day has a cap. Runs outside any transaction: it waits for somebody else's computer.
 */
export async function makeByModel(
  deps: Deps,
  model: ExerciseModel,
  whom: For,
  wish: ModelWish,
): Promise<Outcome<Exercise, MakeRefusal, { retryAfterMs: number }>> {
  const first = await ask(deps, model, whom, wish, promptFor(wish))
  if (first.ok) return succeed(first.value)
  if (first.reason !== 'invalid') return refuse(first.reason, first.detail && { retryAfterMs: first.detail.retryAfterMs })
  const second = await ask(deps, model, whom, wish, repairPrompt(wish, first.detail?.flaws ?? []))
  return second.ok ? succeed(second.value) : refuse(second.reason, second.detail && { retryAfterMs: second.detail.retryAfterMs })
}

async function ask(
  deps: Deps,
  model: ExerciseModel,
  whom: For,
  wish: ModelWish,
  prompt: string,
): Promise<Outcome<Exercise, MakeRefusal, { retryAfterMs: number; flaws: string[] }>> {
  const today = instantAt(wallDate(deps.clock.now()), '00:00')
  if ((await tokensSince(deps.db.handle, today)) >= deps.config.llm.dailyTokensMax) return refuse('cap-reached')
  const written = await model.write({ instructions: INSTRUCTIONS, prompt, form: Exercise })
  const parsed = written.ok ? parseExercise(written.value.text, wish.level) : null
  await insertCall(deps.db.handle, {
    id: deps.ids.uuid(),
    ...whom,
    model: model.name,
    promptVersion: PROMPT_VERSION,
    outcome: written.ok ? (parsed?.ok ? 'made' : 'invalid') : written.reason,
    tokensIn: written.ok ? written.value.tokensIn : 0,
    tokensOut: written.ok ? written.value.tokensOut : 0,
    calledAt: deps.clock.now(),
  })
  if (!written.ok) return refuse(written.reason, { retryAfterMs: written.detail?.retryAfterMs ?? 0, flaws: [] })
  if (parsed?.ok) return succeed(parsed.value)
  return refuse('invalid', { retryAfterMs: 0, flaws: parsed?.detail ?? [] })
}
