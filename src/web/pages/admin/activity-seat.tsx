import { ITEMS_MAX, ITEMS_MIN, type Item } from '../../../features/activity/exercise.ts'
import { fieldsOf, type ItemErrors, type ItemField, type ItemFields } from '../../../features/activity/teacher/item-form.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Status } from '../../ui/status.tsx'
import { pointsText } from '../activity/view.ts'
import { Box, Choice, FieldError } from './fields.tsx'

/** One person's exercise, as the teacher sees it. */
export type SeatView = {
  name: string
  task: {
    id: string
    title: string
    state: 'draft' | 'published'
    publishAt: Date
    generator: 'ai' | 'builtin' | 'manual'
    items: readonly ItemView[]
    /** An empty form for one more item of each kind. */
    blanks: readonly ItemView[]
    content: string
  } | null
  handedIn: { at: Date; score: number; total: number; texts: readonly TextView[] } | null
}

export type ItemView = {
  id: string
  kind: Item['kind']
  label: string
  fields: ItemFields
  errors: ItemErrors | null
  error: string | null
}

/** A text that somebody wrote. `points`: what the teacher gave for each point of the rubric, if anything yet. */
export type TextView = {
  itemId: string
  prompt: string
  text: string
  textHash: string
  rubric: readonly string[]
  points: readonly number[] | null
  comment: string
  /** A model gave the marks. */
  isByModel: boolean
  error: string | null
}

const MADE_BY = { ai: 'Hecha por IA', builtin: 'Del banco de ejercicios', manual: 'Tuya' } as const

export function Seat({ base, seat, now, canRewrite }: { base: string; seat: SeatView; now: Date; canRewrite: boolean }) {
  const { task, handedIn } = seat
  return (
    <article class="panel activity-admin">
      <header class="activity-admin-head">
        <h3 class="clip">{seat.name}</h3>
        <State seat={seat} />
      </header>
      {task === null ? (
        <p class="soft">Se está preparando.</p>
      ) : (
        <>
          <p>
            <b>{task.title}</b> <span class="soft">{MADE_BY[task.generator]}</span>
          </p>
          {task.state === 'draft' ? <Draft base={base} task={task} now={now} canRewrite={canRewrite} /> : <Shown task={task} />}
        </>
      )}
      {task !== null && handedIn !== null ? handedIn.texts.map((text) => <WrittenText base={base} taskId={task.id} text={text} />) : null}
    </article>
  )
}

function State({ seat: { task, handedIn } }: { seat: SeatView }) {
  if (task === null) return <Status tone="quiet" icon="clock" text="Pendiente" />
  if (handedIn !== null)
    return <Status tone="good" icon="check-circle" text={`Entregada: ${pointsText(handedIn.score, 'es')} de ${handedIn.total}`} />
  return task.state === 'draft' ? (
    <Status tone="wait" icon="pen" text="Borrador" />
  ) : (
    <Status tone="good" icon="check-circle" text="Enviada" />
  )
}

type Task = NonNullable<SeatView['task']>

function Shown({ task }: { task: Task }) {
  return (
    <details>
      <summary>Ver la actividad</summary>
      {task.content === '' ? (
        <ol class="activity-admin-list">
          {task.items.map(({ label }) => (
            <li class="clip" lang="en">
              {label}
            </li>
          ))}
        </ol>
      ) : (
        <Markdown text={task.content} />
      )}
    </details>
  )
}

function Draft({ base, task, now, canRewrite }: { base: string; task: Task; now: Date; canRewrite: boolean }) {
  const at = `${base}/tareas/${task.id}`
  const due =
    task.publishAt <= now ? 'Se publica en unos minutos.' : `Se publica sola el ${formatDate(task.publishAt)} ${wallTime(task.publishAt)}.`
  return (
    <>
      <form class="activity-admin-head" method="post" action={`${at}/publicar`} data-once>
        <span class="soft">{due}</span>
        <button type="submit" class="btn btn-primary">
          Publicar ahora
        </button>
      </form>
      {task.items.map((item, index) => (
        <ItemForm
          action={`${at}/items/${item.id}`}
          item={item}
          prefix={`${task.id}-${item.id}-`}
          position={index + 1}
          canRewrite={canRewrite}
          canRemove={task.items.length > ITEMS_MIN}
        />
      ))}
      {task.items.length < ITEMS_MAX ? <Adding action={`${at}/items`} blanks={task.blanks} prefix={task.id} /> : null}
    </>
  )
}

const FIELD: Record<ItemField, { label: string; rows: number; hint?: string; lang?: 'en' }> = {
  instruction: { label: 'Qué hay que hacer', rows: 1 },
  prompt: { label: 'Consigna', rows: 2, lang: 'en' },
  options: { label: 'Opciones', rows: 4, hint: 'Una por línea.', lang: 'en' },
  answer: { label: 'Opción correcta', rows: 1, hint: 'Su número, desde 1.' },
  answers: {
    label: 'Respuestas',
    rows: 3,
    hint: 'Una por línea; en los espacios, una línea por espacio y " / " entre variantes.',
    lang: 'en',
  },
  bank: { label: 'Palabras para elegir', rows: 3, hint: 'Una por línea. Puede quedar vacío.', lang: 'en' },
  words: { label: 'Palabras, desordenadas', rows: 4, hint: 'Una por línea.', lang: 'en' },
  pairs: { label: 'Pares', rows: 4, hint: 'Uno por línea: izquierda = derecha.', lang: 'en' },
  sentence: { label: 'Oración con el error', rows: 2, lang: 'en' },
  wordsMin: { label: 'Palabras, como mínimo', rows: 1 },
  wordsMax: { label: 'Palabras, como máximo', rows: 1 },
  rubric: { label: 'Criterio de corrección', rows: 3, hint: 'Un punto por línea; todos valen lo mismo.' },
  sample: { label: 'Un buen texto', rows: 4, lang: 'en' },
  explanation: { label: 'Explicación', rows: 2 },
  difficulty: { label: 'Dificultad', rows: 1 },
}
const DIFFICULTIES = { easy: 'Básico', medium: 'Intermedio', hard: 'Avanzado' }

const KIND: Record<Item['kind'], string> = {
  choice: 'Elegir una opción',
  gap: 'Completar espacios',
  reorder: 'Ordenar palabras',
  match: 'Unir pares',
  correct: 'Corregir una oración',
  writing: 'Escribir un texto',
}

/** One more item, of the teacher's own. */
function Adding({ action, blanks, prefix }: { action: string; blanks: readonly ItemView[]; prefix: string }) {
  const isOpen = blanks.some(({ error }) => error !== null)
  return (
    <details {...(isOpen ? { open: true } : {})}>
      <summary>Agregar un ítem tuyo</summary>
      {blanks.map((blank) => (
        <details {...(blank.error === null ? {} : { open: true })}>
          <summary>{KIND[blank.kind]}</summary>
          <form class="activity-admin" method="post" action={action} data-once>
            <input type="hidden" name="kind" value={blank.kind} />
            <Fields item={blank} prefix={`${prefix}-${blank.id}-`} />
            <p>
              <button type="submit" class="btn btn-quiet">
                Agregar este ítem
              </button>
            </p>
          </form>
        </details>
      ))}
    </details>
  )
}

function Fields({ item, prefix }: { item: ItemView; prefix: string }) {
  return (
    <>
      <FieldError id={`${prefix}error`} text={item.error} />
      {fieldsOf(item.kind).map((name) => {
        const common = { name, value: item.fields[name] ?? '', prefix, error: item.errors?.[name] ?? null }
        return name === 'difficulty' ? (
          <Choice {...common} label={FIELD[name].label} options={DIFFICULTIES} />
        ) : (
          <Box {...common} {...FIELD[name]} />
        )
      })}
    </>
  )
}

function ItemForm(props: { action: string; item: ItemView; prefix: string; position: number; canRewrite: boolean; canRemove: boolean }) {
  const { action, item, prefix, position, canRewrite, canRemove } = props
  const isOpen = item.errors !== null || item.error !== null
  return (
    <details {...(isOpen ? { open: true } : {})}>
      <summary>
        {position}. <span lang="en">{item.label}</span>
      </summary>
      <form class="activity-admin" method="post" action={action} data-once>
        <Fields item={item} prefix={prefix} />
        <p class="actions">
          <button type="submit" class="btn btn-quiet" name="ir" value="guardar">
            Guardar este ítem
          </button>
          <button type="submit" class="btn-text" name="ir" value="cambiar" formnovalidate>
            Cambiar por otro del banco
          </button>
          {canRewrite ? (
            <button type="submit" class="btn-text" name="ir" value="reescribir" formnovalidate>
              Que la IA escriba otro
            </button>
          ) : null}
          {canRemove ? (
            <button type="submit" class="btn-text" name="ir" value="quitar" formnovalidate>
              Quitar
            </button>
          ) : null}
        </p>
      </form>
    </details>
  )
}

const POINTS = { '0': 'No', '0.5': 'En parte', '1': 'Sí' }

function WrittenText({ base, taskId, text }: { base: string; taskId: string; text: TextView }) {
  const prefix = `${taskId}-${text.itemId}-`
  return (
    <section class="activity-admin" aria-label="Texto para corregir">
      <p class="soft" lang="en">
        {text.prompt}
      </p>
      <blockquote class="activity-content" lang="en">
        {text.text}
      </blockquote>
      {text.isByModel ? <p class="soft">La IA ya lo corrigió; lo que vos elijas reemplaza su corrección.</p> : null}
      <form class="activity-admin" method="post" action={`${base}/tareas/${taskId}/items/${text.itemId}/correccion`} data-once>
        <input type="hidden" name="texto" value={text.textHash} />
        {text.rubric.map((point, index) => (
          <Choice
            name="punto"
            prefix={`${prefix}${index}-`}
            label={point}
            value={String(text.points?.[index] ?? '')}
            options={text.points === null ? { '': 'Elegí…', ...POINTS } : POINTS}
          />
        ))}
        <Box name="comentario" prefix={prefix} label="Comentario (opcional)" value={text.comment} rows={2} max={500} />
        <FieldError id={`${prefix}error`} text={text.error} />
        <p>
          <button type="submit" class="btn btn-primary">
            {text.points === null ? 'Corregir' : 'Cambiar la corrección'}
          </button>
        </p>
      </form>
    </section>
  )
}
