import type { Policy } from '../policy.ts'

export const HELP = {
  title: 'Centro de Ayuda',
  lead: 'Primero, lo que más nos preguntan. Si no está acá, escribinos: te contesta una persona.',
  questions: 'Preguntas frecuentes',
  formTitle: 'Contanos qué pasó',
  about: 'Sobre qué es',
  category: 'Tema',
  description: 'Tu mensaje',
  descriptionHint: 'Entre 10 y 500 caracteres. No hace falta que copies códigos ni datos de tu tarjeta.',
  trap: 'Dejá este campo vacío',
  submit: 'Enviar',
  see: 'Ver tickets',
  seeMade: 'Ver el ticket',
  guide: 'Ver la guía completa',
} as const

/** What people ask most, with the numbers of the academy. */
export const questions = (policy: Policy): { question: string; answer: string }[] => [
  {
    question: 'Pagué y no veo mi clase. ¿Qué hago?',
    answer:
      'Esperá unos minutos: apenas Mercado Pago aprueba el pago preparamos el enlace y la clase aparece en Mis clases. No pagues de nuevo. Si el horario ya no estaba, te devolvemos el total sin que lo pidas.',
  },
  {
    question: '¿Dónde está el enlace para entrar?',
    answer: `El botón para unirte aparece en Mis clases ${policy.joinLeadMinutes} minutos antes de que empiece. No hace falta recargar la página.`,
  },
  {
    question: 'El código que me pasaron no funciona.',
    answer: `Funciona desde ${policy.joinLeadMinutes} minutos antes ${policy.joinCutoff === 'end' ? 'y hasta que termina la clase' : 'y hasta que empieza la clase'}. Si quien reservó la pasó a otro horario, hay un código nuevo: pedíselo.`,
  },
  {
    question: '¿Puedo cancelar y recuperar lo que pagué?',
    answer: `Sí, hasta ${policy.refundHours} horas antes te devolvemos el total por el mismo medio con el que pagaste. Con menos tiempo podés cancelar, pero no hay reembolso.`,
  },
  {
    question: '¿Puedo cambiar el horario?',
    answer:
      policy.maxReschedules === 0
        ? 'Por ahora las clases no se cambian de horario desde acá. Escribinos y lo vemos.'
        : `Sí, hasta ${policy.rescheduleHours} horas antes y ${policy.maxReschedules === 1 ? 'una vez' : `${policy.maxReschedules} veces`} por clase, a cualquier turno libre. El enlace queda y el código cambia.`,
  },
  {
    question: '¿Cuánto tarda un reembolso?',
    answer:
      'Lo pedimos en el momento. Con dinero en cuenta de Mercado Pago se ve enseguida; con tarjeta puede tardar hasta el próximo resumen, según el banco.',
  },
]

export const TICKETS = {
  title: 'Tus Tickets',
  empty: 'Todavía no abriste ningún ticket.',
  emptyHint: 'Acá vas a ver lo que nos preguntaste y nuestras respuestas.',
  open: 'Pedir ayuda',
  all: 'Todos tus tickets',
  opened: (date: string) => `Abierto el ${date}`,
  answered: 'Te respondimos',
  waiting: 'Te vamos a responder a la brevedad',
  conversation: (number: string) => `Ticket ${number}`,
  message: 'Tu mensaje',
  placeholder: 'Escribe tu mensaje...',
  send: 'Enviar mensaje',
  closed: 'Este ticket está cerrado. Si necesitás algo más, abrí otro.',
  more: 'Abrir otro ticket',
} as const

export const CONTEXT = {
  class: 'Clase',
  payment: 'Pago',
  classLine: (type: string, date: string, range: string) => `${type}, ${date}, ${range}`,
  refunded: (money: string) => `devueltos ${money}`,
  paymentId: (id: string) => `Pago n.º ${id} en Mercado Pago`,
} as const

export const PAYMENT_STATUS = { pending: 'Pendiente', approved: 'Aprobado', rejected: 'Rechazado', refunded: 'Reembolsado' } as const
