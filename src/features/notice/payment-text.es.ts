import { REJECTION } from '../payment/rejection-text.es.ts'
import { PATHS, type Particulars, type Wording } from './letter.ts'

const ofClass = ({ when }: Particulars) => (when ? [`Clase: ${when}.`] : [])

export const pending: Wording = (facts) => ({
  subject: 'Tu pago está en proceso',
  body: [
    'Mercado Pago todavía no terminó de procesar tu pago. Te escribimos en cuanto lo apruebe; no hace falta que pagues de nuevo.',
    ...ofClass(facts),
    'Si se aprueba cuando el horario ya no está disponible, te devolvemos el total.',
  ],
  action: { label: 'Ver cómo va mi pago', path: PATHS.payment(facts.orderId) },
})

export const rejected: Wording = (facts) => ({
  subject: 'Tu pago no se aprobó: tu horario sigue guardado',
  body: [
    `${REJECTION[facts.rejection]} No se te cobró nada.`,
    `Tu horario (${facts.when}) sigue guardado hasta las ${facts.heldUntil} (hora de Argentina).`,
  ],
  action: { label: 'Reintentar el pago', path: PATHS.payment(facts.orderId) },
})

export const holdExpired: Wording = (facts) => ({
  subject: facts.moneyOnItsWay ? 'Tu pago sigue en proceso; el horario ya no está guardado' : 'Tu reserva venció sin pago',
  body: facts.moneyOnItsWay
    ? [
        `Tu pago sigue en proceso y el tiempo para pagar la clase del ${facts.when} terminó, así que el horario quedó libre.`,
        'Si el pago se aprueba, el horario sigue libre y no tenés otra clase a esa hora, te confirmamos la clase; si no, te devolvemos el total. No pagues de nuevo.',
      ]
    : [
        `El tiempo para pagar la clase del ${facts.when} terminó y el horario quedó libre.`,
        'No se te cobró nada. Podés elegir otro horario, o el mismo si nadie lo tomó.',
      ],
  action: facts.moneyOnItsWay
    ? { label: 'Ver cómo va mi pago', path: PATHS.payment(facts.orderId) }
    : { label: 'Elegir un horario', path: PATHS.booking },
})

const ON_ITS_WAY: Readonly<Record<string, string>> = {
  no_valid_hold: 'Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.',
  surplus_payment: 'Recibimos un pago repetido por la misma clase. Te lo devolvemos.',
  host_cancelled: 'Cancelaste tu clase a tiempo. Te devolvemos el total.',
  admin_cancelled: 'El profesor canceló tu clase. Te devolvemos el total.',
  event_failed: 'No pudimos preparar tu clase. Te devolvemos el total.',
}

export const refundOnItsWay: Wording = (facts) => ({
  subject: 'Tu reembolso está en camino',
  body: [
    ON_ITS_WAY[facts.refundReason] ?? 'Te devolvemos el pago de tu clase.',
    ...ofClass(facts),
    `Importe: ${facts.amount} ARS, por el mismo medio con el que pagaste. Ya se lo pedimos a Mercado Pago; te escribimos cuando esté hecho.`,
  ],
  action: { label: 'Reservar otra clase', path: PATHS.booking },
})

const MADE: Readonly<Record<string, string>> = {
  no_valid_hold: 'Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.',
  surplus_payment: 'Recibimos un pago repetido por la misma clase y te lo devolvimos.',
  host_cancelled: 'Te devolvimos el pago de tu clase porque la cancelaste a tiempo.',
  admin_cancelled: 'Te devolvimos el pago de tu clase porque el profesor la canceló.',
  event_failed: 'Te devolvimos el pago de tu clase porque no pudimos prepararla.',
}

export const refundMade: Wording = (facts) => ({
  subject: 'Te devolvimos tu pago',
  body: [
    MADE[facts.refundReason] ?? 'Te devolvimos el pago de tu clase.',
    ...ofClass(facts),
    `Importe: ${facts.amount} ARS, por el mismo medio con el que pagaste.`,
    'Según tu banco, puede tardar unos días en verse en tu cuenta o en el resumen de la tarjeta.',
  ],
  action: { label: 'Reservar otra clase', path: PATHS.booking },
})
