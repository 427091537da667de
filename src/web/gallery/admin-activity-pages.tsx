import { BANK } from '../../features/activity/bank/index.ts'
import { formOf, ITEM_KINDS } from '../../features/activity/teacher/item-form.ts'
import { ClassActivityPage, type ClassActivityView } from '../pages/admin/activity.tsx'
import { ANCHOR, type ItemView, type SeatView } from '../pages/admin/activity-view.ts'
import { keyText } from '../routes/answers.ts'
import type { Sample } from './sample.ts'
import { at, chrome, GIVES, LONG_NAME, LONG_OBJECTIVE, TEACHER } from './samples.ts'

const ITEMS: readonly ItemView[] = (BANK[0]?.items ?? []).slice(0, 8).map((item, index) => ({
  id: item.id,
  kind: item.kind,
  label: item.kind === 'reorder' ? item.words.join(' · ') : item.kind === 'correct' ? item.sentence : item.prompt,
  key: keyText(item),
  fields: index === 0 ? { ...formOf(item), explanation: '' } : formOf(item),
  errors: index === 0 ? { explanation: 'Falta este dato, o tiene muy pocas líneas.' } : null,
  error: index === 0 ? 'Revisá los campos marcados' : null,
}))

const READING = {
  kind: 'text' as const,
  title: "Martín's mornings",
  body: 'Martín is a nurse in Rosario. He works at night, so his day starts when most people are coming home.\nHe never watches television.',
}

const TASK: NonNullable<SeatView['task']> = {
  id: 't1',
  title: 'Rutinas y presente simple',
  state: 'draft',
  publishAt: at('2026-11-24', '18:00'),
  generator: 'builtin',
  level: 'A1',
  difficulty: 'easy',
  reading: READING,
  head: {
    fields: { title: 'Rutinas y presente simple', readingTitle: READING.title, readingBody: READING.body },
    errors: null,
    error: null,
  },
  items: ITEMS,
  blanks: ITEM_KINDS.map((kind) => ({ id: `nuevo-${kind}`, kind, label: '', key: '', fields: {}, errors: null, error: null })),
  content: '',
  left: [],
  isEdited: true,
}

const VIEW: ClassActivityView = {
  area: 'admin',
  classId: 'a1',
  startsAt: at('2026-11-23', '11:00'),
  objective: LONG_OBJECTIVE,
  isFinished: true,
  isPending: true,
  canRewrite: true,
  problem: { text: 'Revisá los campos marcados', anchor: ANCHOR.item('t1', ITEMS[0]?.id ?? '') },
  seats: [
    { name: LONG_NAME, isClosed: false, notice: { kind: 'ok', text: 'Guardamos el ítem.' }, task: TASK, handedIn: null },
    {
      name: 'Ana Paz',
      isClosed: false,
      notice: null,
      task: { ...TASK, id: 't2', state: 'published', generator: 'ai' },
      handedIn: {
        at: at('2026-11-23', '13:00'),
        score: { points: 7.5, of: 9, waiting: 1 },
        results: [
          { label: 'She ___ (get) up at seven.', mark: 'right', yours: 'gets', right: 'gets' },
          { label: 'He ___ not watch television.', mark: 'wrong', yours: '', right: 'does' },
        ],
        texts: [
          {
            itemId: 'w',
            isEarlier: false,
            prompt: 'Describe a normal weekday.',
            text: 'I usually get up at seven. I have a shower and I go to work by bus.',
            textHash: 'h',
            rubric: ['Usa el presente simple.', 'Incluye dos adverbios de frecuencia.'],
            points: [1, 0.5],
            comment: 'Muy clara la rutina.',
            isByModel: true,
            error: null,
          },
        ],
      },
    },
    { name: 'Juan', isClosed: false, notice: null, task: null, handedIn: null },
    { name: 'Cuenta eliminada', isClosed: true, notice: null, task: null, handedIn: null },
  ],
  notes: { values: { wentWell: 'Participó mucho.', errorsHeard: 'He don’t, past simple', vocabulary: '' }, error: null },
  transcript: { canSave: true, missing: [], kept: { characters: 5_480, deleteAt: at('2026-12-23', '12:00') }, text: '', error: null },
  upload: {
    values: { title: '', description: '', difficulty: 'medium', type: 'exam', content: '', solvedContent: '' },
    error: null,
    answered: ['Ana Paz'],
    unsolved: ['Juan', LONG_NAME],
  },
  leftLines: [
    { line: 3, text: 'Tom ___ (live) in Rosario — with his cat.', flaw: 'unsolved' },
    { line: 8, text: 'a ___ b ___ c ___ d ___ e ___ f ___ g ___', flaw: 'many-gaps' },
  ],
}

const admin = chrome('/admin/actividad/a1', { person: TEACHER })

const teacher = chrome('/profe/actividad/a1', { person: GIVES })

export const adminActivityPages: readonly Sample[] = [
  { name: 'admin-actividad', page: <ClassActivityPage chrome={admin} {...VIEW} /> },
  { name: 'profe-actividad', page: <ClassActivityPage chrome={teacher} {...VIEW} area="profe" /> },
  {
    name: 'admin-actividad-error',
    page: (
      <ClassActivityPage
        chrome={admin}
        {...VIEW}
        seats={[]}
        problem={{ text: 'Faltan datos de la actividad', anchor: ANCHOR.upload }}
        transcript={{ canSave: true, missing: ['Ana Paz', LONG_NAME], kept: null, text: '', error: null }}
        upload={{ ...VIEW.upload, error: 'Faltan datos de la actividad' }}
      />
    ),
  },
]
