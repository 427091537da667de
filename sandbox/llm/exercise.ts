import { z } from 'zod'
import { SMALL_TALK, TOPICS, type Topic } from './topics.ts'

/** What the request says between its markers. */
const Data = z.object({
  level: z.enum(['A1', 'A2', 'B1', 'B2', 'C1']).catch('A1'),
  objective: z.string().catch(''),
  weakTopics: z.array(z.string()).catch([]),
  errorsHeard: z.string().catch(''),
  kind: z.string().catch('choice'),
  topic: z.string().catch(''),
  rubric: z.array(z.string()).catch([]),
})
type Data = z.infer<typeof Data>

export function dataOf(request: string): Data {
  const told = /<data>\n(.*)\n<\/data>/.exec(request)?.[1] ?? '{}'
  try {
    return Data.parse(JSON.parse(told))
  } catch {
    return Data.parse({})
  }
}

/** What is to be practised: what the objective names, what the teacher heard, what the student is weak in, or anything. */
function topicOf({ objective, errorsHeard, weakTopics, topic }: Data): Topic {
  const wanted = [objective, errorsHeard].map((text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase())
  return (
    TOPICS.find((each) => each.topic === topic) ??
    wanted.map((text) => TOPICS.find(({ named }) => named.test(text))).find(Boolean) ??
    TOPICS.find((each) => weakTopics.includes(each.topic)) ??
    SMALL_TALK
  )
}

/** An exercise as a model would write it, about what was asked for. Another number gives its sentences other parts to play. */
export function exerciseFor(data: Pick<Data, 'level' | 'objective'>, number: number) {
  const topic = topicOf({ ...Data.parse({}), ...data })
  return {
    title: `${topic.title} (${number})`,
    level: data.level,
    difficulty: 'medium',
    reading: { kind: 'dialogue', title: topic.title, body: topic.dialogue },
    items: itemsOf(topic, data.level, number),
  }
}

/** Another item of the kind that the request replaces. */
export function itemFor(request: string, number: number) {
  const data = dataOf(request)
  const items = itemsOf(topicOf(data), data.level, number)
  const item = items.find((each) => each.kind === data.kind) ?? items[0]
  return { item: item && 'prompt' in item ? { ...item, prompt: `${item.prompt} (${number})` } : item }
}

/** Marks that do not depend on the text: the first point of the rubric is there, the others in part. */
export function marksFor(request: string) {
  const points = dataOf(request).rubric.map((_, index) => (index === 0 ? 1 : 0.5))
  return { points, comment: 'Muy claro. Revisá los tiempos verbales.' }
}

function itemsOf(topic: Topic, level: string, number: number) {
  const common = (id: string, difficulty: 'easy' | 'medium' | 'hard', instruction: string, explanation: string) => ({
    id: `m${number}-${id}`,
    topic: topic.topic,
    level,
    difficulty,
    instruction,
    explanation,
  })
  const sentences = topic.sentences.map((_, index) => partsOf(topic.sentences[(index + number) % topic.sentences.length] ?? ''))
  const [first, second, third, fourth, fifth, sixth] = sentences as [Parts, Parts, Parts, Parts, Parts, Parts]
  const why = ({ gap }: Parts) => `La forma que corresponde es «${gap}».`
  const { question, pairs, write } = topic
  return [
    {
      ...common('read', 'easy', 'Elegí la respuesta correcta.', 'Lo dice el diálogo.'),
      ...{ kind: 'choice', prompt: question.prompt, options: question.options, answer: 0 },
    },
    ...[first, second].map((parts, index) => ({
      ...common(`choose-${index}`, 'easy', 'Elegí la respuesta correcta.', why(parts)),
      ...{ kind: 'choice', prompt: parts.with('___'), options: [parts.wrong[0], parts.gap, parts.wrong[1]], answer: 1 },
    })),
    ...[third, fourth].map((parts, index) => ({
      ...common(`gap-${index}`, 'medium', 'Completá el espacio.', why(parts)),
      ...{ kind: 'gap', prompt: parts.with('___'), answers: [[parts.gap]] },
    })),
    {
      ...common('order', 'medium', 'Ordená las palabras.', 'Es el orden de una oración en inglés.'),
      ...{
        kind: 'reorder',
        words: fifth
          .with(fifth.gap)
          .replace(/[.,;?!]/g, '')
          .split(' ')
          .reverse(),
        answers: [fifth.with(fifth.gap)],
      },
    },
    {
      ...common('match', 'medium', 'Uní las dos partes.', 'Cada parte retoma lo que dice la otra.'),
      ...{ kind: 'match', prompt: 'Match the two halves.', pairs: pairs.map(([left, right]) => ({ left, right })) },
    },
    {
      ...common('mend', 'hard', 'Corregí la oración.', why(sixth)),
      ...{ kind: 'correct', sentence: sixth.with(sixth.wrong[0]), answers: [sixth.with(sixth.gap)] },
    },
    {
      ...common('write', 'hard', 'Escribí un texto corto en inglés.', 'Un buen texto dice lo que se pide, con oraciones completas.'),
      ...{ kind: 'writing', prompt: write.prompt, wordsMin: 15, wordsMax: 50, sample: write.sample },
      rubric: ['Dice lo que se pide.', 'Usa oraciones completas.'],
    },
  ]
}

interface Parts {
  gap: string
  wrong: [string, string]
  with(word: string): string
}

function partsOf(told: string): Parts {
  const [sentence = '', first = '', second = ''] = told.split('|')
  const gap = /\[(.*?)\]/.exec(sentence)?.[1] ?? ''
  return { gap, wrong: [first, second], with: (word) => sentence.replace(`[${gap}]`, word) }
}
