import type { SeatRefusal } from './rules.ts'

/** The texts of `text.es.ts`, for pages in English. */
export const SEAT_TEXT = {
  'unknown-class': 'The class was not found',
  'unknown-person': 'That person is not in the class',
  guest: 'Only the host can change the seats and the code',
  cancelled: 'The class is cancelled',
  'not-confirmed': 'The class is not confirmed yet',
  over: 'The class is over.',
  started: 'The class has begun or is over',
  'host-seat': 'The seat of the host cannot be released',
  'host-leaves': 'The host cannot leave their own class: they can cancel or reschedule it',
  'too-many': 'The code has changed too often today. Try again tomorrow.',
} as const satisfies Record<SeatRefusal, string>
