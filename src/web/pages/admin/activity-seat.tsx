import { Markdown } from '../../ui/markdown.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Status } from '../../ui/status.tsx'
import { pointsText, type Score } from '../activity/view.ts'
import { Correction, DIFFICULTY_NAMES, Draft, Opener, ReadingShown } from './activity-draft.tsx'
import { ANCHOR, type ResultView, type SeatView, type TaskView, type TextView } from './activity-view.ts'
import { Box, Choice, FieldError } from './fields.tsx'

const MADE_BY = { ai: 'Hecha por IA', builtin: 'Del banco de ejercicios', manual: 'Tuya' } as const

export function Seat({ base, seat, now, canRewrite }: { base: string; seat: SeatView; now: Date; canRewrite: boolean }) {
  const { task, handedIn } = seat
  return (
    <article class="panel activity-admin" {...(task === null ? {} : { id: ANCHOR.task(task.id) })}>
      <header class="activity-admin-head">
        <h3 class="clip">{seat.name}</h3>
        <State seat={seat} />
      </header>
      {seat.notice === null ? null : <Notice kind={seat.notice.kind}>{seat.notice.text}</Notice>}
      {task === null ? (
        <p class="soft">{seat.isClosed ? 'Ya no recibe actividades.' : 'Se está preparando.'}</p>
      ) : (
        <>
          <p>
            <b class="clip">{task.title}</b> <span class="soft">{MADE_BY[task.generator]}</span>
          </p>
          {task.items.length === 0 ? null : (
            <p class="soft">
              Nivel {task.level} · {DIFFICULTY_NAMES[task.difficulty]}
            </p>
          )}
          {task.state === 'draft' ? <Draft base={base} task={task} now={now} canRewrite={canRewrite} /> : <Shown base={base} task={task} />}
          {handedIn === null || handedIn.results.length === 0 ? null : <Results results={handedIn.results} />}
        </>
      )}
      {task !== null && handedIn !== null ? handedIn.texts.map((text) => <WrittenText base={base} taskId={task.id} text={text} />) : null}
    </article>
  )
}

function scoreText({ points, of, waiting }: Score): string {
  const score = `${pointsText(points, 'es')} de ${of}`
  if (waiting === 0) return score
  return waiting === 1 ? `${score}, y un texto en corrección` : `${score}, y ${waiting} textos en corrección`
}

function State({ seat: { isClosed, task, handedIn } }: { seat: SeatView }) {
  if (isClosed) return null
  if (task === null) return <Status tone="quiet" icon="clock" text="Pendiente" />
  if (handedIn !== null) return <Status tone="good" icon="check-circle" text={`Entregada: ${scoreText(handedIn.score)}`} />
  return task.state === 'draft' ? (
    <Status tone="wait" icon="pen" text="Borrador" />
  ) : (
    <Status tone="good" icon="check-circle" text="Enviada" />
  )
}

function Shown({ base, task }: { base: string; task: TaskView }) {
  const isRefused = task.items.some(({ error }) => error !== null)
  return (
    <details {...(isRefused ? { open: true } : {})}>
      <Opener icon="page" closed="Ver la actividad" open="Ocultar la actividad" />
      {task.reading === null ? null : <ReadingShown reading={task.reading} />}
      {task.items.length > 0 ? (
        task.items.map((item, index) => <Correction base={base} taskId={task.id} item={item} position={index + 1} />)
      ) : (
        <Markdown text={task.content} />
      )}
    </details>
  )
}

const MARK = {
  right: { tone: 'good', icon: 'check-circle', text: 'Bien' },
  partly: { tone: 'wait', icon: 'info', text: 'Casi' },
  wrong: { tone: 'bad', icon: 'cross-circle', text: 'Mal' },
  waiting: { tone: 'quiet', icon: 'clock', text: 'En corrección' },
} as const

/** What was answered, item by item, with the answer that was expected where it is another one. */
function Results({ results }: { results: readonly ResultView[] }) {
  return (
    <details>
      <Opener icon="check-circle" closed="Ver las respuestas" open="Ocultar las respuestas" />
      <ol class="activity-admin-list">
        {results.map(({ label, mark, yours, right }) => (
          <li>
            <span class="clip" lang="en">
              {label}
            </span>{' '}
            <Status {...MARK[mark]} />
            <p class="soft">
              Respondió: {yours === '' ? <i>nada</i> : <span lang="en">{yours}</span>}
              {mark === 'right' || right === '' ? null : (
                <>
                  . Era: <strong lang="en">{right}</strong>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
    </details>
  )
}

const POINTS = { '0': 'No', '0.5': 'En parte', '1': 'Sí' }

function WrittenText({ base, taskId, text }: { base: string; taskId: string; text: TextView }) {
  const anchor = ANCHOR.item(taskId, text.itemId) + (text.isEarlier ? '-antes' : '')
  const prefix = `${anchor}-`
  return (
    <section class="activity-admin" aria-label="Texto para corregir" id={anchor}>
      {text.isEarlier ? <p class="soft">De una entrega anterior, que todavía puede ser la mejor:</p> : null}
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
