import type { Waiting } from '../../../features/activity/teacher/waiting.ts'
import { WAITING_WORK } from './text.es.ts'

/** Exercises that wait for whoever looks at them, one line for each sort; nothing where nothing waits. */
export function WaitingWork({ area, waiting }: { area: 'admin' | 'profe'; waiting: Waiting }) {
  return (
    <>
      {(['drafts', 'texts'] as const).map((sort) => {
        const work = waiting[sort]
        return work === null ? null : (
          <p>
            <a class="action-link" href={`/${area}/actividad/${encodeURIComponent(work.classId)}`}>
              {WAITING_WORK[sort](work.count)}
            </a>
          </p>
        )
      })}
    </>
  )
}
