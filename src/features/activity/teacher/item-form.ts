import { Item } from '../exercise.ts'
import { FIELD_FLAW, ITEM_FLAW } from './text.es.ts'

/** The fields of each kind of item in a form, in their order. Lists have one entry on each line. */
const FIELDS = {
  choice: ['prompt', 'options', 'answer'],
  gap: ['prompt', 'answers', 'bank'],
  reorder: ['words', 'answers'],
  match: ['prompt', 'pairs'],
  correct: ['sentence', 'answers'],
  writing: ['prompt', 'wordsMin', 'wordsMax', 'rubric', 'sample'],
} as const satisfies Record<Item['kind'], readonly string[]>

export const ITEM_KINDS = ['choice', 'gap', 'reorder', 'match', 'correct', 'writing'] as const satisfies readonly Item['kind'][]

const COMMON = ['instruction', 'explanation', 'difficulty'] as const

export type ItemField = (typeof FIELDS)[Item['kind']][number] | (typeof COMMON)[number]
export type ItemFields = Readonly<Partial<Record<ItemField, string>>>
export type ItemErrors = Readonly<Partial<Record<ItemField, string>>>

/** Between two ways of writing an answer, and between the two sides of a pair. */
const VARIANT = ' / '
const PAIR = ' = '

export function fieldsOf(kind: Item['kind']): readonly ItemField[] {
  return ['instruction', ...FIELDS[kind], 'explanation', 'difficulty']
}

/** An item as text for a form. */
export function formOf(item: Item): ItemFields {
  const { instruction, explanation, difficulty } = item
  const common = { instruction, explanation, difficulty }
  switch (item.kind) {
    case 'choice':
      return { ...common, prompt: item.prompt, options: item.options.join('\n'), answer: String(item.answer + 1) }
    case 'gap': {
      const answers = item.answers.map((variants) => variants.join(VARIANT)).join('\n')
      return { ...common, prompt: item.prompt, answers, bank: item.bank?.join('\n') ?? '' }
    }
    case 'reorder':
      return { ...common, words: item.words.join('\n'), answers: item.answers.join('\n') }
    case 'match':
      return { ...common, prompt: item.prompt, pairs: item.pairs.map(({ left, right }) => left + PAIR + right).join('\n') }
    case 'correct':
      return { ...common, sentence: item.sentence, answers: item.answers.join('\n') }
    case 'writing': {
      const { prompt, wordsMin, wordsMax, rubric, sample } = item
      return { ...common, prompt, wordsMin: String(wordsMin), wordsMax: String(wordsMax), rubric: rubric.join('\n'), sample }
    }
  }
}

/** The item that a form describes, of the same kind, topic and level as before; or what is wrong with which field. */
export function itemOfForm(
  before: Pick<Item, 'id' | 'topic' | 'level' | 'kind'>,
  form: ItemFields,
): { ok: true; item: Item } | { ok: false; errors: ItemErrors } {
  const { id, topic, level, kind } = before
  const { instruction, explanation, difficulty } = form
  const parsed = Item.safeParse({ id, topic, level, kind, instruction, explanation, difficulty, ...ownFields(kind, form) })
  if (parsed.success) return { ok: true, item: parsed.data }
  const errors: Partial<Record<ItemField, string>> = {}
  for (const issue of parsed.error.issues) {
    const [name] = issue.path
    const field = fieldsOf(kind).find((each) => each === name) ?? FLAW_FIELD[kind]
    errors[field] ??= ITEM_FLAW[issue.message] ?? sizeFlaw(issue.code)
  }
  return { ok: false, errors }
}

/** Where what is wrong with an item as a whole is said. */
const FLAW_FIELD: Record<Item['kind'], ItemField> = {
  choice: 'answer',
  gap: 'answers',
  reorder: 'words',
  match: 'pairs',
  correct: 'answers',
  writing: 'wordsMax',
}

function ownFields(kind: Item['kind'], form: ItemFields): Record<string, unknown> {
  const { prompt = '' } = form
  switch (kind) {
    case 'choice':
      return { prompt, options: lines(form.options), answer: whole(form.answer) - 1 }
    case 'gap': {
      const bank = lines(form.bank)
      return { prompt, answers: lines(form.answers).map((line) => line.split(VARIANT)), ...(bank.length === 0 ? {} : { bank }) }
    }
    case 'reorder':
      return { words: lines(form.words), answers: lines(form.answers) }
    case 'match':
      return { prompt, pairs: lines(form.pairs).map(pairOf) }
    case 'correct':
      return { sentence: form.sentence ?? '', answers: lines(form.answers) }
    case 'writing':
      return {
        prompt,
        wordsMin: whole(form.wordsMin),
        wordsMax: whole(form.wordsMax),
        rubric: lines(form.rubric),
        sample: form.sample ?? '',
      }
  }
}

function sizeFlaw(code: string): string {
  if (code === 'too_small') return FIELD_FLAW.short
  return code === 'too_big' ? FIELD_FLAW.long : FIELD_FLAW.other
}

function lines(text = ''): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function pairOf(line: string): { left: string; right: string } {
  const at = line.indexOf(PAIR)
  return at < 0 ? { left: line, right: '' } : { left: line.slice(0, at), right: line.slice(at + PAIR.length) }
}

function whole(text = ''): number {
  return /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : Number.NaN
}
