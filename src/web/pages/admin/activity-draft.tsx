import { ITEMS_MAX, ITEMS_MIN, type Item } from '../../../features/activity/exercise.ts'
import { HEAD_MAX, type HeadField } from '../../../features/activity/teacher/head-form.ts'
import { fieldsOf, type ItemField } from '../../../features/activity/teacher/item-form.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import { Icon, type IconName } from '../../ui/icons.tsx'
import { ANCHOR, type ItemView, type TaskView } from './activity-view.ts'
import { Box, Choice, FieldError } from './fields.tsx'

/** What nobody was shown yet: the whole of it to be read, and each part to be changed. */
export function Draft({ base, task, now, canRewrite }: { base: string; task: TaskView; now: Date; canRewrite: boolean }) {
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
      {task.reading === null ? null : <ReadingShown reading={task.reading} />}
      {task.items.length === 0 ? null : <Head action={`${at}/datos`} task={task} />}
      {task.items.map((item, index) => (
        <ItemForm
          anchor={ANCHOR.item(task.id, item.id)}
          action={`${at}/items/${item.id}`}
          item={item}
          prefix={`${task.id}-${item.id}-`}
          position={index + 1}
          canRewrite={canRewrite}
          canRemove={task.items.length > ITEMS_MIN}
        />
      ))}
      {task.items.length < ITEMS_MAX ? <Adding action={`${at}/items`} blanks={task.blanks} taskId={task.id} /> : null}
    </>
  )
}

/** Says in words and with a sign that it opens, and what is in it. */
export function Opener(props: {
  number?: number
  text?: string
  lang?: 'en'
  /** The key of an item, under what it asks. */
  answer?: string
  icon?: IconName
  closed: string
  open: string
}) {
  const { number, text, lang, answer, icon = 'pen', closed, open } = props
  return (
    <summary class="activity-admin-summary">
      {text === undefined ? null : (
        <span>
          {number === undefined ? '' : `${number}. `}
          <span {...(lang === undefined ? {} : { lang })}>{text}</span>
          {answer === undefined ? null : (
            <span class="activity-admin-key soft">
              Clave: <span lang="en">{answer}</span>
            </span>
          )}
        </span>
      )}
      <span class="activity-admin-opener when-closed">
        <Icon name={icon} />
        {closed}
      </span>
      <span class="activity-admin-opener when-open">{open}</span>
    </summary>
  )
}

/** What items ask about, to be read. */
export function ReadingShown({ reading }: { reading: NonNullable<TaskView['reading']> }) {
  return (
    <blockquote>
      <p>
        <span class="soft">{READING[reading.kind]}:</span> <b lang="en">{reading.title}</b>
      </p>
      <p class="activity-content" lang="en">
        {reading.body}
      </p>
    </blockquote>
  )
}

const READING = { text: 'Texto para leer', dialogue: 'Diálogo para leer' } as const

/** Title and reading. */
function Head({ action, task }: { action: string; task: TaskView }) {
  const { fields, errors, error } = task.head
  const prefix = `${task.id}-`
  const common = (name: HeadField) => ({ name, value: fields[name] ?? '', prefix, error: errors?.[name] ?? null, max: HEAD_MAX[name] })
  return (
    <details id={ANCHOR.head(task.id)} {...(error === null ? {} : { open: true })}>
      <Opener text={task.reading === null ? 'Título' : 'Título y texto para leer'} closed="Editar" open="Cerrar" />
      <form class="activity-admin" method="post" action={action} data-once>
        <FieldError id={`${prefix}error`} text={error} />
        <Box {...common('title')} label="Título de la actividad" rows={1} required />
        {task.reading === null ? null : (
          <>
            <Box {...common('readingTitle')} label="Título del texto" rows={1} lang="en" required />
            <Box {...common('readingBody')} label="Texto" rows={10} lang="en" required />
          </>
        )}
        <p>
          <button type="submit" class="btn btn-quiet">
            Guardar
          </button>
        </p>
      </form>
    </details>
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
export const DIFFICULTY_NAMES = { easy: 'Básico', medium: 'Intermedio', hard: 'Avanzado' }

const KIND: Record<Item['kind'], string> = {
  choice: 'Elegir una opción',
  gap: 'Completar espacios',
  reorder: 'Ordenar palabras',
  match: 'Unir pares',
  correct: 'Corregir una oración',
  writing: 'Escribir un texto',
}

/** One more item, of the teacher's own. */
function Adding({ action, blanks, taskId }: { action: string; blanks: readonly ItemView[]; taskId: string }) {
  const isOpen = blanks.some(({ error }) => error !== null)
  return (
    <details {...(isOpen ? { open: true } : {})}>
      <summary class="activity-admin-summary">
        <span class="btn btn-quiet">
          <Icon name="plus" />
          Agregar un ítem tuyo
        </span>
      </summary>
      {blanks.map((blank) => (
        <details id={ANCHOR.item(taskId, blank.id)} {...(blank.error === null ? {} : { open: true })}>
          <Opener text={KIND[blank.kind]} closed="Escribir" open="Cerrar" />
          <form class="activity-admin" method="post" action={action} data-once>
            <input type="hidden" name="kind" value={blank.kind} />
            <Fields item={blank} prefix={`${taskId}-${blank.id}-`} />
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
          <Choice {...common} label={FIELD[name].label} options={DIFFICULTY_NAMES} />
        ) : (
          <Box {...common} {...FIELD[name]} />
        )
      })}
    </>
  )
}

/** An item that its person has already, to be mended. */
export function Correction({ base, taskId, item, position }: { base: string; taskId: string; item: ItemView; position: number }) {
  const isOpen = item.errors !== null || item.error !== null
  return (
    <details id={ANCHOR.item(taskId, item.id)} {...(isOpen ? { open: true } : {})}>
      <Opener number={position} text={item.label} lang="en" answer={item.key} closed="Corregir" open="Cerrar" />
      <form class="activity-admin" method="post" action={`${base}/tareas/${taskId}/items/${item.id}`} data-once>
        <p class="soft measure">
          {item.kind === 'writing'
            ? 'Si ya lo escribió, su texto conserva la corrección que tenga.'
            : 'Si ya lo respondió, se vuelve a calcular su puntaje con lo que respondió: sube si corresponde, nunca baja.'}{' '}
          Si todavía no, ve el ítem corregido.
        </p>
        <Fields item={item} prefix={`${taskId}-${item.id}-`} />
        <p>
          <button type="submit" class="btn btn-quiet" name="ir" value="corregir">
            Guardar la corrección
          </button>
        </p>
      </form>
    </details>
  )
}

function ItemForm(props: {
  anchor: string
  action: string
  item: ItemView
  prefix: string
  position: number
  canRewrite: boolean
  canRemove: boolean
}) {
  const { anchor, action, item, prefix, position, canRewrite, canRemove } = props
  const isOpen = item.errors !== null || item.error !== null
  return (
    <details id={anchor} {...(isOpen ? { open: true } : {})}>
      <Opener number={position} text={item.label} lang="en" answer={item.key} closed="Editar" open="Cerrar" />
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
