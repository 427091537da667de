/** One way of paying in Argentina. Minimum amounts in ARS as measured on one account; the rest is the documented shape. */
export interface PaymentMethod {
  id: string
  name: string
  typeId: 'credit_card' | 'debit_card' | 'prepaid_card' | 'account_money' | 'ticket'
  minimum: number
  maximum: number
  /** Minutes until the money counts as received. */
  accreditationMinutes: number
}

export const PAYMENT_METHODS: readonly PaymentMethod[] = [
  { id: 'visa', name: 'Visa', typeId: 'credit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'master', name: 'Mastercard', typeId: 'credit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'amex', name: 'American Express', typeId: 'credit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'diners', name: 'Diners', typeId: 'credit_card', minimum: 15, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'naranja', name: 'Naranja X', typeId: 'credit_card', minimum: 15, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'argencard', name: 'Argencard', typeId: 'credit_card', minimum: 15, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'cabal', name: 'Cabal', typeId: 'credit_card', minimum: 15, maximum: 150_000_000, accreditationMinutes: 2880 },
  { id: 'debvisa', name: 'Visa Débito', typeId: 'debit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 1440 },
  { id: 'debmaster', name: 'Mastercard Débito', typeId: 'debit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 1440 },
  { id: 'maestro', name: 'Maestro', typeId: 'debit_card', minimum: 3, maximum: 150_000_000, accreditationMinutes: 1440 },
  { id: 'prepaid', name: 'Tarjeta prepaga', typeId: 'prepaid_card', minimum: 1, maximum: 150_000_000, accreditationMinutes: 0 },
  { id: 'account_money', name: 'Dinero en cuenta', typeId: 'account_money', minimum: 1, maximum: 150_000_000, accreditationMinutes: 0 },
  { id: 'rapipago', name: 'Rapipago', typeId: 'ticket', minimum: 50, maximum: 5_000_000, accreditationMinutes: 0 },
  { id: 'pagofacil', name: 'Pago Fácil', typeId: 'ticket', minimum: 50, maximum: 5_000_000, accreditationMinutes: 0 },
]

export function paymentMethod(id: string): PaymentMethod {
  const method = PAYMENT_METHODS.find((candidate) => candidate.id === id)
  if (!method) throw new Error(`unknown payment method ${id}`)
  return method
}

export interface TestCard {
  key: string
  label: string
  number: string
  securityCode: string
  expiry: string
  methodId: string
}

/** The official test cards of Argentina. */
export const TEST_CARDS: readonly [TestCard, ...TestCard[]] = [
  { key: 'master', label: 'Mastercard crédito', number: '5031755734530604', securityCode: '123', expiry: '11/30', methodId: 'master' },
  { key: 'visa', label: 'Visa crédito', number: '4509953566233704', securityCode: '123', expiry: '11/30', methodId: 'visa' },
  { key: 'amex', label: 'American Express', number: '371180303257522', securityCode: '1234', expiry: '11/30', methodId: 'amex' },
  { key: 'debmaster', label: 'Mastercard débito', number: '5287338310253304', securityCode: '123', expiry: '11/30', methodId: 'debmaster' },
  { key: 'debvisa', label: 'Visa débito', number: '4002768694395619', securityCode: '123', expiry: '11/30', methodId: 'debvisa' },
]

/** The brand of a card by its first digits; null when no brand is known. Test cards also tell debit from credit. */
export function cardMethod(number: string): PaymentMethod | null {
  const known = TEST_CARDS.find((card) => card.number === number)
  if (known) return paymentMethod(known.methodId)
  if (/^3[47]/.test(number)) return paymentMethod('amex')
  if (/^3[068]/.test(number)) return paymentMethod('diners')
  if (/^4/.test(number)) return paymentMethod('visa')
  if (/^(5[1-5]|2[2-7])/.test(number)) return paymentMethod('master')
  if (/^589562/.test(number)) return paymentMethod('naranja')
  if (/^(6042|6043|5896)/.test(number)) return paymentMethod('cabal')
  return null
}

export interface HolderOutcome {
  name: string
  label: string
  status: 'approved' | 'rejected' | 'in_process'
  statusDetail: string
}

/** The card holder's name decides the result. UNSU and TEST are listed by the provider without a meaning: general rejection. */
export const HOLDER_OUTCOMES: readonly HolderOutcome[] = [
  { name: 'APRO', label: 'Aprobado', status: 'approved', statusDetail: 'accredited' },
  { name: 'OTHE', label: 'Rechazado, error general', status: 'rejected', statusDetail: 'cc_rejected_other_reason' },
  { name: 'CONT', label: 'Pendiente de revisión', status: 'in_process', statusDetail: 'pending_contingency' },
  { name: 'CALL', label: 'Rechazado, debe autorizar', status: 'rejected', statusDetail: 'cc_rejected_call_for_authorize' },
  { name: 'FUND', label: 'Rechazado, sin fondos', status: 'rejected', statusDetail: 'cc_rejected_insufficient_amount' },
  { name: 'SECU', label: 'Rechazado, código de seguridad', status: 'rejected', statusDetail: 'cc_rejected_bad_filled_security_code' },
  { name: 'EXPI', label: 'Rechazado, vencimiento', status: 'rejected', statusDetail: 'cc_rejected_bad_filled_date' },
  { name: 'FORM', label: 'Rechazado, error de formulario', status: 'rejected', statusDetail: 'cc_rejected_bad_filled_other' },
  { name: 'CARD', label: 'Rechazado, número de tarjeta', status: 'rejected', statusDetail: 'cc_rejected_bad_filled_card_number' },
  { name: 'INST', label: 'Rechazado, cuotas', status: 'rejected', statusDetail: 'cc_rejected_invalid_installments' },
  { name: 'DUPL', label: 'Rechazado, pago duplicado', status: 'rejected', statusDetail: 'cc_rejected_duplicated_payment' },
  { name: 'LOCK', label: 'Rechazado, tarjeta deshabilitada', status: 'rejected', statusDetail: 'cc_rejected_card_disabled' },
  { name: 'CTNA', label: 'Rechazado, tipo de tarjeta', status: 'rejected', statusDetail: 'cc_rejected_card_type_not_allowed' },
  { name: 'ATTE', label: 'Rechazado, demasiados intentos', status: 'rejected', statusDetail: 'cc_rejected_max_attempts' },
  { name: 'BLAC', label: 'Rechazado, lista negra', status: 'rejected', statusDetail: 'cc_rejected_blacklist' },
  { name: 'UNSU', label: 'Rechazado (UNSU)', status: 'rejected', statusDetail: 'cc_rejected_other_reason' },
  { name: 'TEST', label: 'Rechazado (TEST)', status: 'rejected', statusDetail: 'cc_rejected_other_reason' },
]

const APPROVED: HolderOutcome = { name: '', label: 'Aprobado', status: 'approved', statusDetail: 'accredited' }

/** Looks at the first word of the holder's name; a name outside the table pays like APRO. */
export function holderOutcome(holder: string): HolderOutcome {
  const word = holder.trim().split(/\s+/)[0]?.toUpperCase() ?? ''
  return HOLDER_OUTCOMES.find((outcome) => outcome.name === word) ?? APPROVED
}

/** A deferred payment dies 30 days after it was made when nobody pays it. */
export const PENDING_DAYS_MAX = 30
