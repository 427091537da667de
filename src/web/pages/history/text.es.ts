export const FILTERS = { label: 'Filtro', upcoming: 'Próximas', all: 'Todas' }

export const SEARCH = {
  label: 'Buscar en tus clases',
  hint: 'Por objetivo, nombre, fecha («26/11», «noviembre») o estado.',
  submit: 'Buscar',
  clear: 'Ver todas',
  /** How many classes were found, and of which kind. */
  found: (total: number) => (total === 1 ? '1 clase encontrada' : `${total} clases encontradas`),
  nothing: (typed: string) => `No encontramos clases con «${typed}».`,
  nothingHint: 'Probá con menos palabras, otra fecha o el nombre de quien invitó.',
}

export const TOTALS = {
  label: 'Totales',
  total: (total: number) => (total === 1 ? '1 clase' : `${total} clases`),
  scheduled: (total: number) => (total === 1 ? '1 reservada' : `${total} reservadas`),
  completed: (total: number) => (total === 1 ? '1 completada' : `${total} completadas`),
  cancelled: (total: number) => (total === 1 ? '1 cancelada' : `${total} canceladas`),
}

export const ROW = {
  column: 'Detalle',
  open: 'Ver la clase',
  openOf: (date: string, time: string) => `del ${date} a las ${time}`,
  invitedBy: (name: string) => `Invitó ${name}`,
  attendance: (attended: boolean, minutes: number | null) =>
    attended ? (minutes === null ? 'Asististe' : `Asististe, ${minutes} minutos`) : 'No asististe',
  withGuests: (names: string) => `Con ${names}`,
}

export const EMPTY = {
  waiting: 'Cuando tu reserva quede confirmada, la vas a ver acá.',
  upcoming: 'No tenés clases reservadas por ahora.',
  all: 'Acá van a quedar tus clases, también las canceladas.',
  book: 'Reservar una clase',
}
