import type { Volume } from '../../support/volume.ts'
import type { World } from '../../support/world.ts'
import type { Landmarks, Who } from './site.ts'

/** One request that changes something: by its form, or as JSON. */
export interface Write {
  who: Who | 'leaver'
  path: string
  form?: Record<string, string>
  json?: Record<string, unknown>
}

/**
 * What is sent to every route that writes, in this order and successfully, by method and pattern. Each is about something of its own, so that none
 * finds done what another did. `free`: slots that can be had; `leaverEmail`: of whoever closes their account.
 */
export async function writesOf(
  world: World,
  { ticketId, teacherId }: Landmarks,
  { studentId }: Volume,
  free: readonly { start: string; end: string }[],
  leaverEmail: string,
): Promise<Record<string, Write>> {
  const now = world.clock.now()
  const one = async (text: string, values: unknown[] = []): Promise<string> => {
    const [row] = await world.rows<{ one: string }>(text, values)
    if (!row) throw new Error(`There is nothing to write to: ${text}`)
    return row.one
  }
  const slot = (index: number) => ({ start: free[index]?.start ?? '', end: free[index]?.end ?? '' })
  const ownAhead = `SELECT id FROM virtual_class WHERE booked_by_id = $1 AND status = 'scheduled' AND starts_at > $2`
  const [first, second, third] = (
    await world.rows<{ id: string }>(`${ownAhead} ORDER BY class_type DESC, starts_at`, [studentId, now])
  ).map(({ id }) => id)
  const seat = await one(`SELECT id AS one FROM participation WHERE rol = 'participante' AND class_id IN (${ownAhead}) LIMIT 1`, [
    studentId,
    now,
  ])
  const seatOf = await one('SELECT class_id AS one FROM participation WHERE id = $1', [seat])
  const guestIn = await one(
    `SELECT c.id AS one FROM participation p JOIN virtual_class c ON c.id = p.class_id
     WHERE p.user_id = $1 AND p.rol = 'participante' AND c.status = 'scheduled' AND c.starts_at > $2`,
    [studentId, now],
  )
  let taken = 60
  /** One more class of others that lies ahead. */
  const ahead = () =>
    one(
      `SELECT id AS one FROM virtual_class WHERE status = 'scheduled' AND teacher_id = $1 AND booked_by_id <> $2 AND starts_at > $3
       ORDER BY starts_at, id LIMIT 1 OFFSET $4`,
      [teacherId, studentId, now, taken++],
    )
  /** The code of one that begins so soon, whose doors are open and that has a seat left. */
  const openCode = async (minutes: number, nth: number) => {
    const id = await one(
      `SELECT id AS one FROM virtual_class AS c WHERE status = 'scheduled' AND teacher_id = $1 AND booked_by_id <> $2 AND starts_at > $3
         AND (SELECT count(*) FROM participation WHERE class_id = c.id) < max_participants
         AND NOT EXISTS (SELECT FROM participation WHERE class_id = c.id AND user_id = $2) ORDER BY starts_at, id LIMIT 1 OFFSET $4`,
      [teacherId, studentId, now, nth],
    )
    await world.rows(
      `UPDATE virtual_class SET starts_at = $2::timestamptz + $3 * interval '1 minute', ends_at = $2::timestamptz + ($3 + 15) * interval '1 minute'
       WHERE id = $1`,
      [id, now, minutes],
    )
    return one('SELECT code AS one FROM access_code WHERE class_id = $1 AND retired_at IS NULL', [id])
  }
  let given = 0
  /** One more class that was given. */
  const done = () =>
    one(
      `SELECT id AS one FROM virtual_class WHERE status = 'completed' AND teacher_id = $1 ORDER BY starts_at DESC, id LIMIT 1 OFFSET $2`,
      [teacherId, given++],
    )
  /** One that has no exercise of the teacher's. */
  const ungiven = (nth: number) =>
    one(
      `SELECT id AS one FROM virtual_class AS c WHERE status = 'completed' AND teacher_id = $1 AND activity_status = 'pending'
         AND NOT EXISTS (SELECT FROM task WHERE class_id = c.id) ORDER BY starts_at DESC, id LIMIT 1 OFFSET $2`,
      [teacherId, 20 + nth],
    )
  const paid = () =>
    one(
      `SELECT id AS one FROM payment_order WHERE status = 'approved' AND class_id IN (
         SELECT id FROM virtual_class WHERE status = 'completed') ORDER BY created_at DESC LIMIT 1`,
    )
  const openCase = () => one('SELECT id AS one FROM attention_case WHERE resolved_at IS NULL ORDER BY id LIMIT 1')
  const otherSession = await one(
    `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, used_at, expires_at)
     VALUES (md5('elsewhere') || md5('else'), gen_random_uuid(), $1, $2, $2, $2, $2::timestamptz + interval '1 day') RETURNING public_id AS one`,
    [studentId, now],
  )
  await world.rows(`UPDATE support_ticket SET status = 'OPEN' WHERE id = $1`, [ticketId])
  const closedTime = () =>
    one(
      `INSERT INTO blackout (id, teacher_id, starts_at, ends_at, created_at)
       VALUES (gen_random_uuid(), $1, $2::timestamptz + interval '50 days', $2::timestamptz + interval '51 days', $2) RETURNING id AS one`,
      [teacherId, now],
    )
  const guestOf = async (id: string) => one('SELECT user_id AS one FROM participation WHERE class_id = $1 ORDER BY seat LIMIT 1', [id])
  const notes = { wentWell: 'Mucho', errorsHeard: 'Past simple', vocabulary: 'meeting' }
  const own = {
    title: 'Repaso',
    description: 'Tiempos verbales',
    difficulty: 'medium',
    type: 'exam',
    content: 'Complete.',
    solvedContent: 'Completed.',
  }
  const ticket = { description: 'No encuentro el comprobante de mi pago', category: 'PAGOS' }
  const begun = await one(
    'SELECT id AS one FROM task WHERE user_id = $1 AND id NOT IN (SELECT task_id FROM activity_submission WHERE user_id = $1) LIMIT 1',
    [studentId],
  )
  const preferenceId = await one(
    'SELECT preference_id AS one FROM payment_order WHERE user_id = $1 AND class_id IS NULL ORDER BY created_at DESC LIMIT 1',
    [studentId],
  )
  const rooms = [await ahead(), await ahead()]
  const failed = await ahead()
  await world.rows(`UPDATE virtual_class SET calendar_state = 'failed', calendar_error = 'unavailable' WHERE id = $1`, [failed])
  const colleague = await one('SELECT id AS one FROM teacher WHERE id <> $1 ORDER BY created_at LIMIT 1', [teacherId])
  const attended = await done()
  const attendedByTeacher = await done()
  const ofStudent = (key: string, path: string, body: Omit<Write, 'who' | 'path'> = {}) => ({
    [key]: { who: 'student' as const, path, ...body },
  })
  const ofAdmin = (key: string, path: string, body: Omit<Write, 'who' | 'path'> = {}) => ({
    [key]: { who: 'admin' as const, path, ...body },
  })
  const ofTeacher = (key: string, path: string, body: Omit<Write, 'who' | 'path'> = {}) => ({
    [key]: { who: 'teacher' as const, path, ...body },
  })
  return {
    ...ofStudent('POST /api/classes/:id/code', `/api/classes/${first}/code`, { json: {} }),
    ...ofStudent('POST /inicio/clases/:id/codigo', `/inicio/clases/${second}/codigo`, { form: {} }),
    ...ofStudent('POST /api/classes/:id/seats/:participationId/release', `/api/classes/${seatOf}/seats/${seat}/release`, { json: {} }),
    ...ofStudent('POST /api/classes/:id/leave', `/api/classes/${guestIn}/leave`, { json: {} }),
    ...ofStudent('POST /api/classes/:id/reschedule', `/api/classes/${first}/reschedule`, { json: slot(0) }),
    ...ofStudent('POST /inicio/mis-clases-virtuales/:id/reprogramar', `/inicio/mis-clases-virtuales/${second}/reprogramar`, {
      form: { start: slot(1).start },
    }),
    ...ofStudent('POST /api/classes/:id/cancel', `/api/classes/${third}/cancel`),
    ...ofStudent('POST /inicio/clases/:id/cancelar', `/inicio/clases/${second}/cancelar`, { form: {} }),
    ...ofStudent('POST /api/access-code', '/api/access-code', { json: { accessCode: await openCode(20, 8) } }),
    ...ofStudent('POST /inicio/mis-clases-virtuales/unirme', '/inicio/mis-clases-virtuales/unirme', {
      form: { code: await openCode(40, 8) },
    }),
    ...ofStudent('POST /api/checkout', '/api/checkout', { json: slot(2) }),
    ...ofStudent('POST /inicio/pre-compra', '/inicio/pre-compra', { form: { ...slot(3), type: 'individual', text: 'Viajes' } }),
    ...ofStudent('POST /api/mercado-pago/create-preference', '/api/mercado-pago/create-preference', { json: { type: 'individual' } }),
    ...ofStudent('POST /api/booking', '/api/booking', { json: { ...slot(5), preferenceId } }),
    ...ofStudent('POST /api/tickets', '/api/tickets', { json: ticket }),
    ...ofStudent('POST /inicio/cda', '/inicio/cda', { form: { ...ticket, description: 'No puedo entrar a mi clase de hoy' } }),
    ...ofStudent('POST /api/tickets/:id/messages', `/api/tickets/${ticketId}/messages`, { json: { content: 'Gracias, ya lo encontré' } }),
    ...ofStudent('POST /inicio/tickets', '/inicio/tickets', { form: { ticketId, content: 'Y otra pregunta más' } }),
    ...ofStudent('POST /api/activities/:id/start', `/api/activities/${begun}/start`),
    ...ofStudent('PUT /api/activities/:id/answers', `/api/activities/${begun}/answers`, { json: { answers: {} } }),
    ...ofStudent('POST /api/activities/:id/submit', `/api/activities/${begun}/submit`, { json: { answers: {} } }),
    ...ofStudent('POST /actividad/:id/enviar', `/actividad/${begun}/enviar`, { form: {} }),
    ...ofStudent('POST /api/user-data', '/api/user-data', {
      json: { localidad: 'Rosario', nivel: 'basico', telefono: '', newsletter: 'no' },
    }),
    ...ofStudent('POST /preferencias', '/preferencias', { form: { idioma: 'es', tema: 'dark', volver: '/inicio' } }),
    ...ofStudent('POST /inicio/configuracion/datos', '/inicio/configuracion/datos', {
      form: { nombre: 'Ana Nro 0', localidad: 'Rosario', nivel: 'basico', telefono: '' },
    }),
    ...ofStudent('POST /inicio/configuracion/apariencia', '/inicio/configuracion/apariencia', {
      form: { tema: 'light', idioma: 'es', zona: '' },
    }),
    ...ofStudent('POST /inicio/configuracion/mails', '/inicio/configuracion/mails', { form: { dia: 'si' } }),
    ...ofStudent('POST /inicio/configuracion/transcripciones', '/inicio/configuracion/transcripciones', { form: { permitir: 'si' } }),
    ...ofStudent('POST /inicio/configuracion/sesiones/:id/cerrar', `/inicio/configuracion/sesiones/${otherSession}/cerrar`, { form: {} }),
    ...ofStudent('POST /inicio/configuracion/sesiones/cerrar-las-demas', '/inicio/configuracion/sesiones/cerrar-las-demas', { form: {} }),
    ...ofTeacher('POST /profe/clases/:id/notas', `/profe/clases/${attended}/notas`, { form: notes }),
    ...ofTeacher('POST /profe/actividad/:classId', `/profe/actividad/${await ungiven(3)}`, { form: own }),
    ...ofTeacher('POST /profe/actividad/:classId/notas', `/profe/actividad/${await done()}/notas`, { form: notes }),
    ...ofTeacher('POST /profe/clases/:id/sala', `/profe/clases/${rooms[0]}/sala`, { form: { url: 'https://zoom.us/j/123456789' } }),
    ...ofTeacher('POST /profe/actividad/:classId/generar', `/profe/actividad/${await ungiven(0)}/generar`, { form: { seguro: 'si' } }),
    ...ofTeacher('POST /profe/clases/:id/asistencia', `/profe/clases/${attendedByTeacher}/asistencia`, {
      form: { [`asistio_${await guestOf(attendedByTeacher)}`]: 'no' },
    }),
    ...ofAdmin('POST /admin/clases/:id/asistencia', `/admin/clases/${attended}/asistencia`, {
      form: { [`asistio_${await guestOf(attended)}`]: 'no' },
    }),
    ...ofAdmin('POST /admin/clases/:id/sala', `/admin/clases/${rooms[1]}/sala`, { form: { url: 'https://zoom.us/j/987654321' } }),
    ...ofAdmin('POST /admin/clases/:id/reintentar', `/admin/clases/${failed}/reintentar`, { form: {} }),
    ...ofAdmin('POST /admin/actividad/:classId', `/admin/actividad/${await ungiven(4)}`, { form: own }),
    ...ofAdmin('POST /admin/actividad/:classId/notas', `/admin/actividad/${await done()}/notas`, { form: notes }),
    ...ofAdmin('POST /admin/actividad/:classId/generar', `/admin/actividad/${await ungiven(1)}/generar`, { form: { seguro: 'si' } }),
    ...ofAdmin('POST /api/admin/classes/:id/activity', `/api/admin/classes/${await ungiven(5)}/activity`, { json: own }),
    ...ofAdmin('POST /api/admin/classes/:id/activity/generate', `/api/admin/classes/${await ungiven(2)}/activity/generate`),
    ...ofAdmin('POST /admin/clases/:id/reprogramar', `/admin/clases/${await ahead()}/reprogramar`, { form: { start: slot(4).start } }),
    ...ofAdmin('POST /admin/clases/:id/cancelar', `/admin/clases/${await ahead()}/cancelar`, { form: {} }),
    ...ofAdmin('POST /admin/clases/:id/recrear', `/admin/clases/${await ahead()}/recrear`, { form: {} }),
    ...ofAdmin('POST /admin/pagos/:id/reembolsar', `/admin/pagos/${await paid()}/reembolsar`, { form: {} }),
    ...ofAdmin('POST /admin/casos/:id/resolver', `/admin/casos/${await openCase()}/resolver`, { form: {} }),
    ...ofAdmin('PATCH /api/admin/tickets/:id', `/api/admin/tickets/${ticketId}`, { json: { status: 'IN_PROGRESS' } }),
    ...ofAdmin('POST /admin/tickets/:id', `/admin/tickets/${ticketId}`, {
      form: { status: 'RESOLVED', priority: 'LOW', category: 'PAGOS' },
    }),
    ...ofAdmin('POST /admin/tickets/:id/mensajes', `/admin/tickets/${ticketId}/mensajes`, { form: { content: 'Te lo mandamos por mail' } }),
    ...ofAdmin('POST /admin/bloqueos', '/admin/bloqueos', { form: { allDay: '1', day: '2027-01-20', note: '' } }),
    ...ofAdmin('POST /api/admin/blackouts', '/api/admin/blackouts', {
      json: { from: '2027-01-21T12:00:00.000Z', to: '2027-01-21T13:00:00.000Z', note: '' },
    }),
    ...ofAdmin('POST /admin/bloqueos/:id/borrar', `/admin/bloqueos/${await closedTime()}/borrar`, { form: {} }),
    ...ofAdmin('DELETE /api/admin/blackouts/:id', `/api/admin/blackouts/${await closedTime()}`),
    ...ofAdmin('PUT /api/admin/schedule', '/api/admin/schedule', {
      json: { slotMinutes: 60, minNoticeMinutes: 120, horizonDays: 60, opening: [{ weekday: 1, opens: '09:00', closes: '21:00' }] },
    }),
    ...ofAdmin('POST /admin/google/probar', '/admin/google/probar', { form: {} }),
    ...ofAdmin('POST /admin/profesores', '/admin/profesores', { form: { name: 'Nadia', email: 'nadia@volumen.test', calendarId: '' } }),
    ...ofAdmin('POST /admin/profesores/:id', `/admin/profesores/${teacherId}`, {
      form: { name: 'Profe 0', email: 'profe.0@volumen.test', calendarId: '' },
    }),
    ...ofAdmin('POST /admin/profesores/:id/desconectar', `/admin/profesores/${colleague}/desconectar`, { form: {} }),
    ...ofAdmin('POST /admin/profesores/:id/estado', `/admin/profesores/${teacherId}/estado`, { form: { activo: '0' } }),
    ...ofAdmin('POST /api/admin/google/disconnect', '/api/admin/google/disconnect', { form: {} }),
    'POST /api/mercado-pago/webhook': {
      who: 'nobody',
      path: '/api/mercado-pago/webhook?topic=merchant_order&id=2',
      json: { resource: 'https://api.mercadolibre.com/merchant_orders/2', topic: 'merchant_order' },
    },
    'POST /inicio/configuracion/eliminar': { who: 'leaver', path: '/inicio/configuracion/eliminar', form: { email: leaverEmail } },
    ...ofStudent('POST /api/auth/logout', '/api/auth/logout', { form: {} }),
  }
}

const areas = (path: string) => [`POST /admin${path}`, `POST /profe${path}`]

/** Routes that nothing is sent to, by the reason. */
export const NOT_SENT: Readonly<Record<string, readonly string[]>> = {
  'leads to Google, and back, which is tested with signing in': ['POST /api/auth/login', 'POST /api/admin/google/connect'],
  'takes only what was signed or agreed on with Google': ['POST /api/teachers/connect', 'POST /mails/baja', 'POST /api/google-webhook'],
  'another form of a command that is sent': [
    'POST /api/admin/payments/:id/refund',
    'POST /inicio/clases/:id/lugares/:seat/liberar',
    'POST /inicio/clases/:id/salir',
    'POST /admin/horarios',
  ],
  'about an exercise with items, which this academy has none of; what it changes is found by the id of its task': [
    'POST /actividad/:id/resolver',
    'POST /inicio/repaso',
    ...areas('/actividad/:classId/tareas/:taskId/publicar'),
    ...areas('/actividad/:classId/tareas/:taskId/datos'),
    ...areas('/actividad/:classId/tareas/:taskId/items'),
    ...areas('/actividad/:classId/tareas/:taskId/items/:itemId'),
    ...areas('/actividad/:classId/tareas/:taskId/items/:itemId/correccion'),
  ],
  'takes no transcript without a model': areas('/actividad/:classId/transcripcion'),
  'about what stands in Google, where this academy has nothing': [
    ...areas('/clases/:id/sala/meet'),
    'POST /admin/calendario/:id/aceptar',
    'POST /admin/calendario/:id/deshacer',
  ],
  'nobody has brought this academy to where it would have something to do': [
    'POST /api/calendar',
    'POST /admin/google/traer',
    'POST /admin/casos/:id/reintentar',
    'POST /admin/cierres/:day/rehacer',
  ],
}
