import type { Hono } from 'hono'
import { generateAgain, markText, publishDraft, saveNotes, uploadActivity } from '../../features/activity/teacher/commands.ts'
import { correctItem } from '../../features/activity/teacher/correct.ts'
import type { HeadFields } from '../../features/activity/teacher/head-form.ts'
import { fieldsOf, ITEM_KINDS, type ItemFields } from '../../features/activity/teacher/item-form.ts'
import { addItem, removeItem, rewriteItem, saveHead, saveItem, swapItem } from '../../features/activity/teacher/items.ts'
import { classActivity } from '../../features/activity/teacher/queries.ts'
import { TEACHER_STATUS, type TeacherRefusal } from '../../features/activity/teacher/rules.ts'
import { TEACHER_TEXT } from '../../features/activity/teacher/text.es.ts'
import { forgetTranscript, saveTranscript } from '../../features/activity/transcript/commands.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { ClassActivityPage, type UploadForm } from '../pages/admin/activity.tsx'
import { ANCHOR } from '../pages/admin/activity-view.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { answeredOf, blankId, leftLinesOf, problemOf, seatView, type Typed } from './admin-activity-views.ts'
import { viewerOf } from './guard.ts'

/** The admin decides about the exercises of every class, a teacher about those of their own: the same pages, told apart by the commands. */
const AREAS = ['admin', 'profe'] as const

/** What each person of a class gets to do: drafts, the teacher's own, marks, and the notes of the class (behaviour 4.23). */
export function mountClassActivity(app: Hono<AppEnv>, site: SiteOptions): void {
  for (const area of AREAS) {
    const path = `/${area}/actividad/:classId`
    const item = `${path}/tareas/:taskId/items/:itemId`
    app.get(path, (c) => show(c, site))
    app.post(path, (c) => upload(c, site))
    app.post(`${path}/notas`, (c) => notes(c, site))
    app.post(`${path}/transcripcion`, (c) => transcript(c, site))
    app.post(`${path}/generar`, (c) => generate(c, site))
    app.post(`${path}/tareas/:taskId/publicar`, (c) => publish(c, site))
    app.post(`${path}/tareas/:taskId/datos`, (c) => changeHead(c, site))
    app.post(`${path}/tareas/:taskId/items`, (c) => addOwnItem(c, site))
    app.post(item, (c) => changeItem(c, site))
    app.post(`${item}/correccion`, (c) => mark(c, site))
  }
}

/** Where the viewer has the exercises of classes, whichever of the two addresses they came by. */
function areaOf(c: AppContext): (typeof AREAS)[number] {
  return viewerOf(c).role === 'ADMIN' ? 'admin' : 'profe'
}

const DONE: Record<string, Notice> = {
  enviada: { kind: 'ok', text: 'Enviamos la actividad.' },
  notas: { kind: 'ok', text: 'Guardamos tus notas.' },
  transcripcion: { kind: 'ok', text: 'Guardamos la transcripción.' },
  borrada: { kind: 'ok', text: 'Borramos la transcripción.' },
  generando: { kind: 'ok', text: 'Estamos preparando ejercicios nuevos. Actualizá la página en un momento.' },
  publicada: { kind: 'ok', text: 'La actividad está publicada.' },
  datos: { kind: 'ok', text: 'Guardamos el título y el texto.' },
  guardado: { kind: 'ok', text: 'Guardamos el ítem.' },
  agregado: { kind: 'ok', text: 'Agregamos el ítem.' },
  quitado: { kind: 'ok', text: 'Quitamos el ítem.' },
  cambiado: { kind: 'ok', text: 'Cambiamos el ítem por otro del banco.' },
  reescrito: { kind: 'ok', text: 'El modelo escribió otro ítem: revisalo antes de publicar.' },
  'del-banco': { kind: 'info', text: 'El modelo no respondió como debía: pusimos otro ítem del banco.' },
  'item-corregido': {
    kind: 'ok',
    text: 'Corregimos el ítem: si ya estaba respondido, nadie perdió puntos. Los textos conservan su corrección.',
  },
  corregido: { kind: 'ok', text: 'Guardamos la corrección: ya la puede ver.' },
}

async function show(c: AppContext, site: SiteOptions, typed: Typed = {}): Promise<Response> {
  const classId = c.req.param('classId') ?? ''
  const area = areaOf(c)
  // An admin who gives the class has the page of the panel.
  if (c.req.method === 'GET' && !c.req.path.startsWith(`/${area}/`)) return c.redirect(`/${area}/actividad/${encodeURIComponent(classId)}`)
  const found = isUuid(classId) ? await classActivity(c.get('deps'), viewerOf(c), classId) : null
  if (!found) return errorPage(c, site, 404, TEACHER_TEXT['unknown-class'])
  const { about } = found
  const error = typed.reason === undefined ? null : TEACHER_TEXT[typed.reason]
  const said = typed.reason === undefined ? (DONE[c.req.query('ok') ?? ''] ?? null) : null
  const seats = found.seats.map((seat) => seatView(seat, typed, error, seat.task?.id === c.req.query('tarea') ? said : null))
  const isSaidThere = seats.some(({ notice }) => notice !== null)
  const chrome = await chromeOf(c, site, isSaidThere ? null : said)
  return render(
    c,
    <ClassActivityPage
      chrome={chrome}
      area={area}
      classId={classId}
      startsAt={about.startsAt}
      objective={about.learningFocus}
      isFinished={about.status === 'completed'}
      canRewrite={c.get('deps').exercises !== null}
      isPending={about.activityStatus === 'pending'}
      seats={seats}
      leftLines={leftLinesOf(seats)}
      problem={problemOf(typed, error, seats)}
      notes={{ values: typed.notes ?? found.notes, error: typed.notes ? error : null }}
      transcript={
        found.transcript && { ...found.transcript, text: typed.transcript ?? '', error: typed.transcript === undefined ? null : error }
      }
      upload={{ values: typed.upload ?? NOTHING_TYPED, error: typed.upload ? error : null, ...answeredOf(found.seats) }}
    />,
    typed.reason === undefined ? 200 : TEACHER_STATUS[typed.reason],
  )
}

const NOTHING_TYPED: UploadForm = { title: '', description: '', difficulty: 'medium', type: 'exam', content: '', solvedContent: '' }

/** The addressed ids; null when one of them cannot be the id of anything. */
function idsOf(c: AppContext): { classId: string; taskId: string; itemId: string } | null {
  const { classId = '', taskId, itemId = '' } = c.req.param() as Record<string, string>
  return isUuid(classId) && (taskId === undefined || isUuid(taskId)) ? { classId, taskId: taskId ?? '', itemId } : null
}

/** Back to the page, and on it to the exercise that it was about: the page is long. */
function done(c: AppContext, classId: string, what: keyof typeof DONE, taskId?: string): Response {
  const place = taskId === undefined ? '' : `&tarea=${taskId}#${ANCHOR.task(taskId)}`
  return c.redirect(`/${areaOf(c)}/actividad/${classId}?ok=${what}${place}`, 303)
}

function refused(c: AppContext, site: SiteOptions, reason: TeacherRefusal, typed: Typed = {}): Promise<Response> {
  return Object.keys(typed).length === 0 || TEACHER_STATUS[reason] === 404
    ? errorPage(c, site, TEACHER_STATUS[reason], TEACHER_TEXT[reason])
    : show(c, site, { ...typed, reason })
}

async function upload(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-class')
  const form = await readForm(c)
  const typed = {
    title: field(form, 'title'),
    description: field(form, 'description'),
    difficulty: field(form, 'difficulty'),
    type: field(form, 'type'),
    content: field(form, 'content'),
    solvedContent: field(form, 'solvedContent'),
  }
  const sent = { ...typed, onlyUnsolved: field(form, 'onlyUnsolved') }
  const uploaded = await uploadActivity(c.get('deps'), viewerOf(c), ids.classId, sent)
  return uploaded.ok ? done(c, ids.classId, 'enviada') : refused(c, site, uploaded.reason, { upload: typed })
}

async function notes(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-class')
  const form = await readForm(c)
  const typed = { wentWell: field(form, 'wentWell'), errorsHeard: field(form, 'errorsHeard'), vocabulary: field(form, 'vocabulary') }
  const saved = await saveNotes(c.get('deps'), viewerOf(c), ids.classId, typed)
  return saved.ok ? done(c, ids.classId, 'notas') : refused(c, site, saved.reason, { notes: typed })
}

async function transcript(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-class')
  const form = await readForm(c)
  if (field(form, 'ir') === 'borrar') {
    const forgotten = await forgetTranscript(c.get('deps'), viewerOf(c), ids.classId)
    return forgotten.ok ? done(c, ids.classId, 'borrada') : refused(c, site, forgotten.reason)
  }
  const text = field(form, 'transcripcion')
  const saved = await saveTranscript(c.get('deps'), viewerOf(c), ids.classId, text)
  return saved.ok ? done(c, ids.classId, 'transcripcion') : refused(c, site, saved.reason, { transcript: text })
}

async function generate(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-class')
  const dropsEdits = field(await readForm(c), 'seguro') === 'si'
  const generated = await generateAgain(c.get('deps'), viewerOf(c), ids.classId, { dropsEdits })
  return generated.ok ? done(c, ids.classId, 'generando') : refused(c, site, generated.reason, { generate: true })
}

async function publish(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  const published = ids ? await publishDraft(c.get('deps'), viewerOf(c), ids.taskId) : null
  return ids && published?.ok ? done(c, ids.classId, 'publicada', ids.taskId) : errorPage(c, site, 404, TEACHER_TEXT['unknown-activity'])
}

async function changeHead(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-activity')
  const form = await readForm(c)
  const fields: HeadFields = {
    title: field(form, 'title'),
    readingTitle: field(form, 'readingTitle'),
    readingBody: field(form, 'readingBody'),
  }
  const saved = await saveHead(c.get('deps'), viewerOf(c), ids.taskId, fields)
  if (saved.ok) return done(c, ids.classId, 'datos', ids.taskId)
  return refused(c, site, saved.reason, { head: { taskId: ids.taskId, fields, errors: saved.detail ?? null } })
}

async function changeItem(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-activity')
  const deps = c.get('deps')
  const { classId, taskId, itemId } = ids
  const form = await readForm(c)
  if (field(form, 'ir') === 'cambiar') {
    const swapped = await swapItem(deps, viewerOf(c), taskId, itemId)
    if (swapped.ok) return done(c, classId, 'cambiado', taskId)
    return refused(c, site, swapped.reason, { item: { taskId, itemId, fields: null, errors: null } })
  }
  if (field(form, 'ir') === 'quitar') {
    const removed = await removeItem(deps, viewerOf(c), taskId, itemId)
    if (removed.ok) return done(c, classId, 'quitado', taskId)
    return refused(c, site, removed.reason, { item: { taskId, itemId, fields: null, errors: null } })
  }
  if (field(form, 'ir') === 'reescribir') {
    const rewritten = await rewriteItem(deps, viewerOf(c), taskId, itemId)
    if (rewritten.ok) return done(c, classId, rewritten.value === 'model' ? 'reescrito' : 'del-banco', taskId)
    return refused(c, site, rewritten.reason, { item: { taskId, itemId, fields: null, errors: null } })
  }
  const fields = fieldsTyped(form)
  if (field(form, 'ir') === 'corregir') {
    const corrected = await correctItem(deps, viewerOf(c), taskId, itemId, fields)
    if (corrected.ok) return done(c, classId, 'item-corregido', taskId)
    return refused(c, site, corrected.reason, { item: { taskId, itemId, fields, errors: corrected.detail ?? null } })
  }
  const saved = await saveItem(deps, viewerOf(c), taskId, itemId, fields)
  if (saved.ok) return done(c, classId, 'guardado', taskId)
  return refused(c, site, saved.reason, { item: { taskId, itemId, fields, errors: saved.detail ?? null } })
}

async function addOwnItem(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-activity')
  const form = await readForm(c)
  const sent = field(form, 'kind')
  const fields = fieldsTyped(form)
  const added = await addItem(c.get('deps'), viewerOf(c), ids.taskId, sent, fields)
  if (added.ok) return done(c, ids.classId, 'agregado', ids.taskId)
  const kind = ITEM_KINDS.find((each) => each === sent)
  const typed: Typed = kind ? { item: { taskId: ids.taskId, itemId: blankId(kind), fields, errors: added.detail ?? null } } : {}
  return refused(c, site, added.reason, typed)
}

function fieldsTyped(form: FormData | null): ItemFields {
  const names = new Set(ITEM_KINDS.flatMap(fieldsOf))
  return Object.fromEntries([...names].map((name) => [name, field(form, name)])) as ItemFields
}

async function mark(c: AppContext, site: SiteOptions): Promise<Response> {
  const ids = idsOf(c)
  if (!ids) return refused(c, site, 'unknown-activity')
  const form = await readForm(c)
  const comment = field(form, 'comentario')
  // An empty choice is no 0.
  const points = (form?.getAll('punto') ?? []).map((point) => (point === '' ? Number.NaN : Number(point)))
  const textHash = field(form, 'texto')
  const marked = await markText(c.get('deps'), viewerOf(c), ids.taskId, ids.itemId, { points, comment, textHash })
  return marked.ok
    ? done(c, ids.classId, 'corregido', ids.taskId)
    : refused(c, site, marked.reason, { mark: { ...ids, textHash, comment } })
}
