import type { AttentionReason } from '../../../features/operation/attention.ts'
import { type Centavos, formatMoney } from '../../../kernel/money.ts'

/** What happened, in the teacher's words, and what to do about it. */
export const ATTENTION: Record<AttentionReason, { title: string; hint: string }> = {
  amount_mismatch: {
    title: 'El monto cobrado no coincide con el precio',
    hint: 'Compará el pago con la tarifa y reembolsalo si no corresponde.',
  },
  currency_mismatch: { title: 'El pago llegó en otra moneda', hint: 'Solo se aceptan pesos argentinos. Reembolsalo.' },
  reference_mismatch: {
    title: 'El pago no corresponde a su orden',
    hint: 'Revisalo en Mercado Pago antes de devolver o aceptar el dinero.',
  },
  unknown_preference: { title: 'Llegó un pago de una orden desconocida', hint: 'Buscalo en Mercado Pago y resolvelo desde ahí.' },
  no_valid_hold: { title: 'Se pagó una reserva que ya había vencido', hint: 'El reembolso es automático. Acá ves si quedó pendiente.' },
  surplus_payment: { title: 'La misma reserva se pagó dos veces', hint: 'Se devuelve solo el pago que sobra.' },
  refund_failed: { title: 'No se pudo reembolsar un pago', hint: 'Mercado Pago rechazó el pedido. Volvé a intentarlo.' },
  calendar_failed: { title: 'El calendario no está al día con una clase', hint: 'Revisá la conexión con Google y reintentá.' },
  calendar_changed: {
    title: 'Google Calendar no coincide con lo que tenemos anotado',
    hint: 'Las clases siguen como las reservaron. Corregí el evento o cancelá la clase; si es la conexión, revisá la configuración.',
  },
  calendar_conflict: {
    title: 'Otro compromiso de tu calendario pisa una clase',
    hint: 'La clase sigue en pie. Mové el otro evento o reprogramá la clase.',
  },
  calendar_gone: {
    title: 'El calendario conectado ya no existe o no se puede leer',
    hint: 'Los horarios se cierran hasta que se pueda leer. Revisá el calendario en Google y conectalo de nuevo; las clases siguen como están.',
  },
  charged_back: { title: 'El comprador desconoció un pago', hint: 'Respondé el contracargo en Mercado Pago antes de que venza.' },
  in_mediation: { title: 'El comprador abrió un reclamo', hint: 'Respondelo en Mercado Pago. Mientras tanto el dinero está retenido.' },
  paid_without_class: {
    title: 'Un pago volvió, pero su clase ya está cancelada',
    hint: 'Ganaste el contracargo. Ofrecele otra clase al comprador o reembolsá el pago.',
  },
  settlement_failed: {
    title: 'Llegó un pago y no se pudo decidir qué corresponde',
    hint: 'Se sigue intentando solo. Si no se resuelve en unos minutos, avisá a soporte técnico.',
  },
  calendar_disconnected: {
    title: 'Google dejó de aceptar la conexión con tu calendario',
    hint: 'Conectalo de nuevo desde Google Calendar: las clases pagas se completan solas.',
  },
  calendar_trial_failed: {
    title: 'Tu calendario no pasó la prueba diaria',
    hint: 'Probamos crear un evento con enlace y no se pudo. Mirá la conexión antes de que lo noten tus estudiantes.',
  },
  link_missing: {
    title: 'Una clase de las próximas 24 horas no tiene un enlace que funcione',
    hint: 'Se sigue intentando solo. Para asegurarla, abrí la clase y pegá el enlace de otra sala.',
  },
  notice_failed: { title: 'Un mail no se pudo enviar', hint: 'Revisá la dirección o el servidor de correo y reintentá.' },
  job_dead: { title: 'Una tarea de fondo falló del todo', hint: 'Reintentala. Si vuelve a fallar, el registro dice por qué.' },
  statement_unread: {
    title: 'No se pudo hacer el cierre de un día',
    hint: 'Mercado Pago no dio la lista de pagos. Se sigue probando solo; también podés rehacerlo desde Cierres.',
  },
  provider_silent: {
    title: 'Mercado Pago no responde',
    hint: 'Los pagos se siguen consultando. Si dura, revisá el token de acceso.',
  },
  notification_unread: {
    title: 'Un aviso de Mercado Pago no se pudo leer',
    hint: 'El cierre del día muestra si ese pago existe. Buscalo en Mercado Pago.',
  },
  unknown_payment: { title: 'Mercado Pago tiene un pago que no está acá', hint: 'Buscalo por su número en Mercado Pago.' },
  payment_differs: {
    title: 'Un pago no coincide con Mercado Pago',
    hint: 'Compará monto, estado y devoluciones antes de resolverlo.',
  },
  money_unaccounted: {
    title: 'Hay dinero cobrado sin clase ni devolución',
    hint: 'Devolvelo, o acordá otra clase con quien pagó y resolvelo.',
  },
  refund_unknown: {
    title: 'Mercado Pago no muestra un reembolso hecho',
    hint: 'Revisá en Mercado Pago si el dinero volvió a quien pagó.',
  },
}

/** The same where the calendar is another teacher's than the one of whoever reads it. */
export const OTHERS_CALENDAR: Partial<Record<AttentionReason, (name: string) => { title: string; hint: string }>> = {
  calendar_conflict: (name) => ({
    title: `Otro compromiso del calendario de ${name} pisa una clase`,
    hint: `La clase sigue en pie. Pedile a ${name} que mueva el otro evento, o reprogramá la clase.`,
  }),
  calendar_gone: (name) => ({
    title: `El calendario de ${name} ya no existe o no se puede leer`,
    hint: 'Sus horarios se cierran hasta que se pueda leer; sus clases siguen como están. Revisen el calendario en Google y conéctenlo de nuevo.',
  }),
  calendar_disconnected: (name) => ({
    title: `Google dejó de aceptar la conexión con el calendario de ${name}`,
    hint: `Mandale a ${name} el enlace para que lo conecte de nuevo: las clases pagas se completan solas.`,
  }),
  calendar_trial_failed: (name) => ({
    title: `El calendario de ${name} no pasó la prueba diaria`,
    hint: 'Probamos crear un evento con enlace y no se pudo. Mirá la conexión antes de que lo noten sus estudiantes.',
  }),
}

/** What the price is and what came; null: Mercado Pago does not say how much. */
export const amountsText = (expected: Centavos, paid: Centavos | null) =>
  `Se esperaban ${formatMoney(expected)} y ${paid === null ? 'Mercado Pago no dice cuánto se pagó' : `se pagaron ${formatMoney(paid)}`}.`

/** A charge-back that is decided for the buyer. */
export const LOST_TEXT = 'Reclamo resuelto: el dinero volvió al comprador. Ya no hay nada que responder en Mercado Pago.'

export const RETURNING_TITLE = 'Una devolución está en camino'
export const RETURNING_TEXT = 'La devolución está en camino. Mercado Pago la aceptó y la está haciendo: no hace falta pedirla de nuevo.'

/** Why a refund waits, as Mercado Pago answered last; what is not here was refused. */
export const REFUND_WAITS: Readonly<Record<string, string>> = {
  'no-balance': 'No hay saldo en tu cuenta de Mercado Pago. Cargá saldo y volvé a intentarlo.',
  'in-dispute': 'Un reclamo del comprador retiene el dinero. Se sigue intentando solo hasta que se resuelva.',
  unavailable: 'Mercado Pago no responde. Se sigue intentando solo; también podés volver a intentarlo.',
}

export const WAITING_WORK = {
  drafts: (count: number) => (count === 1 ? '1 borrador para revisar' : `${count} borradores para revisar`),
  texts: (count: number) => (count === 1 ? '1 texto para corregir' : `${count} textos para corregir`),
}
