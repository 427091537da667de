import { BOOKING, CHECKOUT, OFFLINE } from '../text.es.ts'

/** What the script itself says. */
export const SAY = {
  offline: OFFLINE,
  redirect: CHECKOUT.redirect,
  slotTaken: BOOKING.slotTaken,
  taken: BOOKING.taken,
  free: BOOKING.free,
  choose: 'Elegí un horario',
  missingSlot: 'Elegí un horario para seguir.',
  missingPeople: 'Elegí cuántas personas van a ser.',
  yourTime: (time: string) => `Tu hora: ${time}`,
  nearest: 'Estos son los más cercanos:',
  moveTo: (moment: string) => `Pasar al ${moment}`,
  move: 'Pasar a este horario',
}
