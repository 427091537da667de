import type { RoomOutcomeRefusal } from './commands.ts'

/** Why a room is not taken, in the teacher's words. */
export const ROOM_TEXT: Record<RoomOutcomeRefusal, string> = {
  'not-a-link': 'Pegá el enlace completo de la sala, con https:// al comienzo.',
  'unknown-host': 'Usá una sala de Google Meet, Zoom, Microsoft Teams, Jitsi Meet o Whereby.',
  'no-room': 'El enlace tiene que llevar a una sala, no a la página de inicio.',
  'unknown-class': 'No se encontró la clase',
  'no-meet-link': 'El evento no tiene un enlace de Meet que funcione. La clase sigue con la sala que pusiste.',
  'not-open': 'La clase está cancelada, terminó o todavía no está paga: no necesita sala.',
}

export const ROOM_STATUS: Record<RoomOutcomeRefusal, 400 | 404 | 409> = {
  'not-a-link': 400,
  'unknown-host': 400,
  'no-room': 400,
  'unknown-class': 404,
  'not-open': 409,
  'no-meet-link': 409,
}
