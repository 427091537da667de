import type { SeatRefusal } from './rules.ts'

/** What an API client is told, and the pages show. */
export const SEAT_TEXT = {
  'unknown-class': 'No se encontró la clase',
  'unknown-person': 'Esa persona no está en la clase',
  guest: 'Solo el anfitrión puede cambiar los lugares y el código',
  cancelled: 'La clase está cancelada',
  'not-confirmed': 'La clase todavía no está confirmada',
  over: 'La clase ya ha finalizado.',
  started: 'La clase ya comenzó o finalizó',
  'host-seat': 'El lugar del anfitrión no se puede liberar',
  'host-leaves': 'El anfitrión no puede salir de su clase: puede cancelarla o reprogramarla',
  'too-many': 'El código ya cambió demasiadas veces hoy. Probá de nuevo mañana.',
} as const satisfies Record<SeatRefusal, string>
