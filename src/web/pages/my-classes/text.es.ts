/** Words of Mis Clases Virtuales and of what is done to its classes. */
export const PAGE = {
  nothingYet: 'Cuando reserves una, acá vas a tener el botón para entrar y el código para tus invitados.',
  book: 'Reservar una clase',
  adviceTitle: 'Para que salga bien',
  yourClasses: 'Tus clases',
}

export const TICKET = {
  label: (date: string, hours: string) => `Tu próxima clase: ${date}, ${hours}`,
  running: 'en curso',
  startsIn: 'empieza en',
  buttonAt: (time: string) => `El botón para entrar aparece a las ${time}.`,
  invitedBy: (name: string) => `Te invitó ${name}. Venís como participante.`,
  linkReady: 'Enlace listo',
  yourCode: 'Código de tu clase:',
  codeNotNeeded: '(en las clases individuales no hace falta)',
  tapToCopy: 'Tocalo para copiarlo.',
  whatsapp: 'Compartir por WhatsApp',
  invitation: (date: string, hours: string, address: string, code: string, minutes: number) =>
    `Te invito a mi clase de inglés del ${date}, ${hours} (hora de Argentina). Entrá a ${address} y poné el código ${code}. Funciona desde ${minutes} minutos antes.`,
  open: 'Ver la clase',
  pass: 'Pase de la clase',
}

export const PEOPLE = {
  title: 'Con vos',
  none: 'Todavía no se unió nadie.',
  joined: (time: string) => `Se unió a las ${time}`,
  entered: (time: string) => `entró a las ${time}`,
  release: 'Liberar lugar',
  releaseOf: (name: string) => ` de ${name}`,
  releaseQuestion: (name: string) => `¿Liberar el lugar de ${name}?`,
  releaseYes: 'Sí, liberar',
  releaseWhat: 'Le avisamos por mail y el lugar queda libre enseguida. Puede volver con el mismo código.',
  alsoCode: 'Y cambiar el código',
}

export const CODE = {
  rotate: 'Cambiar el código',
  rotateQuestion: '¿Cambiar el código?',
  rotateYes: 'Sí, cambiarlo',
  rotateWhat: 'El código actual deja de funcionar. Quienes ya se unieron siguen en la clase.',
  hostOnly: 'Solo el anfitrión',
  when: (date: string, time: string) => `La clase es el ${date} a las ${time}, hora de Argentina.`,
  none: 'Sin código',
  ask: 'Pedile el código de 8 caracteres a quien reservó.',
}

export const MOVE = {
  tooLate: (hours: number) => `Faltan menos de ${hours} ${hours === 1 ? 'hora' : 'horas'}: ya no se puede reprogramar.`,
  usedUp: (times: number) => `Ya la reprogramaste ${times === 1 ? 'una vez' : times === 2 ? 'dos veces' : `${times} veces`}.`,
}

export const LEAVE = {
  label: 'Salir de la clase',
  question: '¿Salir de esta clase?',
  yes: 'Sí, salir',
  what: 'Tu lugar queda libre. Si cambiás de idea, podés volver con el código mientras haya lugar.',
}

export const ROW = {
  actions: (date: string, time: string) => `Acciones de la clase del ${date} a las ${time}`,
  objective: 'Objetivo:',
  invitedBy: 'Te invitó',
}

/** What is said once, after something was done. */
export const DONE = {
  cancelled: {
    full: 'Cancelamos la clase. Te devolvemos el total por Mercado Pago.',
    none: 'Cancelamos la clase. No corresponde reembolso.',
  },
  refundLapsed:
    'No cancelamos nada: mientras decidías pasó el plazo y ya no corresponde reembolso. Si querés cancelar igual, volvé a pedirlo.',
  paidMeanwhile: 'Tu pago entró mientras tanto: la clase es tuya y no la liberamos.',
  nowOn: (date: string, time: string) => `Ahora es el ${date}, ${time} hs.`,
  rescheduled: 'Reprogramamos la clase. El código cambió: el anterior ya no funciona.',
  released: 'Liberamos el lugar.',
  releasedWithCode: 'Liberamos el lugar y cambiamos el código: el anterior ya no funciona.',
  rotated: 'Cambiamos el código: el anterior ya no funciona. Quienes ya se unieron siguen en la clase.',
  left: 'Saliste de la clase.',
}
