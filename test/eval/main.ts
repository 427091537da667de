import { startSandbox } from '../../sandbox/index.ts'
import { BANK } from '../../src/features/activity/bank/index.ts'
import { selectExercise } from '../../src/features/activity/bank/select.ts'
import { mendingPrompt } from '../../src/features/activity/model/ask.ts'
import { exerciseQuestion } from '../../src/features/activity/model/questions.ts'
import type { ExerciseModel } from '../../src/features/activity/provider.ts'
import { createLog } from '../../src/kernel/log.ts'
import { createExerciseModel } from '../../src/providers/llm/index.ts'
import { checkExercise, type Flaws } from './checks.ts'
import { EVALUATION_SET } from './set.ts'

/**
 * How good the exercises are, as far as rules can tell (docs/activities.md): the bank always, and the model that `LLM_BASE_URL`, `LLM_API_KEY` and
 * `LLM_MODEL` name, or with `--sandbox` the sandbox's, which shows that the measuring works and nothing about any model. Prints a table and
 * what was wrong; fails when the bank has a flaw of form or key.
 */
const FLAWS_SHOWN = 20
/** The same person asks so often; what comes again is counted. */
const ROUNDS = 3
/** A model that gave nothing so often in a row will give nothing. */
const SILENCES_MAX = 5

interface Row {
  name: string
  exercises: number
  flaws: Flaws[]
  /** Share of items that the same person was given before. */
  repeated: number | null
  repaired: number | null
}

function evaluateBank(): Row {
  let seed = 1
  const draw = (below: number) => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const flaws: Flaws[] = []
  let items = 0
  let repeated = 0
  for (const asked of EVALUATION_SET) {
    const given = new Map<string, number>()
    for (let round = 0; round < ROUNDS; round++) {
      const exercise = selectExercise(BANK, { objective: asked.objective, level: asked.level, given, weakTopics: [], draw })
      flaws.push(checkExercise(exercise, asked))
      for (const { id } of exercise.items) {
        items += 1
        if (given.has(id)) repeated += 1
        given.set(id, (given.get(id) ?? 0) + 1)
      }
    }
  }
  return { name: 'bank', exercises: flaws.length, flaws, repeated: repeated / items, repaired: null }
}

async function evaluateModel(model: ExerciseModel): Promise<Row> {
  const flaws: Flaws[] = []
  let repaired = 0
  for (const asked of EVALUATION_SET) {
    const wish = { classType: 'individual', weakTopics: [], notes: null, transcript: null } as const
    const question = exerciseQuestion({ ...wish, level: asked.level, objective: asked.objective })
    let parsed = question.parse(await written(model, question))
    if (!parsed.ok) {
      repaired += 1
      const prompt = mendingPrompt(question.prompt, parsed.detail ?? [])
      parsed = question.parse(await written(model, { ...question, prompt }))
    }
    flaws.push(checkExercise(parsed.ok ? parsed.value : null, asked))
  }
  return { name: model.name, exercises: flaws.length, flaws, repeated: null, repaired: repaired / flaws.length }
}

let silences = 0

async function written(model: ExerciseModel, question: Parameters<ExerciseModel['write']>[0]): Promise<string> {
  const answer = await model.write(question)
  silences = answer.ok ? 0 : silences + 1
  if (silences === SILENCES_MAX) throw new Error(`${model.name} gives no answer: ${answer.ok ? '' : answer.reason}`)
  return answer.ok ? answer.value.text : ''
}

function table(rows: readonly Row[]): string {
  const head = ['', 'exercises', 'schema', 'keys', 'level', 'topic', 'duplicates', 'Spanish', 'seen before', 'mended']
  const lines = rows.map(({ name, exercises, flaws, repeated, repaired }) => {
    const good = (part: keyof Flaws) => percent(flaws.filter((each) => each[part].length === 0).length / exercises)
    const parts = (['schema', 'keys', 'level', 'topic', 'duplicates', 'spanish'] as const).map(good)
    return [name, String(exercises), ...parts, repeated === null ? '-' : percent(repeated), repaired === null ? '-' : percent(repaired)]
  })
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}

/** The model to be measured, if any, with how to let go of it. */
async function modelOf(env: NodeJS.ProcessEnv): Promise<{ model: ExerciseModel | null; close: () => Promise<void> }> {
  const sandbox = process.argv.includes('--sandbox')
    ? await startSandbox({ ports: { hub: 0, google: 0, mercadoPago: 0, smtp: 0, llm: 0 }, redirectUris: [], appUrl: 'http://localhost' })
    : null
  const { LLM_BASE_URL, LLM_API_KEY, LLM_MODEL } = sandbox?.settings ?? env
  const isNamed = LLM_BASE_URL && LLM_API_KEY && LLM_MODEL
  const log = createLog('warn')
  return {
    model: isNamed ? createExerciseModel({ baseUrl: LLM_BASE_URL.replace(/\/+$/, ''), apiKey: LLM_API_KEY, model: LLM_MODEL, log }) : null,
    close: async () => sandbox?.close(),
  }
}

const { model, close } = await modelOf(process.env)
const rows = [evaluateBank(), ...(model ? [await evaluateModel(model)] : [])]
await close()
process.stdout.write(`${table(rows)}\n`)
for (const { name, flaws } of rows) {
  const found = flaws.flatMap((each) =>
    Object.entries(each).flatMap(([part, texts]) => (texts as string[]).map((text) => `${name}, ${part}: ${text}`)),
  )
  for (const line of [...new Set(found)].slice(0, FLAWS_SHOWN)) process.stdout.write(`${line}\n`)
}
const [bank] = rows
if (bank?.flaws.some(({ schema, keys }) => schema.length + keys.length > 0)) process.exitCode = 1
