/** The pages of a teacher who is no admin. Spanish only, as the panel. */
export const TEACHING = {
  title: 'Clases que doy',
  lead: (minutes: number) =>
    `Tus clases confirmadas, en horario de Argentina. Podés entrar a la sala desde ${minutes} minutos antes de que empiece cada una.`,
  coming: 'Próximas',
  none: 'No tenés clases por dar.',
  noneHint: 'Cuando alguien reserve y pague una clase con vos, va a estar acá y en tu calendario.',
  given: 'Ya dadas',
  enter: 'Entrar a la sala',
  preparing: 'Pagada, preparando el enlace',
  open: 'Sala y asistencia',
  notes: 'Notas',
  openLabel: (when: string) => `Sala y asistencia de la clase del ${when}`,
  notesLabel: (when: string) => `Notas de la clase del ${when}`,
  back: 'Clases que doy',
  classTitle: (date: string) => `Clase del ${date}`,
  time: 'Horario',
  type: 'Tipo',
  host: 'Anfitrión',
  guests: 'Invitados',
  objective: 'Objetivo',
} as const
