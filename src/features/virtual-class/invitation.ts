import { and, eq } from 'drizzle-orm'
import ical from 'ical-generator'
import { participation } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { ARGENTINA, exactInstant } from '../../kernel/zoned-time.ts'
import { findClass } from './store.ts'

/** A class as an .ics file for somebody who belongs to it, or null. Without Meet link, code or other people (behaviour 4.10). */
export async function classInvitation(deps: Deps, userId: string, classId: string): Promise<string | null> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (virtualClass?.status !== 'scheduled') return null
  const [mine] = await deps.db.handle
    .select({ id: participation.id })
    .from(participation)
    .where(and(eq(participation.classId, classId), eq(participation.userId, userId)))
  if (!mine) return null
  const calendar = ical({ name: 'HablaInglesYa', prodId: { company: 'HablaInglesYa', product: 'Clases', language: 'ES' } })
  calendar.createEvent({
    id: `${classId}@hablainglesya`,
    sequence: virtualClass.rescheduleCount,
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
