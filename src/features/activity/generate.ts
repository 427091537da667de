import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { notify } from '../notice/commands.ts'
import { findClass, lockClass } from '../virtual-class/store.ts'
import { BANK } from './bank/index.ts'
import { selectExercise, topicsNamed, type Wish } from './bank/select.ts'
import { Exercise } from './exercise.ts'
import type { ItemGrade } from './grade.ts'
import { cefrOf } from './level.ts'
import { publish } from './publish.ts'
import * as store from './store.ts'
import { findNotes, notesAbout } from './teacher/store.ts'

const WEAK_TOPICS_MAX = 3
const NOTES_READ = 3
const PUBLISHED_AT_ONCE = 50
const MADE_UP_FOR_AT_ONCE = 20
/** A class whose exercises are not there this long after its end is looked after, for so many days. */
const OVERDUE_MS = 10 * MINUTE_MS
const LOOKED_BACK_DAYS = 30
const REMINDER_AFTER_DAYS = 3
const REMINDER_WITHIN_DAYS = 4
const REMINDED_AT_ONCE = 50

/** Makes the exercise of everybody who was in a completed class and has none yet. Running it twice makes nothing twice. */
async function generateActivities(deps: Deps, classId: string): Promise<void> {
  const about = await findClass(deps.db.handle, classId)
  if (about?.status !== 'completed') return
  for (const { userId, nivel } of await store.participantsWithoutTask(deps.db.handle, classId)) {
    const wish: Wish = {
      objective: about.learningFocus ?? (await findNotes(deps.db.handle, classId))?.vocabulary ?? null,
      level: cefrOf(nivel),
      ...(await memoryOf(deps, userId)),
      draw: (below) => deps.ids.number(below),
    }
    const exercise = selectExercise(BANK, wish)
    const now = deps.clock.now()
    await deps.db.transaction(async (tx) => {
      if ((await lockClass(tx, classId))?.status !== 'completed') return
      await store.insertTask(tx, {
        id: deps.ids.uuid(),
        classId,
        userId,
        title: exercise.title,
        description: about.learningFocus ?? '',
        difficulty: exercise.difficulty,
        level: exercise.level,
        exercise,
        generator: 'builtin',
        publishAt: plus(now, deps.config.activityApprovalHours * HOUR_MS),
        createdAt: now,
        updatedAt: now,
      })
    })
  }
  await publishDue(deps)
}

/**
 * What a person was given before and where they are weak: what the teacher heard in their last classes first, then the topics of which they
 * missed most in their first tries.
 */
async function memoryOf(deps: Deps, userId: string): Promise<Pick<Wish, 'given' | 'weakTopics'>> {
  const given = new Map<string, number>()
  const lost = new Map<string, number>()
  for (const past of await store.pastTasks(deps.db.handle, userId)) {
    const exercise = Exercise.safeParse(past.exercise)
    if (!exercise.success) continue
    const marks = new Map(((past.firstMarks ?? []) as ItemGrade[]).map(({ itemId, credit }) => [itemId, credit]))
    for (const item of exercise.data.items) {
      given.set(item.id, (given.get(item.id) ?? 0) + 1)
      const credit = marks.get(item.id)
      if (typeof credit === 'number' && credit < 1) lost.set(item.topic, (lost.get(item.topic) ?? 0) + 1 - credit)
    }
  }
  const heard = topicsNamed(BANK, (await notesAbout(deps.db.handle, userId, NOTES_READ)).map(({ errorsHeard }) => errorsHeard).join('\n'))
  const missed = [...lost].sort(([, a], [, b]) => b - a).map(([topic]) => topic)
  return { given, weakTopics: [...new Set([...heard, ...missed])].slice(0, WEAK_TOPICS_MAX) }
}

/** Publishes every draft whose time has come (behaviour 6, `ACTIVITY_APPROVAL_HOURS`). */
async function publishDue(deps: Deps): Promise<void> {
  for (const { id, classId } of await store.dueDrafts(deps.db.handle, deps.clock.now(), PUBLISHED_AT_ONCE))
    await deps.db.transaction(async (tx) => {
      await lockClass(tx, classId)
      const draft = await store.lockDueDraft(tx, id, deps.clock.now())
      if (draft) await publish(deps, tx, draft)
    })
}

/** Reminds once of what was left undone for some days; what is older than a week by then is left alone. */
async function remindOfUnsolved(deps: Deps): Promise<void> {
  const now = deps.clock.now()
  const published = {
    after: plus(now, -(REMINDER_AFTER_DAYS + REMINDER_WITHIN_DAYS) * DAY_MS),
    before: plus(now, -REMINDER_AFTER_DAYS * DAY_MS),
  }
  await deps.db.transaction(async (tx) => {
    for (const { id, userId, classId } of await store.unsolvedTasks(tx, published, REMINDED_AT_ONCE))
      await notify(deps, tx, { userId, classId, kind: 'activity-reminder', dedupeKey: `activity-reminder:${id}` })
  })
}

/** After completion: one exercise for each participant (behaviour D11, R16). */
export const generateActivitiesJob = defineJob({
  name: 'activity.generate',
  payload: z.object({ classId: z.uuid() }),
  run: (deps, { classId }) => generateActivities(deps, classId),
})

/** Timed: drafts that nobody looked at publish themselves, and no completed class stays without its exercises. */
export const lookAfterActivitiesJob = defineJob({
  name: 'activity.look-after',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    await publishDue(deps)
    await remindOfUnsolved(deps)
    const now = deps.clock.now()
    const overdue = await store.classesWithoutTasks(
      deps.db.handle,
      plus(now, -LOOKED_BACK_DAYS * DAY_MS),
      plus(now, -OVERDUE_MS),
      MADE_UP_FOR_AT_ONCE,
    )
    for (const classId of overdue) {
      if ((await deps.jobs.stateOf(generateActivitiesJob, classId)) === 'none')
        await deps.jobs.enqueue(generateActivitiesJob, { classId }, { key: classId })
    }
  },
})
