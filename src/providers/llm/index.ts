import type { ExerciseModel, ModelFailure } from '../../features/activity/provider.ts'
import type { Log } from '../../kernel/log.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { withDeadline } from '../deadline.ts'

export interface ModelOptions {
  /** Of any service that speaks the OpenAI chat protocol, with its version: "https://…/v1". */
  baseUrl: string
  apiKey: string
  model: string
  log: Log
  /** For a whole answer; 45 s unless told: a model writes for a while. */
  deadlineMs?: number
}

const TOKENS_OUT_MAX = 8_000

/** Loaded when the first exercise is asked for: most processes never ask. */
const loadSdk = async () => ({ ai: await import('ai'), ...(await import('@ai-sdk/openai-compatible')) })

/** A language model behind an OpenAI-compatible address, told which form to answer in. */
export function createExerciseModel({ baseUrl, apiKey, model, log, deadlineMs = 45_000 }: ModelOptions): ExerciseModel {
  return {
    name: model,
    async write({ purpose, instructions, prompt, form }) {
      const { ai, createOpenAICompatible } = await loadSdk()
      const provider = createOpenAICompatible({
        name: 'llm',
        baseURL: baseUrl,
        apiKey,
        supportsStructuredOutputs: true,
        // Nobody sends us, or the key, elsewhere.
        fetch: (url, init) => fetch(url, { ...init, redirect: 'error' }),
      })
      try {
        const answer = await withDeadline(
          deadlineMs,
          ai.generateText({
            model: provider(model),
            instructions,
            prompt,
            output: ai.Output.object({ schema: form, name: purpose }),
            maxOutputTokens: TOKENS_OUT_MAX,
            maxRetries: 0,
            abortSignal: AbortSignal.timeout(deadlineMs),
          }),
        )
        return succeed({ text: answer.text, ...tokensOf(answer.usage) })
      } catch (error) {
        // Of another form than asked for: whoever asked says what is wrong with it.
        if (ai.NoObjectGeneratedError.isInstance(error) && error.text !== undefined && error.finishReason !== 'content-filter')
          return succeed({ text: error.text, ...tokensOf(error.usage) })
        const failure = failureOf(ai, error)
        log.warn({ purpose, reason: failure.reason, status: failure.status }, 'the model gave no answer')
        return refuse(failure.reason, { retryAfterMs: failure.retryAfterMs })
      }
    },
  }
}

function tokensOf(usage: { inputTokens: number | undefined; outputTokens: number | undefined } | undefined) {
  // Nothing is answered for no token at all: 0 is as good as silence.
  return { tokensIn: usage?.inputTokens || null, tokensOut: usage?.outputTokens || null }
}

function failureOf(ai: typeof import('ai'), error: unknown): { reason: ModelFailure; status: number | null; retryAfterMs: number } {
  if (ai.NoObjectGeneratedError.isInstance(error)) return { reason: 'refused', status: null, retryAfterMs: 0 }
  if (!ai.APICallError.isInstance(error)) return { reason: 'unavailable', status: null, retryAfterMs: 0 }
  const status = error.statusCode ?? null
  const seconds = Number(error.responseHeaders?.['retry-after'])
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : 0
  if (status === 429) return { reason: 'rate-limited', status, retryAfterMs }
  const isOurs = status !== null && status >= 400 && status < 500 && status !== 408
  return { reason: isOurs ? 'refused' : 'unavailable', status, retryAfterMs }
}
