import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { calendarChannel, calendarSync } from '../../db/tables.ts'

/** How the mirror of a calendar fares, for the admin. */
export interface MirrorHealth {
  readAt: Date | null
  /** When it was last read from scratch. */
  fullAt: Date | null
  lastError: string | null
  /** Google wants to be left alone until then; null: it may be asked. */
  pausedUntil: Date | null
  /** Events of classes that Google did not tell when they were last compared, in whichever calendar. */
  unreadable: number
  /** Until when Google rings at every change; null: it does not, and changes are noticed by asking. */
  channelExpiresAt: Date | null
}

export async function mirrorHealth(handle: Handle, teacherId: string, now: Date): Promise<MirrorHealth> {
  const [sync] = await handle
    .select({
      readAt: calendarSync.readAt,
      fullAt: calendarSync.fullAt,
      lastError: calendarSync.lastError,
      notBefore: calendarSync.notBefore,
      unreadable: sql<number>`${calendarSync.unreadable} + ${calendarSync.unreadableElsewhere}`,
    })
    .from(calendarSync)
    .where(eq(calendarSync.teacherId, teacherId))
  const [channel] = await handle
    .select({ expiresAt: calendarChannel.expiresAt })
    .from(calendarChannel)
    .where(and(eq(calendarChannel.teacherId, teacherId), isNull(calendarChannel.stoppedAt)))
    .orderBy(desc(calendarChannel.openedAt))
    .limit(1)
  return {
    readAt: sync?.readAt ?? null,
    fullAt: sync?.fullAt ?? null,
    lastError: sync?.lastError ?? null,
    pausedUntil: sync?.notBefore && sync.notBefore > now ? sync.notBefore : null,
    unreadable: sync?.unreadable ?? 0,
    channelExpiresAt: channel?.expiresAt ?? null,
  }
}
