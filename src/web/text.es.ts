/**
 * What people read, where the wording is fixed or shared between pages (behaviour, section 5).
 * Prose that belongs to one page stays in that page.
 */
export type ClassType = 'individual' | 'grupal'
export type ClassStatus = 'scheduled' | 'pending' | 'completed' | 'cancelled'
export type ClassRole = 'anfitrion' | 'participante'
export type CancelReason =
  | 'hold_expired'
  | 'payment_rejected'
  | 'host_cancelled'
  | 'admin_cancelled'
  | 'payment_refunded'
  | 'booking_failed'
  | 'event_failed'

export const CLASS_TYPE: Record<ClassType, string> = { individual: 'Individual', grupal: 'Grupal' }

export const CLASS_STATUS: Record<ClassStatus, string> = {
  scheduled: 'Reservada',
  pending: 'Pendiente de pago',
  completed: 'Completada',
  cancelled: 'Cancelada',
}

export const CLASS_ROLE: Record<ClassRole, string> = { anfitrion: 'Anfitrión', participante: 'Participante' }

export const CANCEL_REASON: Record<CancelReason, string> = {
  hold_expired: 'Reserva vencida sin pago',
  payment_rejected: 'Pago rechazado',
  host_cancelled: 'Cancelada por el anfitrión',
  admin_cancelled: 'Cancelada por el profesor',
  payment_refunded: 'Pago reembolsado',
  booking_failed: 'No se pudo iniciar el pago',
  event_failed: 'No se pudo preparar la clase',
}

export const NAV = {
  home: 'Inicio',
  book: 'Reservar',
  classes: 'Mis clases',
  classesShort: 'Clases',
  progress: 'Mi progreso',
  activities: 'Actividades',
  history: 'Historial',
  calendar: 'Calendario',
  billing: 'Facturación',
  more: 'Más',
  admin: 'Panel de admin',
  adminShort: 'Admin',
  teaching: 'Clases que doy',
  teachingShort: 'Doy clases',
  support: 'Soporte',
  settings: 'Configuración',
  guide: 'Guía',
  terms: 'Términos',
  withdrawal: 'Botón de arrepentimiento',
  privacy: 'Privacidad',
  signOut: 'Cerrar sesión',
} as const

export const MY_CLASSES = {
  title: 'Mis Clases Virtuales',
  /** Behaviour 5.1: one line, no accents. The minutes follow `JOIN_LEAD_MINUTES`. */
  notice: (minutes: number) =>
    `Aqui veras las clases virtuales que tengas reservadas. El boton para unirse a la clase aparecera ${minutes} minutos antes de que comience la clase.`,
  joinAsGuest: 'Unirme a una clase como invitado',
  columns: ['Día', 'Horario', 'Tipo', 'Rol', 'Estado', 'Tarea IA', 'Código'],
  join: 'Unirse',
  codePlaceholder: 'CODIGO',
  codeSubmit: 'Unirse a la clase',
  enterClass: 'Entrar a la clase',
  codeHint: 'Compartí este código solo con quienes van a participar.',
  preparing: 'Tu pago fue aprobado. Estamos preparando el enlace de tu clase.',
  empty: 'No hay clases por mostrar.',
  seeHistory: 'Ver historial',
  cancel: 'Cancelar clase',
  reschedule: 'Reprogramar',
  addToCalendar: 'Agregar al calendario',
  refund: {
    full: 'Se te va a reembolsar el total.',
    none: (hours: number) => `Faltan menos de ${hours} horas: no corresponde reembolso.`,
    /** Before paying. */
    wouldBeNone: (hours: number) => `Faltan menos de ${hours} horas: si cancelás no hay reembolso.`,
  },
  advice: [
    'Entrá 5 a 10 minutos antes para probar el audio y la cámara.',
    'Si no podés venir, avisale al anfitrión.',
    'Repasá el objetivo antes de la clase.',
  ],
} as const

export const BOOKING = {
  title: 'Reservas',
  hint: 'Clickeá sobre un horario disponible para iniciar el proceso de reserva...',
  details: 'Detalles de la reserva',
  free: 'DISPONIBLE',
  taken: 'RESERVADO',
  mine: 'Tu clase',
  unpaid: 'Te falta pagar',
  processing: 'Pago en proceso',
  current: 'Horario actual',
  submit: 'Agendar clase',
  zone: 'Horario de Argentina',
  slotTaken: 'El horario ya no está disponible',
  calendarUnreadable: 'No podemos confirmar la agenda en este momento. Probá de nuevo en unos minutos.',
} as const

export const CHECKOUT = {
  title: 'Verifica tu reserva',
  pay: 'Pagar con Mercado Pago',
  approved: '¡Tu pago fue exitoso!',
  failed: 'El pago falló',
  failedHint: 'Intentá nuevamente más tarde.',
  pending: 'Pago pendiente',
  pendingHint: 'Estamos procesando tu transacción.',
  refundedLate: 'Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.',
  redirect: (seconds: number) => `Serás redirigido a la aplicación en ${seconds} segundos`,
} as const

/** Bookings that are no class yet, and what becomes of them. */
export const OPEN_BOOKING = {
  unpaid: 'Te falta pagar una clase',
  resume: 'Retomar el pago',
  inProcess: 'Tu pago está en proceso',
  inReview: 'Estamos revisando tu pago',
  release: 'Liberar',
  releaseWhat: 'este horario',
  released: 'Liberamos el horario',
  givenUp: 'Liberada por vos',
  returned: 'Pago devuelto',
} as const

export const HISTORY = {
  title: 'Historial',
  lead: 'Consultá el historial de las clases virtuales a las que has asistido.',
} as const

export const OFFLINE = 'Sin conexión. Revisá tu internet y probá de nuevo.'
export const FORBIDDEN = 'No tienes los permisos necesarios para acceder a esta ruta'
