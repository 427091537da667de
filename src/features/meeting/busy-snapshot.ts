import { and, asc, eq, gt, lt, sql } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { busyInterval, busySnapshot, teacher } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import type { Interval } from '../academy/rules.ts'
import type { TeachersTime } from '../virtual-class/taken.ts'

const INTERVALS_MAX = 5_000

/** When the calendar was last read, and how far. */
export interface Snapshot {
  readAt: Date
  coversTo: Date
}

export async function findSnapshot(deps: Deps, teacherId: string): Promise<Snapshot | null> {
  const [row] = await readSnapshot(deps.db.handle, { teacherId })
  return row ?? null
}

const readSnapshot = hotRead((handle, later: (name: 'teacherId') => Later) =>
  handle
    .select({ readAt: busySnapshot.readAt, coversTo: busySnapshot.coversTo })
    .from(busySnapshot)
    .where(eq(busySnapshot.teacherId, later('teacherId'))),
)

/** Busy time of these teachers' last readings that touches [from, to). */
export async function storedBusy(deps: Deps, teacherIds: readonly string[], from: Date, to: Date): Promise<TeachersTime[]> {
  return readStored(deps.db.handle, { teacherIds, from, to })
}

const readStored = hotRead((handle, later: (name: 'teacherIds' | 'from' | 'to') => Later) => {
  const own = handle
    .select({ startsAt: busyInterval.startsAt, endsAt: busyInterval.endsAt })
    .from(busyInterval)
    .where(and(eq(busyInterval.teacherId, teacher.id), lt(busyInterval.startsAt, later('to')), gt(busyInterval.endsAt, later('from'))))
    .orderBy(asc(busyInterval.startsAt))
    .limit(INTERVALS_MAX)
    .as('own')
  return handle
    .select({ teacherId: teacher.id, startsAt: own.startsAt, endsAt: own.endsAt })
    .from(teacher)
    .crossJoinLateral(own)
    .where(sql`${teacher.id} = ANY(${later('teacherIds')}::uuid[])`)
})

/** Stores a reading, unless one that was begun later is stored already: answers may overtake each other. */
export async function replaceSnapshot(
  deps: Deps,
  teacherId: string,
  reading: { readAt: Date; coversFrom: Date; coversTo: Date; busy: readonly Interval[] },
): Promise<void> {
  const { readAt, coversFrom, coversTo, busy } = reading
  const row = { coversFrom, coversTo, readAt }
  await deps.db.transaction(async (tx) => {
    const stored = await tx
      .insert(busySnapshot)
      .values({ teacherId, ...row })
      .onConflictDoUpdate({
        target: busySnapshot.teacherId,
        set: row,
        // A clock that was moved back must not freeze what was read in its future.
        setWhere: sql`${busySnapshot.readAt} <= ${readAt} OR ${busySnapshot.readAt} > ${plus(deps.clock.now(), MINUTE_MS)}`,
      })
      .returning({ teacherId: busySnapshot.teacherId })
    if (stored.length === 0) return
    await tx.delete(busyInterval).where(eq(busyInterval.teacherId, teacherId))
    if (busy.length > 0)
      await tx
        .insert(busyInterval)
        .values(busy.map((interval) => ({ teacherId, ...interval })))
        .onConflictDoNothing()
  })
}

/** What another calendar said is nothing to this one. */
export async function forgetSnapshot(tx: Tx, teacherId: string): Promise<void> {
  await tx.delete(busyInterval).where(eq(busyInterval.teacherId, teacherId))
  await tx.delete(busySnapshot).where(eq(busySnapshot.teacherId, teacherId))
}
