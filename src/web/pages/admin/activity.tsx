import type { Child } from 'hono/jsx'
import type { ClassNotes } from '../../../features/activity/teacher/rules.ts'
import { OWN_CHARACTERS_MAX } from '../../../features/activity/teacher/rules.ts'
import type { LeftLine } from '../../../features/activity/twins.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Seat } from './activity-seat.tsx'
import { Transcript, type TranscriptView } from './activity-transcript.tsx'
import { ANCHOR, type Problem, type SeatView } from './activity-view.ts'
import { AdminDocument } from './admin-document.tsx'
import { Notes } from './class-notes.tsx'
import { Box, Choice } from './fields.tsx'

export type UploadForm = { title: string; description: string; difficulty: string; type: string; content: string; solvedContent: string }

/** View of `/admin/actividad/{classId}` and of a teacher's `/profe/actividad/{classId}`: what was typed comes back with what is wrong with it. */
export type ClassActivityView = {
  /** Whose page it is. */
  area: 'admin' | 'profe'
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
  /** Lines with gaps of what the teacher sent that get no field. */
  leftLines: readonly LeftLine[]
  /** `answered`, `unsolved`: names of those who did something about what they have, and of those who did not. */
  upload: { values: UploadForm; error: string | null; answered: readonly string[]; unsolved: readonly string[] }
}

export function ClassActivityPage({ chrome, ...view }: ClassActivityView & { chrome: Chrome }) {
  const base = `/${view.area}/actividad/${view.classId}`
  return (
    <Frame chrome={chrome} view={view}>
      <header>
        <h1>{TITLE}</h1>
        <p class="soft">
          Clase del {formatDate(view.startsAt)} {wallTime(view.startsAt)}
          {view.objective === null ? null : <span class="clip">. Objetivo: {view.objective}</span>}
        </p>
      </header>
      {view.problem === null ? null : <Refused problem={view.problem} />}
      {view.isFinished ? null : <Notice kind="info">La actividad se prepara cuando termina la clase.</Notice>}
      <Notes base={base} notes={view.notes} />
      {view.isFinished && view.transcript ? <Transcript base={base} transcript={view.transcript} /> : null}
      {view.seats.some(({ task }) => task !== null) ? (
        <p class="soft measure">{view.isPending ? LATE_NOTES.pending : LATE_NOTES.sent}</p>
      ) : null}
      <section class="activity-admin" aria-labelledby="por-persona">
        <h2 id="por-persona">Qué recibe cada uno</h2>
        {view.leftLines.length === 0 ? null : <LeftLines lines={view.leftLines} />}
        {view.seats.map((seat) => (
          <Seat base={base} seat={seat} now={chrome.now} canRewrite={view.canRewrite} />
        ))}
      </section>
      <section class="activity-admin" aria-labelledby="con-ia">
        <h2 id="con-ia">Crear nuevo examen con Inteligencia Artificial</h2>
        <p class="soft measure">{generatingWords(view)}</p>
        {view.isFinished && view.isPending ? <GenerateAgain base={base} seats={view.seats} /> : null}
      </section>
      {view.seats.length > 0 && view.seats.every(({ isClosed }) => isClosed) ? (
        <p class="soft measure">{NOBODY_LEFT}</p>
      ) : (
        <Upload base={base} upload={view.upload} />
      )}
    </Frame>
  )
}

/** Exercises are made from what is there when the class ends. */
const LATE_NOTES = {
  pending:
    'Los ejercicios de esta clase ya están hechos: lo que anotes o pegues ahora les llega solo si elegís “Generar de nuevo”. A los próximos les llega igual.',
  sent: 'Los ejercicios de esta clase ya se enviaron: lo que anotes o pegues ahora les llega a los próximos.',
}

const TITLE = 'Actividad de la clase'

/** The panel around it for the admin; for a teacher the way back to the class. */
function Frame({ chrome, view: { area, classId }, children }: { chrome: Chrome; view: ClassActivityView; children?: Child }) {
  if (area === 'admin') {
    return (
      <AdminDocument chrome={chrome} title={TITLE}>
        {children}
      </AdminDocument>
    )
  }
  return (
    <Document chrome={chrome} title={TITLE}>
      <div class="admin-main">
        <a class="back-link" href={`/profe/clases/${classId}`}>
          <Icon name="left" />
          La clase
        </a>
        {children}
      </div>
    </Document>
  )
}

const NOBODY_LEFT = 'Quienes participaron cerraron sus cuentas: no hay a quién enviar un examen.'

/** Who makes the exercises, and whether they can be made anew. */
function generatingWords({ canRewrite, isPending }: ClassActivityView): string {
  if (!isPending)
    return 'Los ejercicios de esta clase ya se enviaron: no se hacen de nuevo. Podés corregir cada ítem, o enviar un examen tuyo.'
  return canRewrite
    ? 'La IA prepara los ejercicios cuando termina la clase. Mientras nadie los vio, podés pedir otros.'
    : 'Ahora no hay una IA conectada: los ejercicios salen del banco. Mientras nadie los vio, podés pedir otros.'
}

/** Drafts that were changed are named, and given up only on a second word. */
function GenerateAgain({ base, seats }: { base: string; seats: readonly SeatView[] }) {
  const edited = seats.filter(({ task }) => task?.state === 'draft' && task.isEdited).map(({ name }) => name)
  return (
    <form class="activity-admin" method="post" action={`${base}/generar`} id={ANCHOR.generate} data-once>
      {edited.length === 0 ? null : (
        <label class="check-line">
          <input type="checkbox" name="seguro" value="si" required />
          <span>Cambiaste el borrador de {edited.join(', ')}: si generás de nuevo, se pierden esos cambios. Generar igual.</span>
        </label>
      )}
      <p>
        <button type="submit" class="btn btn-quiet">
          <Icon name="refresh" />
          Generar de nuevo
        </button>
      </p>
    </form>
  )
}

const LINE_FLAW: Record<LeftLine['flaw'], string> = {
  unsolved: 'en el examen resuelto falta una respuesta',
  'other-text': 'el examen resuelto no dice lo mismo alrededor de los espacios',
  'many-gaps': 'tiene más de 6 espacios',
  long: 'es demasiado larga (hasta 500 caracteres, y 300 cada respuesta)',
  'many-lines': 'hay más de 60 líneas con espacios',
}

/** What the teacher's own text could not become, so that nothing is missing without a word. */
function LeftLines({ lines }: { lines: readonly LeftLine[] }) {
  return (
    <Notice kind="info">
      {lines.length === 1 ? 'Una línea con espacios no se completa en el sitio:' : 'Estas líneas con espacios no se completan en el sitio:'}
      <ul class="activity-admin-left">
        {lines.map(({ line, text, flaw }) => (
          <li>
            Línea {line}, <q lang="en">{text}</q>: {LINE_FLAW[flaw]}.
          </li>
        ))}
      </ul>
    </Notice>
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

function Upload({ base, upload }: { base: string; upload: ClassActivityView['upload'] }) {
  const { values, error, answered, unsolved } = upload
  const missing = (value: string) => (error !== null && value.trim() === '' ? 'Falta este dato.' : null)
  const long = (value: string) => (error !== null && value.trim().length > OWN_CHARACTERS_MAX ? TOO_LONG : null)
  return (
    <section aria-labelledby={ANCHOR.upload}>
      <h2 id={ANCHOR.upload}>Enviar un examen escrito por vos</h2>
      <p class="soft measure">Sin IA. Se enviarán dos versiones del examen: una sin resolver y otra resuelta</p>
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
        <p class="soft measure">
          {answered.length === 0
            ? 'Reemplaza lo que haya para todos los que participaron, y les avisamos la primera vez.'
            : unsolved.length === 0
              ? 'Ya respondieron todos: lo que tienen no se puede reemplazar.'
              : `Ya respondió ${answered.join(', ')}, que se queda con lo que tiene. La recibe quien todavía no respondió: ${unsolved.join(', ')}.`}
        </p>
        {answered.length === 0 ? (
          <p>
            <button type="submit" class="btn btn-primary">
              Enviar
            </button>
          </p>
        ) : unsolved.length > 0 ? (
          <p>
            <button type="submit" class="btn btn-primary" name="onlyUnsolved" value="si">
              Enviar solo a quienes no respondieron
            </button>
          </p>
        ) : null}
      </form>
    </section>
  )
}
