import type { EditDeed } from '../../../features/hand-edit/deeds.ts'
import type { NoticeKind } from '../../../features/notice/kinds.ts'
import { rejectionGroup } from '../../../features/payment/rejection.ts'
import { REJECTION } from '../../../features/payment/rejection-text.es.ts'
import type { Actor, Someone } from '../../../features/timeline/events.ts'
import { formatMoney } from '../../../kernel/money.ts'
import { CANCEL_REASON } from '../../text.es.ts'
import type { EventWords } from './view.ts'

export const PAGE = {
  unknown: 'No se encontró la clase',
  title: (day: string) => `Clase del ${day}`,
  back: 'Historial',
  backToClasses: 'Mis clases',
  backToPanel: 'Panel de admin',
  facts: {
    time: 'Horario',
    type: 'Tipo',
    role: 'Rol',
    host: 'Anfitrión',
    guests: 'Invitados',
    objective: 'Objetivo',
    price: 'Precio',
    people: (people: number, peopleMax: number) => `${people} de ${peopleMax}`,
  },
  story: 'Qué pasó con esta clase',
  storyHint: 'Fechas y horas de Argentina.',
  receipt: 'Ver comprobante',
  csv: 'Descargar en CSV',
  csvExcel: 'Descargar para Excel',
  help: 'Pedir ayuda con esta clase',
  print: 'Imprimir',
  preparing: 'Pagada, preparando el enlace',
  linkLost: 'El enlace está en arreglo: el botón para entrar va a llevar a la sala nueva',
  columns: ['Fecha', 'Hora', 'Qué pasó', 'Detalle'],
  file: 'clase',
}

const BY: Record<Actor, string> = {
  viewer: 'por vos',
  host: 'por el anfitrión',
  teacher: 'por el profesor',
  calendar: 'desde el calendario del profesor',
  rule: '',
}

const by = (actor: Actor) => (BY[actor] === '' ? '' : ` ${BY[actor]}`)
const operation = (paymentId: string) => `Operación ${paymentId} de Mercado Pago.`
const does = (who: Someone, verb: { you: string; they: string }) => (who.isViewer ? verb.you : `${who.name} ${verb.they}`)

const MAILS: Record<NoticeKind, string> = {
  'class-preparing': 'Preparando el enlace de tu clase',
  'class-confirmed': 'Clase confirmada',
  'class-rescheduled': 'Clase reprogramada',
  'class-cancelled': 'Clase cancelada',
  'link-ready': 'Enlace nuevo',
  'reminder-24h': 'Recordatorio del día anterior',
  'reminder-60min': 'Recordatorio de una hora antes',
  'seat-released': 'Lugar liberado',
  'payment-pending': 'Pago en proceso',
  'payment-rejected': 'Pago rechazado',
  'hold-expired': 'Reserva vencida',
  'refund-on-its-way': 'Devolución en camino',
  'refund-made': 'Pago devuelto',
  'activity-ready': 'Actividad disponible',
  'activity-reminder': 'Recordatorio de la actividad',
  'drafts-ready': 'Borradores para revisar',
  'texts-waiting': 'Texto para corregir',
  'ticket-answered': 'Respuesta a tu consulta',
  'calendar-disconnected': 'Calendario desconectado',
  'link-missing': 'Falta el enlace de una clase',
  'calendar-trial-failed': 'El calendario no pasó la prueba diaria',
}

const REFUND_WHY = {
  late: 'El pago llegó cuando el horario ya no estaba disponible.',
  surplus: 'La misma clase se había pagado dos veces.',
  other: 'Vuelve al mismo medio con el que se pagó.',
}

const CALENDAR_EDIT: Record<EditDeed, { title: string; detail: string | null }> = {
  deleted: { title: 'El evento se borró del calendario', detail: 'La clase sigue en pie.' },
  moved: { title: 'El evento se movió en el calendario', detail: null },
  repaired: { title: 'El evento se había cambiado a mano', detail: 'Volvió a su título, su texto y sus invitados.' },
  conflict: { title: 'Otro compromiso del calendario pisa la clase', detail: null },
  'put-back': { title: 'El evento vuelve al horario de la clase', detail: null },
  restored: { title: 'El evento se crea de nuevo', detail: 'Con un enlace nuevo.' },
  brought: { title: 'El evento pasa al calendario conectado', detail: 'Con un enlace nuevo.' },
  double: { title: 'Se quitó un evento repetido', detail: null },
}

/** What happened, in one line and, where there is more to say, a second one. */
export const EVENTS: EventWords = {
  held: ({ until }, { time }) =>
    until
      ? { title: 'Horario reservado sin pagar', detail: `Guardado hasta las ${time(until)} hs.` }
      : { title: 'Horario reservado', detail: 'Ya estaba paga.' },
  'checkout-started': ({ amount }) => ({ title: 'Pago iniciado en Mercado Pago', detail: `${formatMoney(amount)} ARS.` }),
  'payment-rejected': ({ paymentId, detail }) => ({
    title: 'Pago rechazado',
    detail: `${REJECTION[rejectionGroup(detail)]} ${operation(paymentId)}`,
  }),
  'payment-in-process': ({ paymentId }) => ({
    title: 'Pago en proceso',
    detail: `Mercado Pago todavía no lo confirmó. ${operation(paymentId)}`,
  }),
  paid: ({ paymentId, amount, use }) => ({
    title: { class: 'Pago aprobado', surplus: 'Pago repetido', unmatched: 'Llegó un pago que no coincide' }[use],
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}${use === 'unmatched' ? ' Lo revisa una persona.' : ''}`,
  }),
  disputed: ({ paymentId, amount }) => ({
    title: 'Pago desconocido por el comprador',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} Lo resuelve Mercado Pago.`,
  }),
  'dispute-decided': ({ paymentId, amount, outcome }) => ({
    title: outcome === 'won' ? 'Reclamo resuelto: el pago vale' : 'Reclamo resuelto: el dinero volvió al comprador',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}`,
  }),
  revived: () => ({ title: 'Horario recuperado', detail: 'El pago llegó tarde, pero el horario seguía libre.' }),
  'event-created': () => ({ title: 'Evento creado en el calendario', detail: null }),
  'link-ready': () => ({ title: 'Clase confirmada', detail: 'El enlace de la clase quedó listo.' }),
  'code-issued': () => ({ title: 'Código de la clase emitido', detail: null }),
  'code-rotated': ({ why }) => ({
    title: 'Código nuevo',
    detail:
      why === 'rescheduled'
        ? 'El anterior venció al reprogramar la clase.'
        : 'El anterior ya no funciona; quienes se habían unido siguen en la clase.',
  }),
  joined: ({ who, people, peopleMax }) => ({
    title: does(who, { you: 'Te uniste con el código', they: 'se unió con el código' }),
    detail: `${people} de ${peopleMax} personas.`,
  }),
  'group-full': ({ peopleMax, again }) => ({
    title: again ? 'Grupo completo otra vez' : 'Grupo completo',
    detail: `Están las ${peopleMax} personas.`,
  }),
  left: ({ who }) => ({ title: does(who, { you: 'Dejaste tu lugar', they: 'dejó su lugar' }), detail: null }),
  'seat-released': ({ who, by: actor }) => ({
    title: who.isViewer ? `Tu lugar fue liberado${by(actor)}` : `Lugar de ${who.name} liberado${by(actor)}`,
    detail: null,
  }),
  entered: ({ who, again }) => ({
    title: again
      ? does(who, { you: 'Entraste por última vez', they: 'entró por última vez' })
      : does(who, { you: 'Entraste a la clase', they: 'entró a la clase' }),
    detail: null,
  }),
  attendance: ({ who, attended, minutes, source }) => ({
    title: attended
      ? does(who, { you: 'Estuviste en la clase', they: 'estuvo en la clase' })
      : does(who, { you: 'No estuviste en la clase', they: 'no estuvo en la clase' }),
    detail: [minutes === null ? '' : `${minutes} minutos.`, source === 'meet' ? 'Según Google Meet.' : 'Según el profesor.']
      .filter(Boolean)
      .join(' '),
  }),
  'teacher-entered': () => ({ title: 'El profesor entró a la clase', detail: null }),
  'room-changed': ({ to }) => ({
    title: 'Cambió la sala de la clase',
    detail: to === 'room' ? 'El profesor puso otra sala. Se entra con el mismo botón.' : 'La clase vuelve a ser en Google Meet.',
  }),
  moved: ({ from, to, by: actor }, { hour }) => ({
    title: `Clase reprogramada${by(actor)}`,
    detail: `Del ${hour(from)} al ${hour(to)}.`,
  }),
  cancelled: ({ reason, by: actor, wasPaid, explanation }) => ({
    title: reason === 'host_cancelled' ? `${wasPaid ? 'Clase cancelada' : 'Horario liberado'}${by(actor)}` : CANCEL_REASON[reason],
    detail: explanation === null ? null : `«${explanation}»`,
  }),
  'no-refund': () => ({ title: 'Sin reembolso', detail: 'Se canceló cuando ya no correspondía.' }),
  'refund-requested': ({ paymentId, amount, why }) => ({
    title: 'Devolución pedida a Mercado Pago',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} ${REFUND_WHY[why]}`,
  }),
  'refund-failed': ({ paymentId, amount }) => ({
    title: 'Mercado Pago no aceptó la devolución',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)} La revisa una persona.`,
  }),
  refunded: ({ paymentId, amount, refundId }) => ({
    title: 'Pago devuelto',
    detail: `${formatMoney(amount)} ARS. ${operation(paymentId)}${refundId === null ? '' : ` Devolución ${refundId}.`}`,
  }),
  completed: () => ({ title: 'Clase completada', detail: null }),
  mailed: ({ mail, to }) => ({
    title: to.isViewer ? 'Te mandamos un mail' : `Mail enviado a ${to.name}`,
    detail: `«${MAILS[mail]}».`,
  }),
  'calendar-edited': ({ what, to }, { hour }) => ({
    title: CALENDAR_EDIT[what].title,
    detail: CALENDAR_EDIT[what].detail ?? (to ? `${what === 'conflict' ? 'Empieza el' : 'Al'} ${hour(to)}.` : null),
  }),
  'calendar-retried': ({ worked }) => ({
    title: 'Calendario reintentado a mano',
    detail: worked ? 'Quedó al día.' : 'No salió.',
  }),
}
