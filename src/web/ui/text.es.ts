/** Words of the parts that several pages share. */
export const PARTS = {
  skip: 'Saltar al contenido',
  description: 'Clases de inglés en vivo por Google Meet, solo o en grupo. Elegís el horario, pagás con Mercado Pago y entrás.',
  back: 'No, volver',
  localTime: (time: string) => `Tu hora: ${time}`,
  activity: { none: 'No corresponde', pending: 'Pendiente', available: 'Disponible', done: 'Realizada' },
  group: (people: number, peopleMax: number) => `Grupal (${people}/${peopleMax})`,
  cancel: {
    question: (date: string, time: string) => `¿Cancelar la clase del ${date} a las ${time}?`,
    yes: 'Sí, cancelar',
    consequence: 'El código deja de funcionar y el horario queda libre.',
  },
  prices: { type: 'Clase', total: 'Total', perPerson: 'Por persona' },
  pages: {
    label: 'Páginas',
    previous: 'Anterior',
    next: 'Siguiente',
    position: (page: number, total: number) => `Página ${page} de ${total}`,
  },
  hold: {
    label: 'Reserva sin pagar',
    more: (bookings: number) => `Ver las otras ${bookings} reservas sin terminar`,
    left: 'Quedan',
    minutes: 'minutos.',
    question: '¿Liberar este horario?',
    yes: 'Sí, liberar',
    consequence: 'Otra persona lo va a poder reservar. No se te cobró nada.',
    inProcess: 'Mercado Pago todavía no lo confirmó: no hace falta pagar de nuevo.',
    inReview: 'El importe no coincide con el precio y lo mira una persona. No hace falta pagar de nuevo.',
    slot: {
      held: 'El horario sigue guardado.',
      lapsed: 'Si se aprueba y el horario sigue libre, la clase es tuya; si no, te devolvemos el total.',
      'given-up': 'Liberaste el horario: si se aprueba, te devolvemos el total.',
    },
  },
}

export const SHELL = {
  homeLabel: 'HablaInglesYa, inicio',
  places: 'Principal',
  menu: 'Menú',
  menuOf: (name: string) => `, menú de ${name}`,
  signIn: 'Ingresar',
  slogan: 'HablaInglesYa. Clases de inglés en vivo, de persona a persona.',
  zone: 'Horario de Argentina',
  running: 'Tu clase está en curso',
  startsIn: 'Empieza en',
  next: (moment: string) => `Próxima clase: ${moment}`,
  about: 'Sobre HablaInglesYa',
  language: 'Idioma',
  theme: 'Tema',
  themes: { light: 'Día', dark: 'Noche', system: 'Sistema' },
}
