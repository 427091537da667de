import type { Deps } from '../../deps.ts'
import { findOrderByPreference } from './store.ts'

/** The class that is booked with a preference; null when there is no such preference, or no booking yet. */
export async function classOfPreference(deps: Deps, preferenceId: string): Promise<string | null> {
  return (await findOrderByPreference(deps.db.handle, preferenceId))?.classId ?? null
}
