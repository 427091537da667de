// Every address of the product that answers a GET, by whom it is for. A page that is missing here fails `security.test.ts`.

export const STUDENT_PAGES = [
  '/inicio',
  '/inicio/mis-clases-virtuales',
  '/inicio/mis-clases-virtuales?cancelada=full',
  '/inicio/historial',
  '/inicio/mis-actividades',
  '/inicio/repaso',
  '/inicio/progreso',
  '/inicio/historial?filter=upcoming&page=2',
  '/inicio/reservas',
  '/inicio/calendario',
  '/inicio/pre-compra',
  '/checkout/callback/success',
  '/checkout/callback/failure',
  '/checkout/callback/pending',
  '/inicio/configuracion',
  '/inicio/configuracion?editar=datos&ok=guardado',
  '/inicio/configuracion/eliminar',
  '/inicio/facturacion',
  '/inicio/cda',
  '/inicio/tickets',
]
export const ADMIN_PAGES = [
  '/admin',
  '/admin?status=all',
  '/admin?status=cancelled',
  '/admin?status=pending',
  '/admin/horarios',
  '/admin/profesores',
  '/admin/cierres',
  '/admin/google',
  '/admin/pagos',
  '/admin/tickets',
  // For every teacher, and the admin is one.
  '/profe',
]
/** Pages of one thing, by the part of their address that names it, with whom they belong to. The most personal ones of all. */
export const PAGES_OF_ONE_THING: Record<string, 'person' | 'teacher' | 'admin'> = {
  '/inicio/clases/:id': 'person',
  '/inicio/clases/:id/pase': 'person',
  '/inicio/mis-clases-virtuales/:id/reprogramar': 'person',
  '/inicio/facturacion/:payment': 'person',
  '/actividad/:id': 'person',
  '/actividad/:id/resolver': 'person',
  '/actividad/:id/revisar': 'person',
  '/actividad/:id/resultado': 'person',
  '/profe/clases/:id': 'teacher',
  '/profe/actividad/:classId': 'teacher',
  '/admin/clases/:id': 'admin',
  '/admin/clases/:id/reprogramar': 'admin',
  '/admin/actividad/:classId': 'admin',
  '/admin/tickets/:id': 'admin',
}
/** Files of one thing. */
export const FILES_OF_ONE_THING = ['/inicio/clases/:id/historia.csv', '/admin/clases/:id/historia.csv']
/** For programs and browsers, addresses that only lead to another page, and a file. */
export const NO_PAGES = [
  '/healthz',
  '/manifest.webmanifest',
  '/sw.js',
  '/admin/bloqueos',
  '/profe/clases/:id/sala',
  '/profe/clases/:id/sala/meet',
  '/profe/clases/:id/asistencia',
  '/profe/clases/:id/notas',
  '/admin/clases/:id/sala',
  '/admin/clases/:id/sala/meet',
  '/admin/clases/:id/asistencia',
  '/admin/google/probar',
  '/admin/google/traer',
  '/admin/profesores/:id',
  '/inicio/facturacion/pagos.csv',
]
/** An answer that goes on until its reader leaves. */
export const ENDLESS = ['/api/live']
export const PUBLIC_PAGES = [
  '/',
  '/ingresar',
  '/ingresar?error=denied&callbackUrl=/inicio',
  '/api/docs',
  '/cuenta-eliminada',
  '/sin-conexion',
  '/mails/baja',
  '/profesores/conectar',
  '/guia',
  '/tos',
  '/privacidad',
  '/no-existe',
]
