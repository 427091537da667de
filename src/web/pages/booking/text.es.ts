/** Words of choosing a slot: on Reservas, and where a class is moved. */
export const WEEK = {
  caption: 'Horarios de la semana.',
  periods: { morning: 'Mañana', afternoon: 'Tarde', evening: 'Noche' },
  today: ', hoy',
  days: 'Días de la semana',
  weeks: 'Semanas',
  previous: { word: 'Anterior', label: 'Semana anterior' },
  next: { word: 'Siguiente', label: 'Semana siguiente' },
  nextFree: (moment: string) => `Próximo turno libre: ${moment}`,
  noneFree: 'No hay turnos libres por ahora',
  emptyWeek: 'No quedan horarios libres esta semana.',
  emptyWeekNext: (moment: string) => `Ver el próximo: ${moment}`,
  emptyHorizon: 'Volvé a mirar mañana: cada día se abre uno nuevo.',
  emptyDay: 'No quedan horarios para este día. Probá con otro.',
  unavailable: 'No disponible',
  legend: 'Referencias',
  yourChoice: 'Tu elección',
  jump: 'Ir a una fecha',
  go: 'Ir',
  month: 'Ver el mes',
}

/** After `BOOKING.slotTaken`. */
export const ALTERNATIVES = {
  nearest: '. Estos son los más cercanos:',
  none: '. Elegí otro en la grilla.',
}

/** What was chosen, as it is written before anything is. */
export const CHOICE = {
  date: 'Fecha',
  time: 'Horario',
  choose: 'Elegí un horario',
  none: '—',
}

/** Only where there are several teachers. */
export const TEACHER = {
  question: '¿Con quién?',
  any: 'Con cualquiera',
  name: 'Profesor',
  whoever: 'Quien esté libre',
}

export const DETAILS = {
  lead: {
    before: 'Elegí cuándo querés ',
    marked: 'hablar inglés',
    after: (minutes: number) => `. Son ${minutes} minutos por Google Meet.`,
  },
  type: 'Tipo de clase',
  alone: 'solo vos',
  group: 'de 2 a 5 personas',
  people: 'Cantidad de alumnos',
  peopleHint: ', contándote a vos',
  peopleMissing: 'Elegí cuántas personas',
  askPeople: 'Elegí cuántas personas van a ser',
  objective: 'Objetivo de la clase',
  optional: '(opcional)',
  objectiveIdeas: 'Te conviene practicar:',
  objectiveExample: 'Practicar una entrevista de trabajo',
  prices: 'Precio por clase',
  total: 'Precio total',
  perPerson: (money: string) => `${money} por persona`,
  seeDetails: 'Ver los detalles',
  kept: (minutes: number) => `Te guardamos el horario ${minutes} minutos mientras pagás.`,
  refund: (hours: number) => `Cancelás con reembolso total hasta ${hours} horas antes.`,
}
