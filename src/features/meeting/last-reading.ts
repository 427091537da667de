import type { Deps } from '../../deps.ts'
import { findMirror } from '../mirror/store.ts'
import { findSnapshot, type Snapshot } from './busy-snapshot.ts'

export type Reading = Snapshot & { of: 'mirror' | 'free-busy' }

/** Of the mirror and the last answer of free/busy, what was read later: both tell everything. */
export async function lastReading(deps: Deps, teacherId: string): Promise<Reading | null> {
  const [mirror, asked] = await Promise.all([findMirror(deps.db.handle, teacherId), findSnapshot(deps, teacherId)])
  if (asked && (!mirror || asked.readAt >= mirror.readAt)) return { ...asked, of: 'free-busy' }
  return mirror ? { ...mirror, of: 'mirror' } : null
}
