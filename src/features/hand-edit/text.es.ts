import { formatDate, wallTime } from '../../kernel/zoned-time.ts'
import type { MoveDoubt } from './rules.ts'

const DOUBT: Record<MoveDoubt, string> = {
  'asked-first': 'Falta que lo aceptes.',
  closed: 'Ese horario está fuera de los de atención.',
  misaligned: 'Ese horario no coincide con un turno.',
  'short-notice': 'Falta muy poco para ese horario.',
  'beyond-horizon': 'Esa fecha está más lejos que las que se reservan.',
  'wrong-length': 'El evento dura distinto que la clase.',
  reversed: 'El evento dura distinto que la clase.',
  past: 'Ese horario ya pasó.',
  'slot-taken': 'Ahí ya hay otra clase u otro compromiso.',
  'own-class': 'A esa hora el anfitrión ya tiene otra clase o una reserva sin pagar, con otro profesor.',
  'too-late': 'La clase ya empezó.',
  'used-up': 'La clase ya se reprogramó demasiadas veces.',
  'not-scheduled': 'La clase ya no está reservada.',
  'same-slot': 'Es el horario que ya tenía.',
}

/** What the list says of an event that was moved and whose class has not followed. */
export function movedText(to: Date, doubt: MoveDoubt): string {
  return `El evento está ahora el ${formatDate(to)} a las ${wallTime(to)} hs; la clase sigue en su horario. ${DOUBT[doubt]}`
}

export const DELETED_TEXT = 'El evento ya no está en el calendario'

export const REFUSED_TEXT = 'Google no deja corregir el texto o los invitados del evento.'

/** Never with the title of the other appointment: it is the teacher's own business. */
export function conflictText(from: Date, to: Date): string {
  return `El otro evento va del ${formatDate(from)} ${wallTime(from)} al ${formatDate(to)} ${wallTime(to)}.`
}

/** Why an edit could not be settled as wished. */
export const SETTLE_TEXT = {
  unknown: 'Ese cambio ya no espera respuesta.',
  'not-acceptable': 'La clase ya no se puede mover a ese horario.',
  'slot-taken': 'Ese horario ya lo tiene otra clase.',
  'own-class': 'A esa hora el anfitrión ya tiene otra clase o una reserva sin pagar, con otro profesor.',
} as const
