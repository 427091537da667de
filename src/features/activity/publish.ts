import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { notify } from '../notice/commands.ts'
import * as store from './store.ts'

/** Shows an exercise to its person, and tells them. */
export async function publish(deps: Deps, tx: Tx, draft: Pick<store.TaskRow, 'id' | 'classId' | 'userId'>): Promise<void> {
  const now = deps.clock.now()
  await store.publishTask(tx, draft, now)
  await notify(deps, tx, {
    userId: draft.userId,
    classId: draft.classId,
    kind: 'activity-ready',
    // What takes its place later is told anew.
    dedupeKey: `activity-ready:${draft.id}:${now.getTime()}`,
  })
}
