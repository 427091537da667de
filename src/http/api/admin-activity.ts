import { z } from 'zod'
import { generateAgain, uploadActivity } from '../../features/activity/teacher/commands.ts'
import { OwnActivity, TEACHER_STATUS, type TeacherRefusal } from '../../features/activity/teacher/rules.ts'
import { TEACHER_TEXT } from '../../features/activity/teacher/text.es.ts'
import type { AppContext } from '../context.ts'
import { type Endpoint, fail, readJson } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

const OkFlag = z.object({ success: z.literal(true) })

export const uploadActivityEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/classes/{id}/activity',
  summary: 'Sube o reemplaza la actividad de una clase terminada, para todos los que participaron',
  auth: 'teacher',
  body: OwnActivity,
  responses: {
    200: { description: 'Publicada', schema: OkFlag },
    400: { description: TEACHER_TEXT['bad-activity'] },
    404: { description: TEACHER_TEXT['unknown-class'] },
    409: { description: `${TEACHER_TEXT['not-finished']}, o ya tiene respuestas` },
  },
  async handle(c, viewer) {
    const id = z.uuid().safeParse(c.req.param('id'))
    if (!id.success) return refused(c, 'unknown-class')
    const body = await readJson(c)
    if (!body.ok) return fail(c, 400, API_TEXT.notJson)
    const uploaded = await uploadActivity(c.get('deps'), viewer, id.data, body.value)
    return uploaded.ok ? c.json({ success: true }) : refused(c, uploaded.reason)
  },
}

export const generateActivityEndpoint: Endpoint = {
  method: 'POST',
  path: '/api/admin/classes/{id}/activity/generate',
  summary: 'Genera de nuevo los ejercicios de una clase, mientras no se haya publicado ninguno',
  auth: 'teacher',
  responses: {
    200: { description: 'En preparación', schema: OkFlag },
    404: { description: TEACHER_TEXT['unknown-class'] },
    409: { description: `${TEACHER_TEXT['not-finished']}, o ya está publicada` },
  },
  async handle(c, viewer) {
    const id = z.uuid().safeParse(c.req.param('id'))
    if (!id.success) return refused(c, 'unknown-class')
    // A program that asks for it means it; the page asks first.
    const generated = await generateAgain(c.get('deps'), viewer, id.data, { dropsEdits: true })
    return generated.ok ? c.json({ success: true }) : refused(c, generated.reason)
  },
}

function refused(c: AppContext, reason: TeacherRefusal): Response {
  return fail(c, TEACHER_STATUS[reason], TEACHER_TEXT[reason])
}
