import type { z } from 'zod'
import type { Outcome } from '../../kernel/outcome.ts'

/** `refused`: it will not. `rate-limited`, `unavailable`: perhaps later. */
export type ModelFailure = 'refused' | 'rate-limited' | 'unavailable'

export interface ModelText {
  text: string
  /** Null: the service did not say. */
  tokensIn: number | null
  tokensOut: number | null
}

/** What a model is asked for; the name that the service is told for the form of the answer. */
export type ModelPurpose = 'exercise' | 'item' | 'marks'

/** A language model somewhere else. What it writes proves nothing: whoever asks parses it. */
export interface ExerciseModel {
  readonly name: string
  /**
   * Asks once, never longer than a set time. `instructions` are ours; `prompt` may quote what people typed; `form` is what the service is told
   * that the answer must look like.
   */
  write(request: {
    purpose: ModelPurpose
    instructions: string
    prompt: string
    form: z.ZodType
  }): Promise<Outcome<ModelText, ModelFailure, { retryAfterMs: number }>>
}
