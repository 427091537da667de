import type { Refusal } from '../payment/pay.ts'
import type { Payment } from '../world.ts'

export const REFUSAL_TEXT: Record<Refusal, string> = {
  'not-started': 'Este link de pago todavía no está disponible.',
  expired: 'Este link de pago venció. Volvé al sitio para empezar de nuevo.',
  'method-not-offered': 'El vendedor no acepta ese medio de pago. Elegí otro.',
  'below-minimum': 'El monto es menor que el mínimo de ese medio de pago. Elegí otro.',
  'above-maximum': 'El monto supera el máximo de ese medio de pago. Elegí otro.',
  'invalid-number': 'Revisá el número de la tarjeta.',
  'invalid-holder': 'Escribí el nombre como figura en la tarjeta.',
  'invalid-expiry': 'Revisá el vencimiento: mes y año, por ejemplo 11/30.',
  'invalid-security-code': 'Revisá el código de seguridad: 3 o 4 números.',
  'invalid-dni': 'Revisá el DNI: solo números.',
  'invalid-installments': 'Esa cantidad de cuotas no está disponible.',
}

const REJECTION_TEXT: Record<string, string> = {
  cc_rejected_bad_filled_card_number: 'Revisá el número de la tarjeta.',
  cc_rejected_bad_filled_date: 'Revisá la fecha de vencimiento.',
  cc_rejected_bad_filled_security_code: 'Revisá el código de seguridad.',
  cc_rejected_bad_filled_other: 'Revisá los datos de la tarjeta.',
  cc_rejected_call_for_authorize: 'Tenés que autorizar el pago con tu banco.',
  cc_rejected_card_disabled: 'La tarjeta no está activa. Llamá a tu banco.',
  cc_rejected_insufficient_amount: 'La tarjeta no tiene fondos suficientes.',
  cc_rejected_duplicated_payment: 'Ya hiciste un pago por ese valor.',
  cc_rejected_invalid_installments: 'La tarjeta no admite esa cantidad de cuotas.',
  cc_rejected_max_attempts: 'Llegaste al límite de intentos. Usá otra tarjeta.',
}

/** Title and explanation of the result page. Anti-fraud details are not spelled out. */
export function resultText(payment: Payment): { tone: 'good' | 'wait' | 'bad'; title: string; detail: string } {
  switch (payment.status) {
    case 'approved':
      return { tone: 'good', title: '¡Listo! Se acreditó tu pago', detail: 'Ya le avisamos al vendedor.' }
    case 'in_process':
    case 'authorized':
      return { tone: 'wait', title: 'Estamos revisando tu pago', detail: 'En menos de 2 días hábiles te decimos si se acreditó.' }
    case 'pending':
      return { tone: 'wait', title: 'Te falta pagar el cupón', detail: 'Pagalo en efectivo antes de que venza.' }
    case 'rejected':
      return {
        tone: 'bad',
        title: 'No pudimos procesar tu pago',
        detail: REJECTION_TEXT[payment.statusDetail] ?? 'Probá con otra tarjeta u otro medio de pago.',
      }
    case 'cancelled':
      return { tone: 'bad', title: 'El pago se canceló', detail: 'No se cobró nada.' }
    default:
      return { tone: 'wait', title: 'El pago cambió de estado', detail: `Estado actual: ${payment.status} (${payment.statusDetail}).` }
  }
}
