import { BOOKING, CHECKOUT } from '../text.es.ts'

/** What the script in the browser says. */
export const SCRIPT = {
  copy: (code: string) => `Copiar el código ${code}`,
  copied: '¡Copiado!',
  yourTime: (time: string) => `Tu hora: ${time}`,
  signedOut: 'No estás autorizado. Inicia sesión.',
  joinFailed: 'No pudimos abrir la clase. Probá de nuevo.',
  classIs: (date: string, time: string) => `La clase es el ${date} a las ${time}, hora de Argentina.`,
  seatLost: (date: string, time: string) =>
    `Ya no estás en la clase del ${date} a las ${time}. Si no saliste vos, quien la reservó liberó tu lugar.`,
  redirect: CHECKOUT.redirect,
  slotTaken: BOOKING.slotTaken,
  taken: BOOKING.taken,
  choose: 'Elegí un horario',
  missingSlot: 'Elegí un horario para seguir.',
  missingPeople: 'Elegí cuántas personas van a ser.',
  nearest: 'Estos son los más cercanos:',
  moveTo: (moment: string) => `Pasar al ${moment}`,
  move: 'Pasar a este horario',
}
