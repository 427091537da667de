import type { Volume } from '../../support/volume.ts'
import type { World } from '../../support/world.ts'

/** What the pages of a large academy are asked for: ids of things that are there. */
export interface Landmarks {
  classId: string
  orderId: string
  preferenceId: string
  taskId: string
  ticketId: string
  teacherId: string
  code: string
}

/** What of such an academy is looked at; the student gets a ticket of somebody's. */
export async function landmarksOf(world: World, volume: Volume): Promise<Landmarks> {
  const one = async (text: string, values: unknown[]) => String((await world.rows<{ one: string }>(text, values))[0]?.one)
  const { studentId, classId, orderId, teacherId } = volume
  return {
    classId,
    orderId,
    teacherId,
    preferenceId: await one('SELECT preference_id AS one FROM payment_order WHERE id = $1', [orderId]),
    taskId: await one('SELECT task_id AS one FROM activity_submission WHERE user_id = $1 ORDER BY started_at LIMIT 1', [studentId]),
    ticketId: await one(
      'UPDATE support_ticket SET user_id = $1 WHERE id = (SELECT id FROM support_ticket ORDER BY created_at LIMIT 1) RETURNING id AS one',
      [studentId],
    ),
    code: await one('SELECT code AS one FROM access_code WHERE class_id = $1', [classId]),
  }
}

export type Who = 'nobody' | 'student' | 'teacher' | 'admin'

/** Every page and every answer of the API that only looks, by the pattern of its address; the address of one that shows something. */
export function addressesOf(marks: Landmarks): Record<string, { who: Who; path: string }> {
  const { classId, orderId, preferenceId, taskId, ticketId, teacherId } = marks
  const as = (who: Who, path: string) => ({ who, path })
  const callback = (hint: string) => as('student', `/checkout/callback/${hint}?preference_id=${preferenceId}`)
  return {
    '/': as('nobody', '/'),
    '/guia': as('nobody', '/guia'),
    '/tos': as('nobody', '/tos'),
    '/privacidad': as('nobody', '/privacidad'),
    '/ingresar': as('nobody', '/ingresar'),
    '/api/docs': as('nobody', '/api/docs'),
    '/api/openapi.json': as('nobody', '/api/openapi.json'),
    '/api/availability': as('nobody', '/api/availability?from=2026-11-24&to=2026-12-24'),
    '/api/upcoming-classes': as('nobody', '/api/upcoming-classes'),
    '/api/calendar': as('nobody', '/api/calendar'),
    '/api/auth/session': as('student', '/api/auth/session'),
    '/inicio': as('student', '/inicio'),
    '/inicio/reservas': as('student', '/inicio/reservas'),
    '/inicio/pre-compra': as('student', '/inicio/pre-compra?start=2026-11-25T21:00:00.000Z&end=2026-11-25T22:00:00.000Z'),
    '/inicio/calendario': as('student', '/inicio/calendario'),
    '/inicio/mis-clases-virtuales': as('student', '/inicio/mis-clases-virtuales'),
    '/inicio/mis-clases-virtuales/:id/reprogramar': as('student', `/inicio/mis-clases-virtuales/${classId}/reprogramar`),
    '/inicio/historial': as('student', '/inicio/historial?q=entrevista'),
    '/inicio/clases/:id': as('student', `/inicio/clases/${classId}`),
    '/inicio/clases/:id/historia.csv': as('student', `/inicio/clases/${classId}/historia.csv`),
    '/inicio/clases/:id/pase': as('student', `/inicio/clases/${classId}/pase`),
    '/inicio/facturacion': as('student', '/inicio/facturacion'),
    '/inicio/facturacion/pagos.csv': as('student', '/inicio/facturacion/pagos.csv'),
    '/inicio/facturacion/:payment': as('student', `/inicio/facturacion/${orderId}`),
    '/inicio/mis-actividades': as('student', '/inicio/mis-actividades'),
    '/inicio/progreso': as('student', '/inicio/progreso'),
    '/inicio/repaso': as('student', '/inicio/repaso'),
    '/inicio/configuracion': as('student', '/inicio/configuracion'),
    '/inicio/configuracion/eliminar': as('student', '/inicio/configuracion/eliminar'),
    '/inicio/cda': as('student', '/inicio/cda'),
    '/inicio/tickets': as('student', '/inicio/tickets'),
    '/actividad/:id': as('student', `/actividad/${taskId}`),
    '/actividad/:id/resolver': as('student', `/actividad/${taskId}/resolver`),
    '/actividad/:id/revisar': as('student', `/actividad/${taskId}/revisar`),
    '/actividad/:id/resultado': as('student', `/actividad/${taskId}/resultado`),
    '/checkout/callback/success': callback('success'),
    '/checkout/callback/failure': callback('failure'),
    '/checkout/callback/pending': callback('pending'),
    '/api/my-classes': as('student', '/api/my-classes?view=history'),
    '/api/payments': as('student', '/api/payments'),
    '/api/payments/:preferenceId': as('student', `/api/payments/${preferenceId}`),
    '/api/user-data': as('student', '/api/user-data'),
    '/api/user-data/export': as('student', '/api/user-data/export'),
    '/api/activities': as('student', '/api/activities'),
    '/api/activities/:id': as('student', `/api/activities/${taskId}`),
    '/api/classes/:id/seats': as('student', `/api/classes/${classId}/seats`),
    '/api/classes/:id/calendar.ics': as('student', `/api/classes/${classId}/calendar.ics`),
    '/api/classes/:id/join': as('student', `/api/classes/${classId}/join`),
    '/api/activities/:id/solution': as('student', `/api/activities/${taskId}/solution`),
    '/api/tickets': as('student', '/api/tickets'),
    '/api/tickets/:id': as('student', `/api/tickets/${ticketId}`),
    '/profe': as('teacher', '/profe'),
    '/profe/clases/:id': as('teacher', `/profe/clases/${classId}`),
    '/profe/actividad/:classId': as('teacher', `/profe/actividad/${classId}`),
    '/admin': as('admin', '/admin'),
    '/admin/pagos': as('admin', '/admin/pagos'),
    '/admin/cierres': as('admin', '/admin/cierres'),
    '/admin/horarios': as('admin', '/admin/horarios'),
    '/admin/bloqueos': as('admin', '/admin/bloqueos'),
    '/admin/google': as('admin', '/admin/google'),
    '/admin/google/probar': as('admin', '/admin/google/probar'),
    '/admin/profesores': as('admin', '/admin/profesores'),
    '/admin/profesores/:id': as('admin', `/admin/profesores/${teacherId}`),
    '/admin/tickets': as('admin', '/admin/tickets'),
    '/admin/tickets/:id': as('admin', `/admin/tickets/${ticketId}`),
    '/admin/clases/:id': as('admin', `/admin/clases/${classId}`),
    '/admin/clases/:id/historia.csv': as('admin', `/admin/clases/${classId}/historia.csv`),
    '/admin/clases/:id/sala': as('admin', `/admin/clases/${classId}/sala`),
    '/admin/clases/:id/asistencia': as('admin', `/admin/clases/${classId}/asistencia`),
    '/admin/clases/:id/reprogramar': as('admin', `/admin/clases/${classId}/reprogramar`),
    '/admin/actividad/:classId': as('admin', `/admin/actividad/${classId}`),
    '/api/admin/classes': as('admin', '/api/admin/classes'),
    '/api/admin/calendar-events': as('admin', '/api/admin/calendar-events'),
    '/api/admin/payments': as('admin', '/api/admin/payments'),
    '/api/admin/tickets': as('admin', '/api/admin/tickets'),
    '/api/admin/schedule': as('admin', '/api/admin/schedule'),
    '/api/admin/google': as('admin', '/api/admin/google'),
  }
}

/** Pages that read nothing large, or that only lead elsewhere. */
export const LEFT_OUT: Readonly<Record<string, string>> = {
  '/healthz': 'asks the database for nothing',
  '/api/live': 'goes on; what it reads is one class by its id',
  '/api/auth/callback/google': 'an answer of Google, tested with signing in',
  '/manifest.webmanifest': 'a file',
  '/sin-conexion': 'a file',
  '/sw.js': 'a file',
  '/mails/baja': 'needs a signed address',
  '/profesores/conectar': 'needs a signed address',
  '/admin/google/traer': 'leads to the page of Google',
  '/admin/clases/:id/sala/meet': 'leads to the class',
  '/profe/clases/:id/sala': 'leads to the class',
  '/profe/clases/:id/sala/meet': 'leads to the class',
  '/profe/clases/:id/asistencia': 'leads to the class',
  '/profe/clases/:id/notas': 'leads to the class',
  '/cuenta-eliminada': 'words only',
}
