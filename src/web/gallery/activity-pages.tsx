import type { OpenItem } from '../../features/activity/rules.ts'
import { IntroPage } from '../pages/activity/intro.tsx'
import { ActivitiesPage } from '../pages/activity/list.tsx'
import { ResultPage } from '../pages/activity/result.tsx'
import { ReviewPage } from '../pages/activity/review.tsx'
import { StepPage } from '../pages/activity/step.tsx'
import type { ActivityHead, ResultItem } from '../pages/activity/view.ts'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_OBJECTIVE } from './samples.ts'

const HEAD: ActivityHead = {
  id: 'a1',
  title: 'Rutinas y presente simple',
  description: `Objetivo de la clase: ${LONG_OBJECTIVE}`,
  type: 'exam',
  difficulty: 'medium',
  level: 'A2',
  generator: 'builtin',
}

const CARD = { id: 'a1', title: HEAD.title, preview: HEAD.description, classStartsAt: at('2026-11-20', '18:00'), participants: 3 }

const READING = {
  kind: 'text' as const,
  title: "Martín's mornings",
  body: 'Martín is a nurse in Rosario. He works at night, so his day starts when most people are coming home.\nHe never watches television.',
}

const ITEMS: Record<string, OpenItem> = {
  opcion: {
    id: 'i1',
    kind: 'choice',
    instruction: 'Leé el texto y elegí la respuesta correcta.',
    prompt: 'When does Martín have breakfast?',
    options: ['Early in the morning', 'In the afternoon', 'When he comes home from the hospital, and sometimes a little later'],
  },
  huecos: {
    id: 'i2',
    kind: 'gap',
    instruction: 'Completá con las palabras del recuadro.',
    prompt: 'I get up ___ seven, and ___ Saturdays I meet my friends ___ the evening.',
    gaps: 3,
    bank: ['at', 'on', 'in', 'to'],
  },
  orden: { id: 'i3', kind: 'reorder', instruction: 'Ordená las palabras.', words: ['up', 'what', 'get', 'do', 'time', 'you'] },
  pares: {
    id: 'i4',
    kind: 'match',
    instruction: 'Uní cada acción con lo que sigue.',
    prompt: 'Uní las dos partes de cada rutina.',
    left: ['have', 'brush', 'catch'],
    right: ['a shower', 'the bus', 'your teeth'],
  },
  texto: {
    id: 'i5',
    kind: 'writing',
    instruction: 'Escribí un texto corto en inglés.',
    prompt: 'Describe a normal weekday.',
    wordsMin: 30,
    wordsMax: 80,
    rubric: ['Usa el presente simple.', 'Incluye dos adverbios de frecuencia.'],
  },
}

const RESULTS: readonly ResultItem[] = (
  [
    {
      label: 'My sister ___ (go) to the gym every morning.',
      mark: 'right',
      yours: 'goes',
      solution: { right: 'goes', isSample: false, explanation: 'En tercera persona del singular el presente simple lleva -s.' },
    },
    {
      label: 'I get up ___ seven, and ___ Saturdays I meet my friends ___ the evening.',
      mark: 'partly',
      yours: 'at · in · in',
      solution: {
        right: 'at · on · in',
        isSample: false,
        explanation: 'Usamos at con las horas, on con los días e in con las partes del día.',
      },
    },
    {
      label: "He don't like coffee.",
      mark: 'wrong',
      yours: '',
      solution: { right: "He doesn't like coffee.", isSample: false, explanation: 'Con he, she o it el negativo es doesn’t.' },
    },
    {
      label: 'Escribí un texto corto en inglés.',
      mark: 'waiting',
      yours: 'I usually get up at half past six.',
      solution: {
        right: 'I usually get up at half past six. I have a shower.',
        isSample: true,
        explanation: 'Un buen texto ordena las acciones.',
      },
    },
  ] satisfies Omit<ResultItem, 'review'>[]
).map((item) => ({ ...item, review: null }))

const REVIEW: ResultItem['review'] = {
  by: 'model',
  points: [
    { text: 'Usa el presente simple.', mark: 'right' },
    { text: 'Incluye dos adverbios de frecuencia.', mark: 'partly' },
  ],
  comment: 'Muy claro. Sumale un adverbio más.',
}

const OWN = [
  '# Chapter 3: *The Garden*',
  'Read it **twice**, then complete:',
  '1. Tom ____ (live) in a small town.\n2. He ____ (not like) the garden.',
  '> "Nothing good ever happens after the clock strikes thirteen."',
  '| verb | past | past participle | example |\n| --- | --- | --- | --- |\n| understand | understood | understood | She understood everything. |\n| see | saw | seen | I have seen it. |',
  'More at [BBC Learning English](https://www.bbc.co.uk/learningenglish).',
].join('\n\n')

const list = '/inicio/mis-actividades'
const path = '/actividad/a1'

export const activityPages: readonly Sample[] = [
  {
    name: 'actividades',
    page: (
      <ActivitiesPage
        chrome={chrome(list)}
        activities={[
          { ...CARD, state: 'new', score: null },
          { ...CARD, id: 'a2', state: 'begun', score: null },
          { ...CARD, id: 'a3', preview: '', state: 'done', score: { points: 1.5, of: 9, waiting: 1 } },
        ]}
        page={1}
        pagesTotal={3}
        toReview={4}
      />
    ),
  },
  { name: 'actividades-vacio', page: <ActivitiesPage chrome={chrome(list)} activities={[]} page={1} pagesTotal={1} toReview={0} /> },
  { name: 'actividad', page: <IntroPage chrome={chrome(path)} activity={HEAD} steps={10} content="" state="new" score={null} /> },
  {
    name: 'actividad-hecha',
    page: (
      <IntroPage chrome={chrome(path)} activity={HEAD} steps={10} content="" state="done" score={{ points: 8.5, of: 10, waiting: 0 }} />
    ),
  },
  {
    name: 'actividad-del-profesor',
    page: (
      <IntroPage
        chrome={chrome(path)}
        activity={{ ...HEAD, generator: 'manual', description: '' }}
        steps={0}
        content={OWN}
        state="new"
        score={null}
      />
    ),
  },
  ...Object.entries(ITEMS).map(([name, item]) => ({
    name: `actividad-${name}`,
    page: (
      <StepPage
        chrome={chrome(`${path}/resolver`)}
        activity={HEAD}
        step={3}
        steps={10}
        reading={name === 'opcion' || name === 'pares' ? READING : null}
        readingPlace={name === 'opcion' ? 'open' : 'again'}
        content={name === 'huecos' ? OWN : ''}
        item={item}
        answer={name === 'huecos' ? ['at', 'in'] : []}
        error={name === 'orden' ? 'Alguna respuesta es demasiado larga. Acortala y probá de nuevo.' : null}
      />
    ),
  })),
  {
    name: 'actividad-revisar',
    page: (
      <ReviewPage
        chrome={chrome(`${path}/revisar`)}
        activity={HEAD}
        items={RESULTS.map(({ label }, index) => ({ step: index + 1, label, answered: index !== 2 }))}
      />
    ),
  },
  {
    name: 'actividad-resultado',
    page: (
      <ResultPage
        chrome={chrome(`${path}/resultado`)}
        activity={HEAD}
        score={1.67}
        total={4}
        best={{ points: 2.5, of: 3, waiting: 1 }}
        waiting={1}
        items={RESULTS}
        solvedContent={null}
        answersFrom={null}
      />
    ),
  },
  {
    name: 'actividad-resultado-del-profesor',
    page: (
      <ResultPage
        chrome={chrome(`${path}/resultado`)}
        activity={{ ...HEAD, generator: 'manual' }}
        score={0}
        total={0}
        best={{ points: 0, of: 0, waiting: 0 }}
        waiting={0}
        items={[]}
        solvedContent={OWN}
        answersFrom={null}
      />
    ),
  },
  {
    name: 'actividad-resultado-sin-respuestas',
    page: (
      <ResultPage
        chrome={chrome(`${path}/resultado`)}
        activity={HEAD}
        score={4}
        total={4}
        best={{ points: 4, of: 4, waiting: 0 }}
        waiting={0}
        items={RESULTS.map((result) => ({ ...result, mark: 'right' as const, solution: null, review: REVIEW }))}
        solvedContent={null}
        answersFrom={at('2026-11-23', '15:00')}
      />
    ),
  },
]
