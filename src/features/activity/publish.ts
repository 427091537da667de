import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { notify } from '../notice/commands.ts'
import * as store from './store.ts'

/**
 * Shows an exercise to its person, and tells them: once of what was made for them, and once of what the teacher sends in its place. What the
 * teacher changes about that and sends again is not told anew.
 */
export async function publish(deps: Deps, tx: Tx, draft: Pick<store.TaskRow, 'id' | 'classId' | 'userId' | 'generator'>): Promise<void> {
  const now = deps.clock.now()
  await store.publishTask(tx, draft, now)
  await notify(deps, tx, {
    userId: draft.userId,
    classId: draft.classId,
    kind: 'activity-ready',
    dedupeKey: `activity-ready:${draft.id}:${draft.generator === 'manual' ? 'own' : 'made'}`,
  })
}
