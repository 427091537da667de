export const REVIEW = {
  title: 'Repaso del día',
  position: (done: number, total: number) => `Repaso ${done} de ${total}`,
  lead: 'Lo que se te escapó vuelve acá justo antes de que lo olvides: diez consignas por día como máximo.',
  answer: 'Responder',
  next: 'Siguiente',
  finish: 'Terminar por hoy',
  right: '¡Bien!',
  partly: 'Casi.',
  wrong: 'Todavía no.',
  yours: 'Tu respuesta:',
  none: 'sin responder',
  correct: 'Correcta:',
  comesBack: (date: string) => `Vuelve el ${date}.`,
  allDone: 'Terminaste el repaso de hoy.',
  nothing: 'No hay nada para repasar hoy.',
  nothingYet: 'Cuando entregues una actividad, lo que convenga repasar aparece acá.',
  nextTomorrow: 'Lo próximo vuelve mañana.',
  nextOn: (date: string) => `Lo próximo vuelve el ${date}.`,
  toProgress: 'Ver mi progreso',
  toActivities: 'Mis actividades',
  badAnswer: 'Esa respuesta es demasiado larga. Acortala y probá de nuevo.',
}

export const PROGRESS = {
  title: 'Mi progreso',
  streak: 'Racha',
  days: (days: number) => (days === 1 ? '1 día seguido' : `${days} días seguidos`),
  noStreak: 'Todavía no empezó: hoy es un buen día.',
  streakEnded: (days: number) =>
    days === 1 ? 'Se cortó: tu mejor racha fue de 1 día.' : `Se cortó: tu mejor racha fue de ${days} días seguidos.`,
  streakHint: 'Suma cada día en que entregás una actividad o hacés el repaso.',
  toReview: (items: number) => (items === 1 ? 'Repasar 1 consigna' : `Repasar ${items} consignas`),
  reviewDone: 'El repaso de hoy está hecho.',
  level: 'Tu nivel estimado',
  levelIs: (level: string, from: string, to: string) =>
    from === to ? `Cerca de ${level}, con 80 % de confianza.` : `Cerca de ${level}: con 80 % de confianza, entre ${from} y ${to}.`,
  levelHow: (answers: number) =>
    answers === 0
      ? 'Por ahora es el nivel que elegiste en tu configuración. Con cada respuesta se va ajustando.'
      : `Parte del nivel que elegiste y se ajusta con ${answers === 1 ? 'tu única respuesta' : `tus ${answers} respuestas`}: acertar lo difícil lo sube, fallar lo fácil lo baja. Dominar un nivel es acertar tres de cada cuatro consignas. Cuantas más respuestas, más angosta es la franja. Es una estimación, no un examen.`,
  levelTable: 'Nivel estimado',
  levelRows: { level: 'Lo más probable', band: 'Con 80 % de confianza' },
  levelBand: (from: string, to: string) => (from === to ? `Cerca de ${from}` : `Entre ${from} y ${to}`),
  topics: 'Cuánto dominás cada tema',
  topicsHint: 'Primero lo que conviene practicar. Cuenta tu primer intento de cada actividad y tus repasos.',
  topicsEmpty: 'Después de tu primera actividad vas a ver acá cada tema.',
  columns: { topic: 'Tema', mastery: 'Dominio', answers: 'Respuestas' },
  answers: (answers: number) => (answers === 1 ? '1 respuesta' : `${answers} respuestas`),
  propose: 'Para tu próxima clase',
  proposeHint: 'Con estos temas como objetivo, tu profesor prepara la clase sobre lo que más te cuesta:',
}
