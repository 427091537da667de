import type { Schedule } from '../../academy/rules.ts'
import { bookingText } from '../text.es.ts'
import type { MoveActor, RescheduleRefusal } from './rules.ts'

/** Settings that some refusals quote. */
export type RescheduleRefusalDetail = Partial<Pick<Schedule, 'slotMinutes' | 'minNoticeMinutes' | 'horizonDays'>> & {
  maxReschedules?: number
  /** Who wants to move the class. */
  actor?: MoveActor
}

/** The text an API client gets, and the pages show (behaviour 4.10); byte-exact. Numbers follow the settings. */
export function rescheduleText(reason: RescheduleRefusal, detail: RescheduleRefusalDetail = {}): string {
  switch (reason) {
    case 'unknown-class':
      return 'No se encontró la clase'
    case 'guest':
      return 'Solo el anfitrión puede reprogramar la clase'
    case 'not-scheduled':
      return 'Solo se puede reprogramar una clase reservada'
    case 'too-late':
      return 'La clase ya no se puede reprogramar'
    case 'used-up':
      return detail.maxReschedules === 0
        ? rescheduleText('too-late')
        : `La clase ya se reprogramó ${timesInWords(detail.maxReschedules ?? 2)}`
    case 'own-class':
      return detail.actor === 'admin' ? 'El anfitrión ya tiene otra clase a esa hora' : 'Ya tenés otra clase a esa hora'
    case 'same-slot':
      return 'Elegí un horario distinto del actual'
    default:
      return bookingText(reason, detail)
  }
}

/** "una vez", "dos veces", "3 veces". */
function timesInWords(times: number): string {
  if (times === 1) return 'una vez'
  return times === 2 ? 'dos veces' : `${times} veces`
}
