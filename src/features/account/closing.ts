import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'

/** What still hangs on an account, and has to end first. */
export interface Unfinished {
  /** Classes of their own that are coming or being prepared. */
  classes: number
  /** Slots that wait for their payment. */
  holds: number
  /** Payments that Mercado Pago is deciding about, and paid ones that wait for a booking. */
  payments: number
}

export type CloseRefusal = 'staff' | 'unfinished' | 'unconfirmed'

/** Whether a person may end their account now. Who teaches or runs the academy cannot: it would be left without them. */
export function decideClose(facts: {
  isStaff: boolean
  unfinished: Unfinished
  email: string
  /** Typed to confirm. */
  typed: string
}): Outcome<null, CloseRefusal> {
  if (facts.isStaff) return refuse('staff')
  if (Object.values(facts.unfinished).some((count) => count > 0)) return refuse('unfinished')
  return facts.typed.trim().toLowerCase() === facts.email ? succeed(null) : refuse('unconfirmed')
}

export const CLOSED_NAME = 'Cuenta eliminada'

/** An address that nobody has and no mail reaches: `.invalid` is reserved for that. */
export function closedEmail(userId: string): string {
  return `${userId}@cuenta.invalid`
}
