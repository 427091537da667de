import type { RejectionGroup } from './rejection.ts'

/** Why a payment was rejected and what to do now, in plain words. */
export const REJECTION: Readonly<Record<RejectionGroup, string>> = {
  funds: 'Tu medio de pago no tiene saldo o límite suficiente. Probá con otro.',
  data: 'Algún dato de la tarjeta no coincide. Revisá el número, el vencimiento y el código, y probá de nuevo.',
  authorize: 'Tu banco pide que autorices el pago. Autorizalo con tu banco o probá con otro medio de pago.',
  card: 'Tu tarjeta no está habilitada para esta compra. Llamá a tu banco o probá con otro medio de pago.',
  duplicate: 'Mercado Pago ya tiene un pago igual hecho recién. Fijate en tu cuenta antes de probar de nuevo.',
  risk: 'Mercado Pago no aceptó este medio de pago. Esperá un rato o probá con otro.',
  other: 'Mercado Pago no aprobó el pago. Probá con otro medio de pago.',
}
