import type { ClassNotes } from '../../../features/activity/teacher/rules.ts'
import { OWN_CHARACTERS_MAX } from '../../../features/activity/teacher/rules.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Seat } from './activity-seat.tsx'
import { Transcript, type TranscriptView } from './activity-transcript.tsx'
import { ANCHOR, type Problem, type SeatView } from './activity-view.ts'
import { AdminDocument } from './admin-document.tsx'
import { Notes } from './class-notes.tsx'
import { Box, Choice } from './fields.tsx'

export type UploadForm = { title: string; description: string; difficulty: string; type: string; content: string; solvedContent: string }

/** View of `/admin/actividad/{classId}`: what was typed comes back with what is wrong with it. */
export type AdminActivityView = {
  classId: string
  startsAt: Date
  objective: string | null
  isFinished: boolean
  /** Nothing was shown to anybody yet. */
  isPending: boolean
  seats: readonly SeatView[]
  /** What was sent and refused: said first, wherever on the page it belongs. */
  problem: Problem | null
  /** A model is there that can write another item. */
  canRewrite: boolean
  notes: { values: ClassNotes; error: string | null }
  transcript: TranscriptView | null
  upload: { values: UploadForm; error: string | null }
}

export function AdminActivityPage({ chrome, ...view }: AdminActivityView & { chrome: Chrome }) {
  const base = `/admin/actividad/${view.classId}`
  return (
    <AdminDocument chrome={chrome} title="Actividad de la clase">
      <header>
        <h1>Actividad de la clase</h1>
        <p class="soft">
          Clase del {formatDate(view.startsAt)} {wallTime(view.startsAt)}
          {view.objective === null ? null : <span class="clip">. Objetivo: {view.objective}</span>}
        </p>
      </header>
      {view.problem === null ? null : <Refused problem={view.problem} />}
      {view.isFinished ? null : <Notice kind="info">La actividad se prepara cuando termina la clase.</Notice>}
      <Notes base={base} notes={view.notes} />
      {view.isFinished && view.transcript ? <Transcript base={base} transcript={view.transcript} /> : null}
      <section class="activity-admin" aria-labelledby="por-persona">
        <h2 id="por-persona">Qué recibe cada uno</h2>
        {view.seats.map((seat) => (
          <Seat base={base} seat={seat} now={chrome.now} canRewrite={view.canRewrite} />
        ))}
        {view.isFinished && view.isPending ? (
          <form method="post" action={`${base}/generar`} data-once>
            <button type="submit" class="btn btn-quiet">
              <Icon name="refresh" />
              Generar de nuevo
            </button>
          </form>
        ) : null}
      </section>
      <Upload base={base} upload={view.upload} />
    </AdminDocument>
  )
}

function Refused({ problem: { text, anchor } }: { problem: Problem }) {
  return (
    <Notice kind="error">
      {text}.{' '}
      <a href={`#${anchor}`} autofocus>
        Ir a lo que hay que revisar
      </a>
    </Notice>
  )
}

const OWN_LIMIT = OWN_CHARACTERS_MAX.toLocaleString('es-AR')
const TOO_LONG = `Es demasiado largo: hasta ${OWN_LIMIT} caracteres.`
const DIFFICULTIES = { easy: 'Básico', medium: 'Intermedio', hard: 'Avanzado' }
const TYPES = { exam: 'Examen', audio: 'Audio', video: 'Video', reading: 'Lectura' }

function Upload({ base, upload }: { base: string; upload: AdminActivityView['upload'] }) {
  const { values, error } = upload
  const missing = (value: string) => (error !== null && value.trim() === '' ? 'Falta este dato.' : null)
  const long = (value: string) => (error !== null && value.trim().length > OWN_CHARACTERS_MAX ? TOO_LONG : null)
  return (
    <section aria-labelledby={ANCHOR.upload}>
      <h2 id={ANCHOR.upload}>Crear nuevo examen con Inteligencia Artificial</h2>
      <p class="soft measure">Se enviarán dos versiones del examen: una sin resolver y otra resuelta</p>
      <form class="activity-admin" method="post" action={base} data-once>
        {error === null ? null : <Notice kind="error">{error}</Notice>}
        <Box name="title" label="Título" value={values.title} rows={1} max={200} error={missing(values.title)} required />
        <Box name="description" label="Descripción" value={values.description} rows={2} max={2_000} />
        <div class="activity-admin-pair">
          <Choice name="difficulty" label="Dificultad" value={values.difficulty} options={DIFFICULTIES} />
          <Choice name="type" label="Tipo" value={values.type} options={TYPES} />
        </div>
        <Box
          name="content"
          label="Examen sin resolver (Markdown)"
          value={values.content}
          rows={8}
          hint={`Hasta ${OWN_LIMIT} caracteres.`}
          error={missing(values.content) ?? long(values.content)}
          required
        />
        <Box
          name="solvedContent"
          label="Examen resuelto (Markdown)"
          value={values.solvedContent}
          rows={8}
          error={long(values.solvedContent)}
          hint='Si el examen tiene espacios (___) y acá está cada línea resuelta, se completa y se corrige en el sitio. Variantes: " / ". Comentario: " — " al final de la línea.'
        />
        <p class="soft measure">Reemplaza lo que haya para todos los que participaron, y les avisamos.</p>
        <p>
          <button type="submit" class="btn btn-primary">
            Enviar
          </button>
        </p>
      </form>
    </section>
  )
}
