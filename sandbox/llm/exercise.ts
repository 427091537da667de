import { z } from 'zod'

/** An exercise as a model would write it: the same for everybody but for its level and number. */
export function exerciseFor(level: string, number: number) {
  const common = (id: string, difficulty: 'easy' | 'medium' | 'hard') => ({
    id: `m${number}-${id}`,
    topic: 'small-talk',
    level,
    difficulty,
  })
  return {
    title: `Small talk (${number})`,
    level,
    difficulty: 'medium',
    reading: {
      kind: 'dialogue',
      title: 'On the bus',
      body: 'Ana: Is this seat free?\nTom: Yes, it is. Are you from here?\nAna: No, I am from Salta.',
    },
    items: [
      choice('seat', 'What does Ana ask about?', ['A seat', 'A bus stop', 'A ticket'], 0, 'Ana pregunta si el asiento está libre.'),
      choice('from', 'Where is Ana from?', ['From here', 'From Salta', 'She does not say'], 1, 'Ana dice que es de Salta.'),
      choice('short', 'Is this seat free? — Yes, it ___.', ['are', 'is', 'has'], 1, 'La respuesta corta repite el verbo de la pregunta.'),
      gap('be', 'I ___ from Córdoba.', ['am', "'m"], 'Con I el verbo to be es am.'),
      gap('are', '___ you from here?', ['are'], 'En la pregunta el verbo va antes del sujeto.'),
      {
        ...common('order', 'medium'),
        kind: 'reorder',
        instruction: 'Ordená las palabras.',
        explanation: 'En la pregunta el verbo va antes del sujeto.',
        words: ['seat', 'this', 'is', 'free'],
        answers: ['Is this seat free?'],
      },
      {
        ...common('match', 'medium'),
        kind: 'match',
        instruction: 'Uní cada pregunta con su respuesta.',
        explanation: 'Cada respuesta retoma la pregunta.',
        prompt: 'Uní las dos partes.',
        pairs: [
          { left: 'Where are you from?', right: 'From Salta.' },
          { left: 'Is it far?', right: 'No, it is near.' },
          { left: 'How are you?', right: 'Fine, thanks.' },
        ],
      },
      {
        ...common('mend', 'hard'),
        kind: 'correct',
        instruction: 'Corregí la oración.',
        explanation: 'Con she el verbo es is.',
        sentence: 'She are from Rosario.',
        answers: ['She is from Rosario.', "She's from Rosario."],
      },
      {
        ...common('write', 'hard'),
        kind: 'writing',
        instruction: 'Escribí un texto corto en inglés.',
        explanation: 'Un buen saludo dice quién sos y de dónde sos.',
        prompt: 'Introduce yourself to somebody on the bus.',
        wordsMin: 15,
        wordsMax: 50,
        rubric: ['Dice su nombre y su ciudad.', 'Hace una pregunta.'],
        sample: 'Hi, I am Ana and I am from Salta. Is this seat free? Are you from here?',
      },
    ],
  }

  function choice(id: string, prompt: string, options: string[], answer: number, explanation: string) {
    return { ...common(id, 'easy'), kind: 'choice', instruction: 'Elegí la respuesta correcta.', explanation, prompt, options, answer }
  }

  function gap(id: string, prompt: string, answers: string[], explanation: string) {
    return { ...common(id, 'easy'), kind: 'gap', instruction: 'Completá el espacio.', explanation, prompt, answers: [answers] }
  }
}

/** Another item of the kind that the request replaces. */
export function itemFor(request: string, level: string, number: number) {
  const kind = /"kind":"([a-z]+)"/.exec(request)?.[1] ?? 'choice'
  const { items } = exerciseFor(level, number)
  const item = items.find((each) => each.kind === kind) ?? items[0]
  const changed = item && 'prompt' in item ? { ...item, prompt: `${item.prompt} (${number})` } : item
  return { item: changed }
}

/** Marks that do not depend on the text: the first point of the rubric is there, the others in part. */
export function marksFor(request: string) {
  const rubric = z.array(z.string()).parse(JSON.parse(/"rubric":(\[.*?\])(?=[,}])/.exec(request)?.[1] ?? '[]'))
  return { points: rubric.map((_, index) => (index === 0 ? 1 : 0.5)), comment: 'Muy claro. Revisá los tiempos verbales.' }
}
