import { eq } from 'drizzle-orm'
import type { Tx } from '../../../db/client.ts'
import { teacher, type VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { notify, wasJustTold } from '../../notice/commands.ts'
import { guestsOf } from '../../notice/guests.ts'
import { audit, closeCases } from '../../operation/attention.ts'
import { lockClass, updateClass } from '../../virtual-class/store.ts'
import { createMeeting, queueMeeting } from '../create.ts'
import { queueRoomInEvent } from './event.ts'
import { parseRoom, type RoomRefusal } from './rules.ts'

export type RoomOutcomeRefusal = RoomRefusal | 'unknown-class' | 'not-open' | 'no-meet-link'

/**
 * Gives a class a room of the teacher's instead of the one in Google Meet. A scheduled class has it at once and its people are told that the
 * link changed; a paid one that still waits for its link becomes scheduled with it (behaviour R10).
 */
export async function useRoom(deps: Deps, classId: string, typed: string, actorId: string): Promise<Outcome<null, RoomOutcomeRefusal>> {
  const room = parseRoom(typed)
  if (!room.ok) return room
  const taken = await deps.db.transaction(async (tx): Promise<Outcome<VirtualClassRow['status'], RoomOutcomeRefusal>> => {
    const current = await lockClass(tx, classId)
    if (!current) return refuse('unknown-class')
    if (!isOpen(current, deps.clock.now())) return refuse('not-open')
    if (current.roomUrl === room.value) return succeed(current.status)
    await updateClass(tx, classId, deps.clock.now(), { roomUrl: room.value })
    await audit(deps, tx, { actorId, action: 'meeting.use-room', subject: 'class', subjectId: classId })
    await queueRoomInEvent(deps, classId)
    await tellItsTeacher(deps, tx, current, actorId)
    if (current.status === 'scheduled') await replaceLink(deps, tx, current, room.value)
    else await queueMeeting(deps, classId)
    return succeed(current.status)
  })
  if (!taken.ok) return taken
  // The job that was queued does the same should this process end here.
  if (taken.value === 'pending') await createMeeting(deps, classId)
  return succeed(null)
}

/** Paid or scheduled, and not over. */
export function isOpen(c: VirtualClassRow, now: Date): boolean {
  return now < c.endsAt && (c.status === 'scheduled' || (c.status === 'pending' && c.paidAt !== null))
}

/** A scheduled class has another link from now on: whoever kept the old one is told, never with the link itself (behaviour 7). */
export async function replaceLink(deps: Deps, tx: Tx, locked: VirtualClassRow, url: string): Promise<void> {
  const now = deps.clock.now()
  await updateClass(tx, locked.id, now, { meetUrl: url, linkCheckedAt: now, linkBrokenAt: null })
  await closeCases(deps, tx, { subject: 'class', subjectId: locked.id, reason: 'link_missing' })
  if (locked.meetUrl === url) return
  const data = { wasBroken: locked.linkBrokenAt !== null }
  for (const userId of [locked.bookedById, ...(await guestsOf(tx, locked.id))]) await tellOfLink(deps, tx, locked, userId, data)
}

/** Whoever gives the class is told of the room, unless they chose it themselves. Its link is in the event of their calendar. */
async function tellItsTeacher(deps: Deps, tx: Tx, locked: VirtualClassRow, actorId: string): Promise<void> {
  const [row] = await tx.select({ userId: teacher.userId }).from(teacher).where(eq(teacher.id, locked.teacherId))
  if (row?.userId && row.userId !== actorId) await tellOfLink(deps, tx, locked, row.userId, { to: 'teacher' })
}

/** Once, however often the room is corrected within a minute: the mail holds no link, so it is true of every one of them. */
async function tellOfLink(deps: Deps, tx: Tx, locked: VirtualClassRow, userId: string, data: Record<string, unknown>): Promise<void> {
  const message = { userId, classId: locked.id, kind: 'link-ready' as const }
  if (await wasJustTold(deps, tx, message)) return
  await notify(deps, tx, { ...message, dedupeKey: `link-ready:${locked.id}:${locked.version}:${userId}`, data })
}
