import type { Tx } from '../../db/client.ts'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { audit } from '../operation/attention.ts'
import { lockClass } from '../virtual-class/store.ts'
import type { EditDeed } from './deeds.ts'

/** Locks a class; null when anything happened to it or its event since it was looked at: then what was seen says nothing. */
export async function lockUnchanged(tx: Tx, seen: VirtualClassRow): Promise<VirtualClassRow | null> {
  const current = await lockClass(tx, seen.id)
  const isSame =
    current?.status === 'scheduled' &&
    current.calendarState === 'synced' &&
    current.moveCount === seen.moveCount &&
    current.googleEventId === seen.googleEventId &&
    current.calendarId === seen.calendarId
  return isSame ? current : null
}

/** Into the class's own story. `actorId` null: whoever has a hand in the calendar. */
export async function tellStory(
  deps: Deps,
  tx: Tx,
  classId: string,
  what: EditDeed,
  about: { startsAt?: Date | null; actorId?: string } = {},
): Promise<void> {
  await audit(deps, tx, {
    actorId: about.actorId ?? null,
    action: 'calendar.edit',
    subject: 'class',
    subjectId: classId,
    detail: { what, by: 'calendar', ...(about.startsAt ? { to: about.startsAt.toISOString() } : {}) },
  })
}
