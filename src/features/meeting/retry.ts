import type { Deps } from '../../deps.ts'
import { audit } from '../operation/attention.ts'
import { type CreateOutcome, createMeeting, queueMeeting } from './create.ts'

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
