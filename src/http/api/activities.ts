import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { saveAnswers, solutionOf, startActivity, submitActivity } from '../../features/activity/commands.ts'
import { anyActivity, countActivities, ownActivities, ownActivity } from '../../features/activity/queries.ts'
import {
  ACTIVITY_STATUS,
  type ActivityRefusal,
  openItem,
  SAVES_PER_10_MINUTES,
  SUBMISSIONS_PER_10_MINUTES,
} from '../../features/activity/rules.ts'
import { ACTIVITY_TEXT } from '../../features/activity/text.es.ts'
import type { Viewer } from '../../features/identity/store.ts'
import { isUuid } from '../../kernel/ids.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { pageOf } from '../../kernel/paging.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const PAGE_SIZE = 50
const PREVIEW_CHARACTERS = 140

const Answer = z.union([z.string(), z.number(), z.array(z.union([z.string(), z.number(), z.null()])), z.null()])
const AnswersBody = z.object({ answers: z.record(z.string(), Answer) })
const NOT_FOUND = { 404: { description: 'Actividad desconocida o ajena' } }

export const activitiesEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/activities',
  summary: 'Las actividades propias, la más nueva primero, de a 50',
  auth: 'login',
  query: z.object({ page: z.string().optional() }),
  responses: { 200: { description: 'Actividades' } },
  async handle(c, viewer) {
    const { handle } = c.get('deps').db
    const total = await countActivities(handle, viewer.id)
    const { limit, offset, page, pagesTotal } = pageOf(c.req.query('page'), total, PAGE_SIZE)
    const rows = await ownActivities(handle, viewer.id, { limit, offset })
    return c.json({
      response: rows.map((row) => ({
        id: row.id,
        title: row.title,
        classDate: row.classStartsAt.toISOString(),
        participants: row.participants,
        type: row.type,
        difficulty: row.difficulty,
        completed: row.submittedAt !== null,
        preview: row.description.slice(0, PREVIEW_CHARACTERS),
      })),
      page,
      pagesTotal,
    })
  },
}

export const activityEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/activities/{id}',
  summary: 'Una actividad propia (para el profesor, cualquiera), sin la solución',
  auth: 'login',
  responses: { 200: { description: 'La actividad y lo hecho hasta ahora' }, ...NOT_FOUND },
  async handle(c, viewer) {
    const id = idOf(c)
    const { handle } = c.get('deps').db
    const activity = id === null ? null : await (viewer.role === 'ADMIN' ? anyActivity(handle, id) : ownActivity(handle, viewer.id, id))
    if (!activity) return refused(c, 'unknown-activity')
    const { exercise, work } = activity
    return c.json({
      response: {
        id: activity.id,
        title: activity.title,
        description: activity.description,
        difficulty: activity.difficulty,
        type: activity.type,
        content: activity.content,
        reading: exercise?.reading ?? null,
        items: exercise?.items.map(openItem) ?? [],
        startedAt: work?.startedAt.toISOString() ?? null,
        completed: work?.submittedAt != null,
        answers: work?.answers ?? {},
        score: work?.score ?? null,
        total: work?.total ?? null,
      },
    })
  },
}

export const startActivityEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/activities/{id}/start',
  summary: 'Empezar una actividad; repetirlo no cambia nada',
  auth: 'login',
  responses: { 200: { description: 'Cuándo empezó' }, ...NOT_FOUND },
  async handle(c, viewer) {
    const id = idOf(c)
    const started = id === null ? null : await startActivity(c.get('deps'), viewer.id, id)
    if (!started?.ok) return refused(c, started?.reason ?? 'unknown-activity')
    const { startedAt, solutionFrom } = started.value
    return c.json({ success: true, startedAt: startedAt.toISOString(), solutionAvailableAt: solutionFrom?.toISOString() ?? null })
  },
}

export const saveAnswersEndpoint: Endpoint = {
  method: 'PUT',
  path: '/api/activities/{id}/answers',
  summary: 'Guardar algunas respuestas sin entregarlas',
  auth: 'login',
  limitPer10Minutes: SAVES_PER_10_MINUTES,
  body: AnswersBody,
  responses: { 200: { description: 'Guardadas' }, 400: { description: 'Respuestas inválidas' }, ...NOT_FOUND },
  handle: (c, viewer) => withAnswers(c, viewer, saveAnswers, () => ({ success: true })),
}

export const submitActivityEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/activities/{id}/submit',
  summary: 'Entregar las respuestas; cuenta el mejor puntaje',
  auth: 'login',
  limitPer10Minutes: SUBMISSIONS_PER_10_MINUTES,
  body: AnswersBody,
  responses: { 200: { description: 'Puntaje y corrección' }, 400: { description: 'Respuestas inválidas' }, ...NOT_FOUND },
  handle: (c, viewer) =>
    withAnswers(c, viewer, submitActivity, ({ grade, best }) => ({
      success: true,
      score: best.score,
      total: best.total,
      feedback: grade.items,
      waiting: grade.waiting,
    })),
}

export const solutionEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/activities/{id}/solution',
  summary: 'La solución, después de la propia entrega',
  auth: 'login',
  responses: { 200: { description: 'La solución' }, 403: { description: 'Todavía no está disponible' }, ...NOT_FOUND },
  async handle(c, viewer) {
    const id = idOf(c)
    const solution = id === null ? null : await solutionOf(c.get('deps'), viewer.id, id)
    if (!solution?.ok) return refused(c, solution?.reason ?? 'unknown-activity')
    const { exercise, solvedContent } = solution.value
    return c.json({ response: { items: exercise?.items ?? [], solvedContent } })
  },
}

function idOf(c: AppContext): string | null {
  const id = c.req.param('id') ?? ''
  return isUuid(id) ? id : null
}

function refused(c: AppContext, reason: ActivityRefusal): Response {
  return fail(c, ACTIVITY_STATUS[reason], ACTIVITY_TEXT[reason])
}

/** Hands the `answers` of the body, whatever they are, to a command about the addressed activity. */
async function withAnswers<T>(
  c: AppContext,
  viewer: Viewer,
  command: (deps: Deps, userId: string, taskId: string, sent: unknown) => Promise<Outcome<T, ActivityRefusal>>,
  present: (value: T) => Record<string, unknown>,
): Promise<Response> {
  const body = await readJson(c)
  if (!body.ok) return fail(c, 400, API_TEXT.notJson)
  const id = idOf(c)
  if (id === null) return refused(c, 'unknown-activity')
  const sent = typeof body.value === 'object' && body.value !== null && 'answers' in body.value ? body.value.answers : null
  const done = await command(c.get('deps'), viewer.id, id, sent)
  return done.ok ? c.json(present(done.value)) : refused(c, done.reason)
}
