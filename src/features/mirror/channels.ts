import { and, desc, eq, lt, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { calendarChannel } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { sha256 } from '../../kernel/secret-box.ts'
import { listTeachers } from '../academy/store.ts'
import { calendarAccess } from '../meeting/connection.ts'
import type { CalendarAccess } from '../meeting/provider.ts'
import { hasTakenOver, needsChannel, renewalOf } from './channel-rules.ts'

/** More are never open: one, its successor, and what an interrupted renewal left. */
const LOOKED_AT_MAX = 20

const readChannels = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select()
    .from(calendarChannel)
    .where(and(eq(calendarChannel.teacherId, later('teacherId')), sql`${calendarChannel.stoppedAt} IS NULL`))
    .orderBy(desc(calendarChannel.openedAt), desc(calendarChannel.id))
    .limit(LOOKED_AT_MAX),
)

/** Keeps one working push channel per connected calendar: opened, replaced before it expires, its predecessor stopped a little later. */
export async function tendChannels(deps: Deps, teacherId: string): Promise<void> {
  const access = deps.config.calendarPush ? await calendarAccess(deps, teacherId) : null
  if (!access) return
  const now = deps.clock.now()
  const channels = await readChannels(deps.db.handle, { teacherId })
  const newest = channels.find(({ grantId, resourceId }) => grantId === access.grantId && resourceId !== null) ?? null
  if (needsChannel(newest, now)) await openChannel(deps, teacherId, access)
  else if (newest && hasTakenOver(newest, now)) {
    for (const { id, resourceId } of channels) if (id !== newest.id) await stopChannel(deps, access, id, resourceId)
  }
  await deps.db.handle
    .delete(calendarChannel)
    .where(
      and(
        eq(calendarChannel.teacherId, teacherId),
        or(
          lt(calendarChannel.expiresAt, plus(now, -DAY_MS)),
          and(sql`${calendarChannel.expiresAt} IS NULL`, lt(calendarChannel.openedAt, plus(now, -DAY_MS))),
        ),
      ),
    )
}

/** Written down before Google is asked: its first notification may be quicker than its answer. */
async function openChannel(deps: Deps, teacherId: string, access: CalendarAccess): Promise<void> {
  const id = deps.ids.uuid()
  const token = deps.ids.secret()
  const openedAt = deps.clock.now()
  const address = new URL('/api/google-webhook', deps.config.baseUrl).href
  await deps.db.handle.insert(calendarChannel).values({ id, teacherId, grantId: access.grantId, tokenHash: sha256(token), openedAt })
  const opened = await deps.calendar.watch(access, { id, token, address })
  if (!opened.ok) {
    // Without notifications the calendar is still read every minute. A channel whose answer was lost may live on, unknown to us, until it expires.
    deps.log.warn({ teacherId, reason: opened.reason, cause: opened.detail?.cause }, 'Google does not tell of changes')
    await deps.db.handle.delete(calendarChannel).where(eq(calendarChannel.id, id))
    return
  }
  const { resourceId, expiresAt } = opened.value
  const renewAt = renewalOf(openedAt, expiresAt, deps.ids.number(1_000) / 1_000)
  await deps.db.handle.update(calendarChannel).set({ resourceId, expiresAt, renewAt }).where(eq(calendarChannel.id, id))
}

/** The row stays until the channel would have expired: notifications may arrive a while after a stop. */
async function stopChannel(deps: Deps, access: CalendarAccess, id: string, resourceId: string | null): Promise<void> {
  const stopped = resourceId ? await deps.calendar.stopChannel(access, { id, resourceId }) : null
  if (stopped && !stopped.ok && stopped.reason !== 'refused') return
  await deps.db.handle.update(calendarChannel).set({ stoppedAt: deps.clock.now() }).where(eq(calendarChannel.id, id))
}

/** Timed: looks after the channels of every teacher. */
export const tendChannelsJob = defineJob({
  name: 'mirror.tend-channels',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    for (const { id } of await listTeachers(deps.db.handle)) await tendChannels(deps, id)
  },
})
