import type { Hono } from 'hono'
import { ownInvitation } from '../../features/academy/invitation.ts'
import { saveNotes } from '../../features/activity/teacher/commands.ts'
import { notesOf } from '../../features/activity/teacher/queries.ts'
import type { ClassNotes } from '../../features/activity/teacher/rules.ts'
import { TEACHER_STATUS } from '../../features/activity/teacher/rules.ts'
import { TEACHER_TEXT } from '../../features/activity/teacher/text.es.ts'
import { NOTHING_WAITS, waitingWork } from '../../features/activity/teacher/waiting.ts'
import { needsReconnect } from '../../features/meeting/connection.ts'
import { isJoinable } from '../../features/virtual-class/rules.ts'
import { comingClassesOf, givenClassesOf, type TaughtRecord, taughtClass } from '../../features/virtual-class/teaching.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { TaughtClassPage } from '../pages/teaching/taught-class.tsx'
import { TeachingPage } from '../pages/teaching/teaching.tsx'
import type { TaughtClass } from '../pages/teaching/view.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { mountClassParts, type TypedOnClass } from './class-parts.tsx'
import { teacherView } from './class-record.tsx'
import { viewerOf } from './guard.ts'

const PATH = '/profe/clases'
const UNKNOWN_CLASS = 'No se encontró la clase'

const DONE: Record<string, Notice> = {
  sala: { kind: 'ok', text: 'Guardamos la sala. Si cambió el enlace, avisamos a quienes participan.' },
  meet: { kind: 'ok', text: 'La clase vuelve a ser en Google Meet.' },
  asistencia: { kind: 'ok', text: 'Guardamos la asistencia.' },
  notas: { kind: 'ok', text: 'Guardamos tus notas.' },
}

/** What a teacher who is no admin sees and decides: their own classes, and nothing else of the academy (decision 029). */
export function mountTeaching(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/profe', (c) => showList(c, site))
  app.get(`${PATH}/:id`, (c) => showClass(c, site))
  mountClassParts(app, site, {
    path: PATH,
    mayDecide: async (c) => (await recordOf(c)) !== null,
    show: (c, typed) => showClass(c, site, typed, 400),
  })
  app.get(`${PATH}/:id/notas`, (c) => c.redirect(`${PATH}/${encodeURIComponent(c.req.param('id'))}`))
  app.post(`${PATH}/:id/notas`, (c) => note(c, site))
}

async function showList(c: AppContext, site: SiteOptions): Promise<Response> {
  const { id: userId, teacherId, isActiveTeacher } = viewerOf(c)
  // An admin who gives no classes has the panel.
  if (teacherId === null) return c.redirect('/admin')
  const deps = c.get('deps')
  const { db, clock, config } = deps
  const now = clock.now()
  const invitation = (await needsReconnect(deps, userId)) ? await ownInvitation(deps, userId) : null
  const [coming, given, waiting] = await Promise.all([
    comingClassesOf(db.handle, teacherId, now),
    givenClassesOf(db.handle, teacherId, now),
    isActiveTeacher ? waitingWork(db.handle, { teacherId }, now) : NOTHING_WAITS,
  ])
  const shown = (rows: typeof coming): TaughtClass[] =>
    rows.map(({ classType: type, maxParticipants: peopleMax, learningFocus, ...row }) => ({
      ...row,
      type,
      peopleMax,
      objective: learningFocus?.trim() || null,
      preparing: row.status === 'pending',
      activityHref: activityHrefOf(c, row),
      enterHref: isJoinable(row, config.joinLeadMinutes, now) ? `/api/classes/${row.id}/join` : null,
    }))
  return render(
    c,
    <TeachingPage
      chrome={await chromeOf(c, site)}
      coming={shown(coming)}
      given={shown(given)}
      waiting={waiting}
      joinLeadMinutes={config.joinLeadMinutes}
      reconnectWith={URL.parse(invitation ?? '')?.searchParams.get('invitacion') ?? null}
    />,
  )
}

function activityHrefOf(c: AppContext, { id, status }: Pick<TaughtRecord['bookedClass'], 'id' | 'status'>): string | null {
  return status === 'completed' && viewerOf(c).isActiveTeacher ? `/profe/actividad/${id}` : null
}

/** The class of the address, if the viewer gives it. */
async function recordOf(c: AppContext): Promise<TaughtRecord | null> {
  const { teacherId } = viewerOf(c)
  const id = c.req.param('id') ?? ''
  return teacherId !== null && isUuid(id) ? taughtClass(c.get('deps').db.handle, teacherId, id) : null
}

type Typed = TypedOnClass | { notes: { values: ClassNotes; error: string } }

async function showClass(c: AppContext, site: SiteOptions, typed: Typed | null = null, status: 200 | ErrorStatus = 200): Promise<Response> {
  // Mails lead every teacher here; the admin's page of a class has more.
  if (viewerOf(c).role === 'ADMIN') return c.redirect(`/admin/clases/${encodeURIComponent(c.req.param('id') ?? '')}`)
  const record = await recordOf(c)
  if (!record) return errorPage(c, site, 404, UNKNOWN_CLASS)
  const deps = c.get('deps')
  const now = deps.clock.now()
  const { bookedClass, hostName, roster } = record
  const { id, startsAt, endsAt, classType, status: state, learningFocus, cancelReason, maxParticipants } = bookedClass
  const enterHref = isJoinable(bookedClass, deps.config.joinLeadMinutes, now) ? `/api/classes/${id}/join` : null
  return render(
    c,
    <TaughtClassPage
      chrome={await chromeOf(c, site, DONE[c.req.query('ok') ?? ''] ?? null)}
      {...{ id, startsAt, endsAt, hostName, cancelReason, enterHref, status: state, activityHref: activityHrefOf(c, bookedClass) }}
      type={classType}
      people={Math.max(1, roster.length)}
      peopleMax={maxParticipants}
      guestNames={roster.slice(1).map(({ name }) => name)}
      objective={learningFocus?.trim() || null}
      preparing={state === 'pending'}
      teacher={teacherView(record, now, typed && 'room' in typed ? typed : null, enterHref)}
      notes={typed && 'notes' in typed ? typed.notes : { values: await notesOf(deps, id), error: null }}
    />,
    status,
  )
}

async function note(c: AppContext, site: SiteOptions): Promise<Response> {
  const record = await recordOf(c)
  if (!record) return errorPage(c, site, 404, UNKNOWN_CLASS)
  const form = await readForm(c)
  const values = { wentWell: field(form, 'wentWell'), errorsHeard: field(form, 'errorsHeard'), vocabulary: field(form, 'vocabulary') }
  const saved = await saveNotes(c.get('deps'), viewerOf(c), record.bookedClass.id, values)
  if (saved.ok) return c.redirect(`${PATH}/${record.bookedClass.id}?ok=notas`, 303)
  return showClass(c, site, { notes: { values, error: TEACHER_TEXT[saved.reason] } }, TEACHER_STATUS[saved.reason])
}
