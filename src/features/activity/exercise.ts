import { z } from 'zod'

/**
 * The form of every exercise, whoever makes it: the bank, a model or the teacher. What comes from outside is parsed with `Exercise`; inside,
 * the type is the proof that each item can be shown, answered and graded. Instructions and explanations are Spanish, the content is English.
 */

/** Levels of the Common European Framework. */
export const CEFR_LEVELS = ['A1', 'A2', 'B1', 'B2', 'C1'] as const
export type CefrLevel = (typeof CEFR_LEVELS)[number]

/** Easiest first; shown as Básico, Intermedio, Avanzado (behaviour 3.1). */
export const DIFFICULTIES = ['easy', 'medium', 'hard'] as const

export const ITEMS_MIN = 8
export const ITEMS_MAX = 12

/** Where an answer goes in the text of an item: three or more underscores (behaviour 4.22). */
const GAP = /_{3,}/g

const line = (max: number) => z.string().trim().min(1).max(max)
const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
/** "verb-to-be", "present-perfect", "at-the-restaurant". */
export const Topic = id

/** Of what the teacher adds, which may be about anything: it counts for no topic. */
export const OWN_TOPIC = 'propios'

/** Every way of writing an answer that counts as right; the first is the one that is shown. */
const accepted = z.array(line(300)).min(1).max(12)

const common = {
  id,
  topic: Topic,
  level: z.enum(CEFR_LEVELS),
  difficulty: z.enum(DIFFICULTIES),
  /** What to do, in Spanish. */
  instruction: line(200),
  /** Why the answer is right, in Spanish; shown after the submission. */
  explanation: line(500),
}

const Choice = z.object({
  ...common,
  kind: z.literal('choice'),
  prompt: line(400),
  options: z.array(line(160)).min(3).max(5),
  /** Index into `options`. */
  answer: z.number().int().min(0),
})

const Gap = z.object({
  ...common,
  kind: z.literal('gap'),
  /** With one gap of underscores for each list in `answers`. */
  prompt: line(500),
  answers: z.array(accepted).min(1).max(6),
  /** Words to choose from, where the item offers them. */
  bank: z.array(line(40)).min(2).max(12).optional(),
})

const Reorder = z.object({
  ...common,
  kind: z.literal('reorder'),
  /** As shown: out of order. */
  words: z.array(line(40)).min(3).max(14),
  /** Whole sentences. */
  answers: accepted,
})

const Match = z.object({
  ...common,
  kind: z.literal('match'),
  prompt: line(300),
  pairs: z
    .array(z.object({ left: line(120), right: line(160) }))
    .min(3)
    .max(6),
})

const Correct = z.object({
  ...common,
  kind: z.literal('correct'),
  /** The sentence with its mistake. */
  sentence: line(300),
  /** Whole sentences. */
  answers: accepted,
})

const Writing = z.object({
  ...common,
  kind: z.literal('writing'),
  prompt: line(400),
  wordsMin: z.number().int().min(5).max(200),
  wordsMax: z.number().int().min(10).max(250),
  /** What a good text does, in Spanish: each is worth the same. */
  rubric: z.array(line(200)).min(2).max(5),
  /** A good text, shown after the submission. */
  sample: line(1_500),
})

export const Item = z.discriminatedUnion('kind', [Choice, Gap, Reorder, Match, Correct, Writing]).superRefine((item, context) => {
  for (const message of flawsOf(item)) context.addIssue({ code: 'custom', message })
})

export const Exercise = z
  .object({
    title: line(120),
    level: z.enum(CEFR_LEVELS),
    difficulty: z.enum(DIFFICULTIES),
    /** A short text or dialogue that some items ask about. */
    reading: z.object({ kind: z.enum(['text', 'dialogue']), title: line(120), body: line(2_500) }).nullable(),
    items: z.array(Item).min(ITEMS_MIN).max(ITEMS_MAX),
  })
  .superRefine(({ items }, context) => {
    if (new Set(items.map((item) => item.id)).size !== items.length) context.addIssue({ code: 'custom', message: 'two items share an id' })
  })

export type Item = z.infer<typeof Item>
export type ItemKind = Item['kind']
export type Exercise = z.infer<typeof Exercise>

/** How many gaps a prompt has. */
function gapsIn(prompt: string): number {
  return prompt.match(GAP)?.length ?? 0
}

/** What a well-formed item can still get wrong about itself: an answer that cannot be given, or that gives itself away. */
function flawsOf(item: z.infer<typeof Choice | typeof Gap | typeof Reorder | typeof Match | typeof Correct | typeof Writing>): string[] {
  switch (item.kind) {
    case 'choice':
      return [
        ...when(item.answer >= item.options.length, 'the answer is none of the options'),
        ...when(hasDoubles(item.options), 'two options are the same'),
      ]
    case 'gap':
      return [
        ...when(gapsIn(item.prompt) !== item.answers.length, 'gaps and answers differ in number'),
        ...when(
          item.bank !== undefined && !item.answers.every((variants) => variants.some((variant) => item.bank?.includes(variant))),
          'an answer is not among the words to choose from',
        ),
      ]
    case 'reorder':
      return [
        ...when(!item.answers.some((answer) => sameWords(answer, item.words)), 'the words do not make the answer'),
        ...when(
          item.answers.some((answer) => plain(answer) === plain(item.words.join(' '))),
          'the words are already in order',
        ),
      ]
    case 'match':
      return when(hasDoubles(item.pairs.map(({ left }) => left)) || hasDoubles(item.pairs.map(({ right }) => right)), 'a pair is ambiguous')
    case 'correct':
      return when(
        item.answers.some((answer) => plain(answer) === plain(item.sentence)),
        'the sentence has no mistake',
      )
    case 'writing':
      return when(item.wordsMax < item.wordsMin, 'fewer words at most than at least')
  }
}

function when(flawed: boolean, message: string): string[] {
  return flawed ? [message] : []
}

function hasDoubles(texts: readonly string[]): boolean {
  return new Set(texts.map(plain)).size !== texts.length
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[.,!?;:]/g, '')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Whether the pieces, in some order, are exactly the words of the sentence. */
function sameWords(sentence: string, pieces: readonly string[]): boolean {
  const sorted = (text: string) => plain(text).split(' ').sort().join(' ')
  return sorted(sentence) === sorted(pieces.join(' '))
}
