import type { Deps } from '../../deps.ts'
import { findOrderByPreference, ordersOfUser, type PaymentListRow } from './store.ts'

/** A person's own payments, the newest first. */
export async function ownPayments(deps: Deps, userId: string): Promise<PaymentListRow[]> {
  return ordersOfUser(deps.db.handle, userId)
}

/** The class that is booked with a preference; null when there is no such preference, or no booking yet. */
export async function classOfPreference(deps: Deps, preferenceId: string): Promise<string | null> {
  return (await findOrderByPreference(deps.db.handle, preferenceId))?.classId ?? null
}
