import type { BookingRefusal, BookingRefusalDetail } from './rules.ts'

/** The text an API client gets (behaviour 4.1, 4.2, 4.8); byte-exact. Numbers follow the settings. */
export function bookingText(reason: BookingRefusal, detail: BookingRefusalDetail = {}): string {
  switch (reason) {
    case 'no-account':
      return 'Unauthorized'
    case 'missing-data':
      return 'Missing booking data'
    case 'missing-dates':
      return 'Missing start or end date'
    case 'missing-preference':
      return 'Missing preferenceId'
    case 'bad-date':
      return 'La fecha debe estar en formato ISO 8601 con zona horaria'
    case 'bad-type':
      return 'Tipo de clase inválido'
    case 'bad-count':
      return 'La cantidad de alumnos no es válida para este tipo de clase'
    case 'bad-text':
      return 'El objetivo debe ser un texto'
    case 'long-text':
      return 'El objetivo no puede superar los 100 caracteres'
    case 'unknown-teacher':
      return 'Esa persona no da clases ahora. Elegí a otra.'
    case 'reversed':
      return 'La hora de fin debe ser posterior a la de inicio'
    case 'wrong-length':
      return `La clase debe durar ${detail.slotMinutes ?? 60} minutos`
    case 'past':
      return 'El horario ya pasó'
    case 'short-notice':
      return `La reserva debe hacerse con al menos ${noticeInWords(detail.minNoticeMinutes ?? 120)} de anticipación`
    case 'beyond-horizon':
      return `Solo se puede reservar hasta ${detail.horizonDays ?? 60} días en adelante`
    case 'closed':
      return 'El horario está fuera de los horarios de atención'
    case 'misaligned':
      return 'El horario debe coincidir con uno de los turnos disponibles'
    case 'price-mismatch':
      return 'El precio no coincide con la tarifa vigente'
    case 'unknown-preference':
      return 'No se encontró la preferencia de pago'
    case 'preference-used':
      return 'La preferencia de pago ya fue usada en otra reserva'
    case 'order-mismatch':
      return 'Los datos de la reserva no coinciden con el pago'
    case 'preference-expired':
      return 'La preferencia de pago venció'
    case 'too-many-holds':
      return 'Ya tenés demasiadas reservas pendientes de pago'
    case 'slot-taken':
    case 'own-class':
      return 'El horario ya no está disponible'
    case 'calendar-unreadable':
      return 'No podemos confirmar la agenda en este momento. Probá de nuevo en unos minutos.'
    case 'not-stored':
      return 'Failed to create booking'
    case 'provider-failed':
      return 'Error creating preference'
    case 'provider-incomplete':
      return 'Failed to create preference'
    case 'order-not-stored':
      return 'Failed to create payment record in our database'
    case 'idempotency-mismatch':
      return 'La clave de idempotencia ya se usó con otros datos'
  }
}

/** What pages show instead of the English technical texts (behaviour 5.4). */
export function bookingPageText(reason: BookingRefusal, detail: BookingRefusalDetail = {}): string {
  switch (reason) {
    case 'no-account':
      return 'No estás autorizado. Inicia sesión.'
    case 'missing-data':
    case 'missing-dates':
    case 'missing-preference':
      return 'Faltan datos de la reserva. Elegí un horario y probá de nuevo.'
    case 'provider-failed':
    case 'provider-incomplete':
    case 'order-not-stored':
      return 'No pudimos iniciar el pago. Probá de nuevo en unos minutos.'
    case 'not-stored':
      return 'Algo salió mal. Probá de nuevo en unos minutos.'
    case 'own-class':
      return 'Ya tenés una clase a esa hora. Elegí otro horario.'
    default:
      return bookingText(reason, detail)
  }
}

function noticeInWords(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} minutos`
  return minutes === 60 ? '1 hora' : `${minutes / 60} horas`
}
