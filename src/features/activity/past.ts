import type { Deps } from '../../deps.ts'
import { BANK } from './bank/index.ts'
import { topicsNamed, type Wish } from './bank/select.ts'
import { Exercise, OWN_TOPIC } from './exercise.ts'
import type { ItemGrade } from './grade.ts'
import * as store from './store.ts'
import { notesAbout } from './teacher/store.ts'

const WEAK_TOPICS_MAX = 3
const NOTES_READ = 3

/**
 * What a person was given before and where they are weak: what the teacher heard in their last classes first, then the topics of which they
 * missed most in their first tries.
 */
export async function memoryOf(deps: Deps, userId: string): Promise<Pick<Wish, 'given' | 'weakTopics'>> {
  const given = new Map<string, number>()
  const lost = new Map<string, number>()
  for (const past of await store.pastTasks(deps.db.handle, userId)) {
    const exercise = Exercise.safeParse(past.exercise)
    if (!exercise.success) continue
    const marks = new Map(((past.firstMarks ?? []) as ItemGrade[]).map(({ itemId, credit }) => [itemId, credit]))
    for (const item of exercise.data.items) {
      given.set(item.id, (given.get(item.id) ?? 0) + 1)
      const credit = marks.get(item.id)
      if (typeof credit === 'number' && credit < 1 && item.topic !== OWN_TOPIC)
        lost.set(item.topic, (lost.get(item.topic) ?? 0) + 1 - credit)
    }
  }
  const heard = topicsNamed(BANK, (await notesAbout(deps.db.handle, userId, NOTES_READ)).map(({ errorsHeard }) => errorsHeard).join('\n'))
  const missed = [...lost].sort(([, a], [, b]) => b - a).map(([topic]) => topic)
  return { given, weakTopics: [...new Set([...heard, ...missed])].slice(0, WEAK_TOPICS_MAX) }
}
