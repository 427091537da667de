import { eq, sql } from 'drizzle-orm'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { busySnapshot, calendarSync, googleConnection } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Snapshot } from './busy-snapshot.ts'

export type Reading = Snapshot & { of: 'mirror' | 'free-busy' }

/** A calendar that was connected: whether it can be asked, and when it was last read. */
export interface KnownCalendar {
  mayAsk: boolean
  reading: Reading | null
}

/** How the calendars of these teachers stand; nobody without a connection is among them. */
export async function knownCalendars(deps: Deps, teacherIds: readonly string[]): Promise<ReadonlyMap<string, KnownCalendar>> {
  const rows = await readCalendars(deps.db.handle, { teacherIds })
  return new Map(rows.map((row) => [row.teacherId, { mayAsk: row.status !== 'disconnected', reading: latestOf(row) }]))
}

export async function lastReading(deps: Deps, teacherId: string): Promise<Reading | null> {
  return (await knownCalendars(deps, [teacherId])).get(teacherId)?.reading ?? null
}

interface ReadingTimes {
  mirroredAt: Date | null
  mirroredTo: Date | null
  askedAt: Date | null
  askedTo: Date | null
}

/** Of the mirror, once it is complete, and the last answer of free/busy, what was read later: both tell everything. */
function latestOf({ mirroredAt, mirroredTo, askedAt, askedTo }: ReadingTimes): Reading | null {
  const mirror = mirroredAt && mirroredTo ? { readAt: mirroredAt, coversTo: mirroredTo, of: 'mirror' as const } : null
  const asked = askedAt && askedTo ? { readAt: askedAt, coversTo: askedTo, of: 'free-busy' as const } : null
  return asked && (!mirror || asked.readAt >= mirror.readAt) ? asked : mirror
}

const readCalendars = hotRead((handle, later: (name: 'teacherIds') => Later) =>
  handle
    .select({
      teacherId: googleConnection.teacherId,
      status: googleConnection.status,
      mirroredAt: calendarSync.readAt,
      mirroredTo: calendarSync.coversTo,
      askedAt: busySnapshot.readAt,
      askedTo: busySnapshot.coversTo,
    })
    .from(googleConnection)
    .leftJoin(calendarSync, eq(calendarSync.teacherId, googleConnection.teacherId))
    .leftJoin(busySnapshot, eq(busySnapshot.teacherId, googleConnection.teacherId))
    .where(sql`${googleConnection.teacherId} = ANY(${later('teacherIds')}::uuid[])`),
)
