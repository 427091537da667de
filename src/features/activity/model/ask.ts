import type { z } from 'zod'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { instantAt, wallDate } from '../../../kernel/zoned-time.ts'
import type { ExerciseModel, ModelFailure, ModelPurpose } from '../provider.ts'
import { PROMPT_VERSION } from './prompt.ts'
import { insertCall, tokensSince } from './store.ts'

const CHARACTERS_A_TOKEN = 3

export type ModelRefusal = ModelFailure | 'invalid' | 'cap-reached'

/** One thing to be asked for, and how its answer is read. */
export interface Question<T> {
  purpose: ModelPurpose
  instructions: string
  prompt: string
  form: z.ZodType
  /** What is not of our form comes back as a list of what is wrong with it, for the model to mend. */
  parse: (text: string) => Outcome<T, 'invalid', string[]>
  /** How often an answer may be sent back. */
  mendings: 0 | 1
}

/** Whom it is for: costs are written down by class and person. */
export interface For {
  classId: string
  userId: string
}

/**
 * Asks a model. Every call is written down with what it cost, and a day has a cap for all of them together. Runs outside any transaction: it
 * waits for somebody else's computer.
 */
export async function askModel<T>(
  deps: Deps,
  model: ExerciseModel,
  whom: For,
  question: Question<T>,
): Promise<Outcome<T, ModelRefusal, { retryAfterMs: number }>> {
  const first = await askOnce(deps, model, whom, question)
  if (first.ok) return succeed(first.value)
  if (first.reason !== 'invalid' || question.mendings === 0) return refuse(first.reason, first.detail)
  const prompt = mendingPrompt(question.prompt, first.detail?.flaws ?? [])
  const second = await askOnce(deps, model, whom, { ...question, prompt })
  return second.ok ? succeed(second.value) : refuse(second.reason, second.detail)
}

async function askOnce<T>(
  deps: Deps,
  model: ExerciseModel,
  whom: For,
  { purpose, instructions, prompt, form, parse }: Question<T>,
): Promise<Outcome<T, ModelRefusal, { retryAfterMs: number; flaws: string[] }>> {
  const today = instantAt(wallDate(deps.clock.now()), '00:00')
  if ((await tokensSince(deps.db.handle, today)) >= deps.config.llm.dailyTokensMax) return refuse('cap-reached')
  const written = await model.write({ purpose, instructions, prompt, form })
  const parsed = written.ok ? parse(written.value.text) : null
  await insertCall(deps.db.handle, {
    id: deps.ids.uuid(),
    ...whom,
    purpose,
    model: model.name,
    promptVersion: PROMPT_VERSION,
    outcome: written.ok ? (parsed?.ok ? 'made' : 'invalid') : written.reason,
    ...tokensOf(written, instructions + prompt),
    calledAt: deps.clock.now(),
  })
  if (!written.ok) return refuse(written.reason, { retryAfterMs: written.detail?.retryAfterMs ?? 0, flaws: [] })
  if (parsed?.ok) return succeed(parsed.value)
  return refuse('invalid', { retryAfterMs: 0, flaws: parsed?.detail ?? [] })
}

/**
 * What a call counts for. Where the service does not say, as with one that broke off, it is estimated from what was sent and what came back:
 * the cap of a day must hold there, too. A service that turned us away at its door read nothing.
 */
function tokensOf(written: Awaited<ReturnType<ExerciseModel['write']>>, sent: string): { tokensIn: number; tokensOut: number } {
  if (!written.ok) return { tokensIn: written.reason === 'rate-limited' ? 0 : estimatedTokens(sent), tokensOut: 0 }
  const { text, tokensIn, tokensOut } = written.value
  return { tokensIn: tokensIn ?? estimatedTokens(sent), tokensOut: tokensOut ?? estimatedTokens(text) }
}

/** Rather too many than too few: English has four characters a token, Spanish and JSON fewer. */
function estimatedTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_A_TOKEN)
}

/** The same request again, with what was wrong with the answer. */
export function mendingPrompt(prompt: string, flaws: readonly string[]): string {
  return `${prompt}\n\nYour last answer was not of the right form:\n${flaws.map((flaw) => `- ${flaw}`).join('\n')}\nWrite the whole object again, without these mistakes.`
}
