import { and, asc, gte, inArray } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { virtualClass } from '../../db/tables.ts'

const LIVE = ['pending', 'scheduled'] as const

export interface PublicClass {
  id: string
  maxParticipants: number
  classType: 'individual' | 'grupal'
  status: string
  startTime: Date
  endTime: Date
}

/** What anybody may know of coming classes: six fields, nothing personal (behaviour 4.6). */
export async function publicUpcoming(handle: Handle, now: Date, limit = 500): Promise<PublicClass[]> {
  return readPublic(handle, { now, limit })
}

const readPublic = hotRead((handle, later: (name: 'now' | 'limit') => Later) =>
  handle
    .select({
      id: virtualClass.id,
      maxParticipants: virtualClass.maxParticipants,
      classType: virtualClass.classType,
      status: virtualClass.status,
      startTime: virtualClass.startsAt,
      endTime: virtualClass.endsAt,
    })
    .from(virtualClass)
    .where(and(inArray(virtualClass.status, [...LIVE]), gte(virtualClass.startsAt, later('now'))))
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(later('limit')),
)
