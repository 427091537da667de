import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { audit } from '../operation/attention.ts'
import { findClass } from '../virtual-class/store.ts'
import { type CreateOutcome, type CreateRefusal, createMeeting, queueMeeting } from './create.ts'
import { queueGuests } from './guests.ts'
import { moveMeeting } from './move.ts'
import { queueRemoval } from './remove.ts'
import { queueRestore } from './restore.ts'

/** The admin's "Reintentar": makes the event of a paid class now. Harmless when it exists already. */
export async function retryMeeting(deps: Deps, classId: string, actorId: string): Promise<CreateOutcome> {
  const outcome = await createMeeting(deps, classId)
  // The event is there, its link is not: whoever clicked need not wait for the hourly look.
  if (!outcome.ok && outcome.reason === 'link-pending') await queueMeeting(deps, classId)
  await deps.db.transaction((tx) =>
    audit(deps, tx, {
      actorId,
      action: 'meeting.retry',
      subject: 'class',
      subjectId: classId,
      detail: { outcome: outcome.ok ? 'ok' : outcome.reason },
    }),
  )
  return outcome
}

/**
 * The admin's "Reintentar" for whatever the calendar is behind with: the event of a paid class, the times and guests of a scheduled one,
 * the removal of a cancelled one. A second attempt beside the one that waits is harmless.
 */
export async function retryCalendar(deps: Deps, classId: string, actorId: string): Promise<Outcome<null, CreateRefusal>> {
  const virtualClass = await findClass(deps.db.handle, classId)
  if (!virtualClass) return refuse('unknown-class')
  if (virtualClass.status === 'pending') {
    const made = await retryMeeting(deps, classId, actorId)
    return made.ok ? succeed(null) : refuse(made.reason)
  }
  const moved =
    virtualClass.status === 'scheduled' && virtualClass.calendarState !== 'synced' ? await moveMeeting(deps, classId) : succeed(null)
  await deps.db.transaction(async (tx) => {
    if (virtualClass.eventWantedAt !== null) await queueRestore(deps, classId)
    if (virtualClass.status === 'scheduled') await queueGuests(deps, classId)
    if (virtualClass.status === 'cancelled') await queueRemoval(deps, classId)
    await audit(deps, tx, {
      actorId,
      action: 'meeting.retry',
      subject: 'class',
      subjectId: classId,
      detail: { outcome: moved.ok ? 'ok' : moved.reason },
    })
  })
  return moved.ok ? succeed(null) : refuse('unavailable')
}
