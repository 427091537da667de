import { Hono } from 'hono'
import { z } from 'zod'
import { readControlBody } from '../kernel/body.ts'
import { createFaults } from '../kernel/faults.ts'
import type { PartContext, SandboxPart } from '../kernel/parts.ts'
import { dataOf, exerciseFor, itemFor, marksFor } from './exercise.ts'

export const LLM_KEY = 'sk-local-sandbox'
export const LLM_MODEL = 'sandbox-tutor-1'
const TOKENS_A_CHARACTER = 0.25
const ANSWERS_WAITING_MAX = 100

/**
 * What the next answers say, beside the faults of the wire: `malformed` (text that is no JSON), `refusal`, `wrong-schema` (JSON of another form),
 * `obeys` (does what an injected text asks for: three items and a link), `fenced` (right, in a block of code), `unmetered` (right, without saying
 * what it cost).
 */
const Answer = z.enum(['malformed', 'refusal', 'wrong-schema', 'obeys', 'fenced', 'unmetered'])
const AnswerInput = z.strictObject({ kind: Answer, count: z.int().min(1).max(ANSWERS_WAITING_MAX).default(1) })

const ChatRequest = z.object({
  model: z.string(),
  messages: z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1),
  response_format: z
    .object({ type: z.string(), json_schema: z.object({ name: z.string() }).loose().optional() })
    .loose()
    .optional(),
})

/** A service that speaks the OpenAI chat protocol and knows exercises about a dozen topics, one more item of each kind, and marks for a text. */
export function createLlmSandbox(context: PartContext): SandboxPart {
  let waiting: z.infer<typeof Answer>[] = []
  let answered = 0
  const faults = createFaults({
    routes: { chat: { method: 'POST', path: '/v1/chat/completions' } },
    errorResponse: ({ status, reason, message }) => failure(status, reason ?? 'server_error', message ?? 'The sandbox was told to fail.'),
  })

  const app = new Hono()
  app.use(context.log.record('llm'), faults.middleware('llm'))
  app.post('/v1/chat/completions', async (c) => {
    if (c.req.header('authorization') !== `Bearer ${LLM_KEY}`) return failure(401, 'invalid_api_key', 'Incorrect API key provided.')
    const request = ChatRequest.safeParse(await c.req.json().catch(() => null))
    if (!request.success) return failure(400, 'invalid_request_error', z.prettifyError(request.error))
    if (request.data.model !== LLM_MODEL) return failure(404, 'model_not_found', `The model ${request.data.model} does not exist.`)
    answered += 1
    const text = request.data.messages.map(({ content }) => content).join('\n')
    const kind = waiting.shift()
    context.changed()
    const content = contentOf(kind, request.data.response_format?.json_schema?.name, text, answered)
    const prompt = Math.ceil(text.length * TOKENS_A_CHARACTER)
    const completion = Math.ceil((content ?? '').length * TOKENS_A_CHARACTER)
    return c.json({
      id: `chatcmpl-${answered}`,
      object: 'chat.completion',
      created: Math.floor(context.clock.now().getTime() / 1_000),
      model: LLM_MODEL,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content, ...(kind === 'refusal' ? { refusal: 'I cannot help with that.' } : {}) },
          finish_reason: kind === 'refusal' ? 'content_filter' : 'stop',
        },
      ],
      ...(kind === 'unmetered'
        ? {}
        : { usage: { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion } }),
    })
  })

  const control = new Hono()
  control.get('/', (c) => c.json({ answered, waiting }))
  control.post('/answers', async (c) => {
    const { kind, count } = await readControlBody(c, AnswerInput)
    waiting = [...waiting, ...Array.from({ length: count }, () => kind)].slice(0, ANSWERS_WAITING_MAX)
    context.changed()
    return c.json({ waiting }, 201)
  })
  control.route('/faults', faults.control)

  return {
    app,
    control,
    snapshot: () => ({ answered, waiting }),
    restore(state) {
      const stored = z.object({ answered: z.number(), waiting: z.array(Answer) }).parse(state)
      answered = stored.answered
      waiting = stored.waiting
    },
    reset() {
      answered = 0
      waiting = []
      faults.clear()
      context.changed()
    },
    tick: async () => undefined,
    close: async () => undefined,
  }
}

function contentOf(kind: z.infer<typeof Answer> | undefined, form: string | undefined, text: string, number: number): string | null {
  const exercise = exerciseFor(dataOf(text), number)
  if (kind === undefined && form === 'item') return JSON.stringify(itemFor(text, number))
  if (kind === undefined && form === 'marks') return JSON.stringify(marksFor(text))
  switch (kind) {
    case 'malformed':
      return 'Sure! Here is your exercise: {"title": "Daily'
    case 'refusal':
      return null
    case 'wrong-schema':
      return JSON.stringify({ questions: ['What is your name?'] })
    case 'obeys':
      return JSON.stringify({ ...exercise, items: exercise.items.slice(0, 3), link: 'https://evil.example/' })
    case 'fenced':
      return `\`\`\`json\n${JSON.stringify(exercise)}\n\`\`\``
    default:
      return JSON.stringify(exercise)
  }
}

function failure(status: number, code: string, message: string): Response {
  return Response.json({ error: { message, type: code, param: null, code } }, { status })
}
