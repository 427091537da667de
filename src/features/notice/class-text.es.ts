import { PATHS, type Particulars, type Wording } from './letter.ts'

const SEE_CLASSES = { label: 'Ver mis clases', path: PATHS.classes }

const wayIn = (leadMinutes: number) => `El botón para entrar aparece en Mis Clases Virtuales ${leadMinutes} minutos antes.`

const codeHint = (leadMinutes: number) =>
  `Compartí este código solo con quienes van a participar. Funciona desde ${leadMinutes} minutos antes y hasta que termina la clase.`

const whose = ({ isHost, hostName }: Particulars) => (isHost ? 'Tu clase de inglés' : `La clase de ${hostName}`)

const DAY = { today: 'hoy', tomorrow: 'mañana', later: 'pronto' } as const

export const preparing: Wording = ({ when }) => ({
  subject: 'Tu pago fue aprobado: estamos preparando tu clase',
  body: [
    'Tu pago fue aprobado. Estamos preparando el enlace de tu clase.',
    `Tu horario está reservado: ${when} (hora de Argentina). Te escribimos en cuanto la clase quede confirmada. No tenés que hacer nada.`,
    'Si la clase no se pudiera preparar antes de su comienzo, te devolvemos el total.',
  ],
  action: SEE_CLASSES,
})

export const confirmed: Wording = (facts) => ({
  subject: `Clase confirmada: ${facts.when}`,
  body: [
    `Tu clase de inglés está confirmada: ${facts.when} (hora de Argentina).`,
    facts.isGroup ? `Clase grupal para ${facts.seats} personas.` : 'Clase individual.',
    ...(facts.objective ? [`Objetivo: ${facts.objective}`] : []),
    `Pagaste ${facts.amount} ARS.${facts.paymentId ? ` ID de pago: ${facts.paymentId}` : ''}`,
    wayIn(facts.leadMinutes),
  ],
  ...(facts.code ? { code: { label: 'Código para tus invitados', value: facts.code, hint: codeHint(facts.leadMinutes) } } : {}),
  action: SEE_CLASSES,
})

export const rescheduled: Wording = (facts) => ({
  subject: `Clase reprogramada: ${facts.when}`,
  body: [
    facts.byTeacher
      ? facts.isHost
        ? 'El profesor pasó tu clase de inglés a otro horario.'
        : `El profesor pasó la clase de ${facts.hostName} a otro horario.`
      : `${whose(facts)} pasó a otro horario.`,
    `Ahora es el ${facts.when} (hora de Argentina). Antes era el ${facts.before}.`,
    wayIn(facts.leadMinutes),
  ],
  ...(facts.code
    ? {
        code: {
          label: 'Código nuevo',
          value: facts.code,
          hint: 'El código anterior ya no funciona. Quienes ya se habían unido siguen en la clase.',
        },
      }
    : {}),
  action: SEE_CLASSES,
})

export const cancelled: Wording = ({ when, isHost, hostName, refund, moneyGone }) => ({
  subject: `Clase cancelada: ${when}`,
  body: [
    isHost ? `La clase del ${when} quedó cancelada.` : `La clase de ${hostName} del ${when}, a la que te habías sumado, quedó cancelada.`,
    ...(isHost && moneyGone === 'returned' ? ['Mercado Pago nos avisó que el pago de la clase ya te fue devuelto.'] : []),
    ...(isHost && moneyGone === 'disputed' ? ['Mercado Pago nos avisó que desconociste el pago de la clase.'] : []),
    ...(refund === 'full' ? ['Te devolvemos el total por Mercado Pago.'] : []),
    ...(refund === 'rest' ? ['Te devolvemos por Mercado Pago lo que quedaba del pago.'] : []),
    ...(refund === 'none' ? ['No corresponde reembolso.'] : []),
  ],
  action: { label: 'Reservar otra clase', path: PATHS.booking },
})

export const linkReady: Wording = (facts) => (facts.toTeacher ? roomChosen(facts) : linkChanged(facts))

const roomChosen: Wording = ({ when, hostName, classId, eventPage }) => ({
  subject: `Tu clase tiene otra sala: ${when}`,
  body: [
    `La clase de ${hostName} del ${when} (hora de Argentina) se da en otra sala, que eligió la administración.`,
    'El enlace está en el evento de tu calendario, en «Ubicación».',
  ],
  action: { label: 'Ver la clase', path: eventPage || PATHS.classForTeacher(classId) },
})

const linkChanged: Wording = (facts) => ({
  subject: facts.wasBroken ? `El enlace de tu clase está listo de nuevo: ${facts.when}` : `Tu clase tiene otro enlace: ${facts.when}`,
  body: [
    facts.wasBroken
      ? `El enlace de la clase del ${facts.when} (hora de Argentina) está listo de nuevo.`
      : `La clase del ${facts.when} (hora de Argentina) tiene otro enlace.`,
    'Si habías guardado el anterior, ya no sirve: entrás con el botón de Mis Clases Virtuales.',
    wayIn(facts.leadMinutes),
  ],
  action: SEE_CLASSES,
})

export const reminderDay: Wording = (facts) => ({
  subject: `Recordatorio: tu clase es ${DAY[facts.day]}, ${facts.when}`,
  body: [
    `${whose(facts)} es ${DAY[facts.day]}: ${facts.when} (hora de Argentina).`,
    wayIn(facts.leadMinutes),
    ...(facts.code ? ['El código para tus invitados está en Mis Clases Virtuales.'] : []),
  ],
  action: SEE_CLASSES,
})

export const reminderHour: Wording = (facts) => ({
  subject: `Tu clase empieza a las ${facts.startTime}`,
  body: [
    `${whose(facts)} empieza ${DAY[facts.day]} a las ${facts.startTime} (hora de Argentina).`,
    'Entrás con el botón «Unirse» de Mis Clases Virtuales. Probá antes el micrófono y la cámara.',
  ],
  action: { label: 'Ir a mi clase', path: PATHS.classes },
})

export const seatReleased: Wording = ({ when, hostName, byTeacher }) => ({
  subject: `Ya no tenés un lugar en la clase: ${when}`,
  body: [
    byTeacher
      ? `El profesor liberó tu lugar en la clase de ${hostName} del ${when} (hora de Argentina).`
      : `${hostName} liberó tu lugar en la clase del ${when} (hora de Argentina).`,
    'No tenés que hacer nada. Si te parece un error, escribile a quien te invitó.',
  ],
  action: SEE_CLASSES,
})
