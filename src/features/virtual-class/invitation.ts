import ical from 'ical-generator'
import type { Deps } from '../../deps.ts'
import { ARGENTINA, exactInstant } from '../../kernel/zoned-time.ts'
import { isParticipant } from './queries.ts'
import { findClass } from './store.ts'

/** A class as an .ics file for somebody who belongs to it, or null. Without Meet link, code or other people (behaviour 4.10). */
export async function classInvitation(deps: Deps, userId: string, classId: string): Promise<string | null> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled') return null
  if (!(await isParticipant(deps.db.handle, userId, classId))) return null
  const calendar = ical({ name: 'HablaInglesYa', prodId: { company: 'HablaInglesYa', product: 'Clases', language: 'ES' } })
  calendar.createEvent({
    id: `${classId}@hablainglesya`,
    sequence: virtualClass.moveCount,
    summary: 'Clase de Inglés',
    start: exactInstant(virtualClass.startsAt),
    end: exactInstant(virtualClass.endsAt),
    timezone: ARGENTINA,
    stamp: deps.clock.now(),
    location: `${deps.config.baseUrl}/inicio/mis-clases-virtuales`,
    url: `${deps.config.baseUrl}/inicio/mis-clases-virtuales`,
  })
  return calendar.toString()
}
