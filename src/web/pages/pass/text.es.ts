/** Words of the pass of a class, and of what is shown without a connection. */
export const PASS = {
  title: 'Pase de la clase',
  label: (date: string, hours: string) => `Tu clase: ${date}, ${hours}`,
  saved: (time: string, date: string) => `Sin conexión: así estaba a las ${time} del ${date}.`,
  retry: 'Probar de nuevo',
  kept: 'Guardado: este pase se abre también sin conexión.',
  zone: 'Hora de Argentina.',
  startsIn: 'Empieza en',
  running: 'en curso',
  link: {
    ready: 'Enlace listo',
    preparing: 'Preparando el enlace',
    cancelled: 'La clase está cancelada',
    over: 'La clase ya terminó',
  },
  seen: (time: string) => `visto a las ${time}`,
  code: 'Código para tus invitados',
  guestOf: (name: string) => `Te invitó ${name}.`,
  with: (names: string) => `Con vos: ${names}.`,
  enter: 'Se entra con conexión, con el botón de Mis Clases Virtuales.',
  classes: 'Ir a Mis Clases Virtuales',
  contact: 'Si algo no anda, escribile a',
}

export const OFFLINE_PAGE = {
  title: 'Sin conexión',
  text: 'No pudimos llegar a HablaInglesYa. Revisá tu internet y probá de nuevo.',
  retry: 'Probar de nuevo',
  passes: 'Pases guardados en este aparato',
  none: 'No hay ningún pase guardado. Abrí el pase de una clase con conexión y lo vas a encontrar acá.',
}
