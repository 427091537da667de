import type { Policy } from '../policy.ts'

export const LANDING = {
  title: 'Clases de inglés en vivo',
  promise: 'Hablá inglés con un profe de verdad,',
  promiseMarked: 'a la hora que te queda bien',
  lead: (minutes: number) =>
    `${minutes} minutos en vivo por Google Meet, solo o con hasta cuatro personas más. Elegís, pagás con Mercado Pago y entrás.`,
  signIn: 'Ingresar con Google',
  slots: {
    title: 'Próximos turnos libres',
    hint: 'Tocá uno y seguís con ese horario.',
    none: 'Por ahora está todo reservado. Volvé a mirar mañana: cada día se abre uno nuevo.',
    unreadable: 'No pudimos leer la agenda en este momento. Ingresá y elegí tu horario desde Reservar, o volvé a mirar en unos minutos.',
    all: 'Ver todos los horarios',
    zone: 'Horario de Argentina',
  },
  how: {
    title: 'Cómo funciona',
    steps: [
      {
        title: 'Elegí tu horario',
        text: 'La grilla muestra lo que está libre. Contanos qué querés practicar, si ya sabés.',
      },
      {
        title: 'Pagá con Mercado Pago',
        text: 'Te guardamos el turno mientras pagás. Apenas se aprueba, la clase es tuya.',
      },
      {
        title: 'Entrá a la clase',
        text: 'El botón para unirte aparece antes de que empiece. Si es grupal, invitás con un código.',
      },
    ],
    guide: 'Ver la guía paso a paso',
  },
  prices: {
    title: 'Cuánto sale',
    text: 'El precio es por clase, en pesos argentinos. De a tres o más sale menos por persona, y paga uno solo por todos.',
    caption: 'Precio total y por persona de cada clase',
    policy: (hours: number) => `Si cancelás hasta ${hours} horas antes, te devolvemos el total.`,
  },
  teacher: {
    title: 'Quién te enseña',
    photo: (name: string) => `Foto de ${name}`,
    write: 'Escribinos',
    whatsapp: 'WhatsApp',
  },
  questions: 'Preguntas',
  last: { title: 'Tu primera clase puede ser esta semana', text: 'Sin abono ni matrícula: pagás la clase que tomás.' },
} as const

export const questions = (policy: Policy): { question: string; answer: string }[] => [
  {
    question: '¿Qué necesito para tomar una clase?',
    answer:
      'Una cuenta de Google, una computadora o un celular con cámara y micrófono, y Mercado Pago para pagar con tarjeta o con dinero en cuenta. Google Meet funciona en el navegador: no hace falta instalar nada.',
  },
  {
    question: '¿Qué nivel tengo que tener?',
    answer: 'Cualquiera. Al reservar podés contar qué querés trabajar y la clase se prepara para eso.',
  },
  {
    question: '¿Cómo es una clase grupal?',
    answer:
      'Es un grupo cerrado de 2 a 5 personas que armás vos: reservás, pagás por todos y les pasás el código. No se mezcla con desconocidos.',
  },
  {
    question: '¿Y si no puedo ir?',
    answer: `Podés cancelar hasta ${policy.refundHours} horas antes y te devolvemos el total.${
      policy.maxReschedules === 0
        ? ''
        : ` También podés pasarla a otro turno libre hasta ${policy.rescheduleHours} horas antes${policy.maxReschedules === 1 ? '' : `, ${policy.maxReschedules} veces como mucho`}.`
    }`,
  },
  {
    question: '¿Y si pago y el horario ya no está?',
    answer: `Te guardamos el turno ${policy.holdMinutes} minutos mientras pagás, así que casi nunca pasa. Si pasara, te devolvemos el total sin que lo pidas.`,
  },
  {
    question: '¿Puedo reservar desde otro país?',
    answer: 'Sí. Los horarios son los de Argentina y al lado ves tu hora. El pago es en pesos argentinos con Mercado Pago.',
  },
]

/** Words in the little drawings of the product. */
export const DRAWN = {
  date: 'jueves 26',
  month: 'noviembre',
  weekday: 'jueves',
  start: 'En 40 minutos',
  total: 'Total',
  hold: 'Te guardamos el horario',
  group: 'Grupal, 3 personas',
} as const
