import type { z } from 'zod'
import type { Outcome } from '../../kernel/outcome.ts'

/** `refused`: it will not. `rate-limited`, `unavailable`: perhaps later. */
export type ModelFailure = 'refused' | 'rate-limited' | 'unavailable'

export interface ModelText {
  text: string
  tokensIn: number
  tokensOut: number
}

/** A language model somewhere else. What it writes proves nothing: whoever asks parses it. */
export interface ExerciseModel {
  readonly name: string
  /**
   * Asks once, never longer than a set time. `instructions` are ours; `prompt` may quote what people typed; `form` is what the service is told
   * that the answer must look like.
   */
  write(request: {
    instructions: string
    prompt: string
    form: z.ZodType
  }): Promise<Outcome<ModelText, ModelFailure, { retryAfterMs: number }>>
}
