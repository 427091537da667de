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
export type AttentionReason =
  | 'amount_mismatch'
  | 'currency_mismatch'
  | 'reference_mismatch'
  | 'unknown_preference'
  | 'no_valid_hold'
  | 'surplus_payment'
  | 'refund_failed'
  | 'calendar_failed'
  | 'calendar_changed'
  | 'charged_back'
  | 'in_mediation'
  | 'paid_without_class'
  | 'settlement_failed'
  | 'calendar_disconnected'
  | 'notice_failed'
  | 'job_dead'
  | 'statement_unread'
  | 'provider_silent'
  | 'notification_unread'
  | 'unknown_payment'
  | 'payment_differs'
  | 'money_unaccounted'
  | 'refund_unknown'

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

/** What happened, in the teacher's words, and what to do about it. */
export const ATTENTION: Record<AttentionReason, { title: string; hint: string }> = {
  amount_mismatch: {
    title: 'El monto cobrado no coincide con el precio',
    hint: 'Compará el pago con la tarifa y reembolsalo si no corresponde.',
  },
  currency_mismatch: { title: 'El pago llegó en otra moneda', hint: 'Solo se aceptan pesos argentinos. Reembolsalo.' },
  reference_mismatch: {
    title: 'El pago no corresponde a su orden',
    hint: 'Revisalo en Mercado Pago antes de devolver o aceptar el dinero.',
  },
  unknown_preference: { title: 'Llegó un pago de una orden desconocida', hint: 'Buscalo en Mercado Pago y resolvelo desde ahí.' },
  no_valid_hold: { title: 'Se pagó una reserva que ya había vencido', hint: 'El reembolso es automático. Acá ves si quedó pendiente.' },
  surplus_payment: { title: 'La misma reserva se pagó dos veces', hint: 'Se devuelve solo el pago que sobra.' },
  refund_failed: { title: 'No se pudo reembolsar un pago', hint: 'Mercado Pago rechazó el pedido. Volvé a intentarlo.' },
  calendar_failed: { title: 'El calendario no está al día con una clase', hint: 'Revisá la conexión con Google y reintentá.' },
  calendar_changed: {
    title: 'Google Calendar no coincide con lo que tenemos anotado',
    hint: 'Las clases siguen como las reservaron. Corregí el evento o cancelá la clase; si es la conexión, revisá la configuración.',
  },
  charged_back: { title: 'El comprador desconoció un pago', hint: 'Respondé el contracargo en Mercado Pago antes de que venza.' },
  in_mediation: { title: 'El comprador abrió un reclamo', hint: 'Respondelo en Mercado Pago. Mientras tanto el dinero está retenido.' },
  paid_without_class: {
    title: 'Un pago volvió, pero su clase ya está cancelada',
    hint: 'Ganaste el contracargo. Ofrecele otra clase al comprador o reembolsá el pago.',
  },
  settlement_failed: {
    title: 'Llegó un pago y no se pudo decidir qué corresponde',
    hint: 'Se sigue intentando solo. Si no se resuelve en unos minutos, avisá a soporte técnico.',
  },
  calendar_disconnected: {
    title: 'Google dejó de aceptar la conexión con tu calendario',
    hint: 'Conectalo de nuevo desde Google Calendar: las clases pagas se completan solas.',
  },
  notice_failed: { title: 'Un mail no se pudo enviar', hint: 'Revisá la dirección o el servidor de correo y reintentá.' },
  job_dead: { title: 'Una tarea de fondo falló del todo', hint: 'Reintentala. Si vuelve a fallar, el registro dice por qué.' },
  statement_unread: {
    title: 'No se pudo hacer el cierre de un día',
    hint: 'Mercado Pago no dio la lista de pagos. Se sigue probando solo; también podés rehacerlo desde Cierres.',
  },
  provider_silent: {
    title: 'Mercado Pago no responde',
    hint: 'Los pagos se siguen consultando. Si dura, revisá el token de acceso.',
  },
  notification_unread: {
    title: 'Un aviso de Mercado Pago no se pudo leer',
    hint: 'El cierre del día muestra si ese pago existe. Buscalo en Mercado Pago.',
  },
  unknown_payment: { title: 'Mercado Pago tiene un pago que no está acá', hint: 'Buscalo por su número en Mercado Pago.' },
  payment_differs: {
    title: 'Un pago no coincide con Mercado Pago',
    hint: 'Compará monto, estado y devoluciones antes de resolverlo.',
  },
  money_unaccounted: {
    title: 'Hay dinero cobrado sin clase ni devolución',
    hint: 'Devolvelo, o acordá otra clase con quien pagó y resolvelo.',
  },
  refund_unknown: {
    title: 'Mercado Pago no muestra un reembolso hecho',
    hint: 'Revisá en Mercado Pago si el dinero volvió a quien pagó.',
  },
}

/** Why a refund waits, when the seller's account is empty. */
export const NO_BALANCE_TEXT = 'No hay saldo en tu cuenta de Mercado Pago. Cargá saldo y volvé a intentarlo.'

export const NAV = {
  home: 'Inicio',
  book: 'Reservar',
  classes: 'Mis clases',
  classesShort: 'Clases',
  history: 'Historial',
  more: 'Más',
  admin: 'Panel de admin',
  adminShort: 'Admin',
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
  copied: '¡Copiado!',
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

/** Why a payment was rejected, in plain words, by Mercado Pago's `status_detail` (mercado-pago.md 4.2); what to do now comes with it. */
export function rejectionText(detail: string): string {
  if (detail.includes('insufficient_amount') || detail === 'cc_amount_rate_limit_exceeded')
    return 'Tu medio de pago no tiene saldo o límite suficiente. Probá con otro.'
  if (detail.includes('bad_filled') || detail === 'rejected_insufficient_data')
    return 'Algún dato de la tarjeta no coincide. Revisá el número, el vencimiento y el código, y probá de nuevo.'
  if (detail.includes('call_for_authorize') || detail.includes('3ds'))
    return 'Tu banco pide que autorices el pago. Autorizalo con tu banco o probá con otro medio de pago.'
  if (detail.includes('card_disabled') || detail.includes('card_error'))
    return 'Tu tarjeta no está habilitada para esta compra. Llamá a tu banco o probá con otro medio de pago.'
  if (detail.includes('duplicated_payment'))
    return 'Mercado Pago ya tiene un pago igual hecho recién. Fijate en tu cuenta antes de probar de nuevo.'
  if (detail.includes('max_attempts') || detail.includes('high_risk') || detail.includes('blacklist'))
    return 'Mercado Pago no aceptó este medio de pago. Esperá un rato o probá con otro.'
  return 'Mercado Pago no aprobó el pago. Probá con otro medio de pago.'
}

export const OFFLINE = 'Sin conexión. Revisá tu internet y probá de nuevo.'
export const FORBIDDEN = 'No tienes los permisos necesarios para acceder a esta ruta'
