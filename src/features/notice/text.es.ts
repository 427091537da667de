/** What surrounds every mail; what a mail says lies in the `…-text.es.ts` beside. */
export const FRAME = {
  lang: 'es-AR',
  greeting: (name: string) => (name ? `Hola, ${name}:` : 'Hola:'),
  zone: 'Hora de Argentina',
  individual: 'Clase individual',
  group: (seats: number) => `Clase grupal, ${seats} personas`,
  withTeacher: (name: string) => `con ${name}`,
  over: { cancelled: 'Cancelada', expired: 'Reserva vencida', released: 'Ya no tenés un lugar' },
  /** Why one gets a mail that is always sent. */
  because: 'Recibís este mail por una clase, un pago o una consulta tuya en HablaInglesYa; los de este tipo se envían siempre.',
  becauseTeacher: 'Recibís este mail porque das las clases de HablaInglesYa.',
  becauseChosen: 'Recibís este mail porque tenés activado este tipo de avisos en HablaInglesYa.',
  choose: 'Elegir qué mails recibo',
  unsubscribe: 'No recibir más este tipo de mails',
} as const
