import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type Outcome, succeed } from '../../kernel/outcome.ts'
import { holdAccount } from '../identity/store.ts'
import { notify } from '../notice/commands.ts'
import { findClass, lockClass } from '../virtual-class/store.ts'
import { BANK } from './bank/index.ts'
import { selectExercise } from './bank/select.ts'
import type { CefrLevel, Exercise } from './exercise.ts'
import { cefrOf } from './level.ts'
import { askModel, type ModelRefusal } from './model/ask.ts'
import { PROMPT_VERSION } from './model/prompt.ts'
import { exerciseQuestion } from './model/questions.ts'
import { memoryOf } from './past.ts'
import { publish } from './publish.ts'
import * as store from './store.ts'
import { findNotes } from './teacher/store.ts'
import { anyUntoldText, tellOfDrafts, tellOfTexts } from './teacher/waiting.ts'
import { anyEndedTranscript, deleteEndedTranscripts, transcriptFor } from './transcript/store.ts'

/** After so many failures of the model the bank steps in (behaviour 7). */
const MODEL_FAILURES_MAX = 5
const PUBLISHED_AT_ONCE = 50
const MADE_UP_FOR_AT_ONCE = 20
/** A class whose exercises are not there this long after its end is looked after, for so many days. */
const OVERDUE_MS = 10 * MINUTE_MS
const LOOKED_BACK_DAYS = 30
const REMINDER_AFTER_DAYS = 3
const REMINDER_WITHIN_DAYS = 4
const REMINDED_AT_ONCE = 50

/**
 * Makes the exercise of everybody who was in a completed class and has none yet. Running it twice makes nothing twice. Where the model fails it
 * is asked again later; after some failures the bank steps in.
 */
async function generateActivities(deps: Deps, classId: string, failures: number): Promise<void> {
  const about = await findClass(deps.db.handle, classId)
  if (about?.status !== 'completed') return
  let retryAfterMs: number | null = null
  for (const { userId, nivel } of await store.participantsWithoutTask(deps.db.handle, classId)) {
    const made = await makeFor(deps, about, { userId, level: cefrOf(nivel) }, failures >= MODEL_FAILURES_MAX)
    if (made.ok) await keep(deps, about, userId, made.value)
    else retryAfterMs = Math.max(retryAfterMs ?? 0, made.detail?.retryAfterMs ?? 0)
  }
  if (retryAfterMs !== null) {
    const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids, retryAfterMs))
    await deps.jobs.enqueue(generateActivitiesJob, { classId, failures: failures + 1 }, { key: classId, startAfter })
  } else await tellOfDrafts(deps, classId)
  await publishDue(deps)
}

interface Made {
  exercise: Exercise
  generator: 'ai' | 'builtin'
  model: string | null
  promptVersion: string | null
}

async function makeFor(
  deps: Deps,
  about: VirtualClassRow,
  person: { userId: string; level: CefrLevel },
  isModelGivenUp: boolean,
): Promise<Outcome<Made, ModelRefusal, { retryAfterMs: number }>> {
  const { userId, level } = person
  const memory = await memoryOf(deps, userId)
  const notes = await findNotes(deps.db.handle, about.id)
  const objective = about.learningFocus ?? notes?.vocabulary ?? null
  const model = deps.exercises
  if (model && !isModelGivenUp) {
    const transcript = await transcriptFor(deps.db.handle, { classId: about.id, userId }, deps.clock.now())
    const wish = { level, classType: about.classType, objective, weakTopics: memory.weakTopics, notes, transcript }
    const written = await askModel(deps, model, { classId: about.id, userId }, exerciseQuestion(wish))
    if (written.ok) return succeed({ exercise: written.value, generator: 'ai', model: model.name, promptVersion: PROMPT_VERSION })
    // Tomorrow is too late for a class of today.
    if (written.reason !== 'cap-reached') return written
  }
  const exercise = selectExercise(BANK, { objective, level, ...memory, draw: (below) => deps.ids.number(below) })
  return succeed({ exercise, generator: 'builtin', model: null, promptVersion: null })
}

async function keep(deps: Deps, about: VirtualClassRow, userId: string, made: Made): Promise<void> {
  const { id: classId, learningFocus } = about
  const now = deps.clock.now()
  await deps.db.transaction(async (tx) => {
    // An account that ended meanwhile gets nothing any more.
    if (!(await holdAccount(tx, userId)) || (await lockClass(tx, classId))?.status !== 'completed') return
    await store.insertTask(tx, {
      id: deps.ids.uuid(),
      classId,
      userId,
      title: made.exercise.title,
      description: learningFocus ?? '',
      difficulty: made.exercise.difficulty,
      level: made.exercise.level,
      ...made,
      publishAt: plus(now, deps.config.activityApprovalHours * HOUR_MS),
      createdAt: now,
      updatedAt: now,
    })
  })
}

/** Publishes every draft whose time has come (behaviour 6, `ACTIVITY_APPROVAL_HOURS`). */
async function publishDue(deps: Deps): Promise<void> {
  for (const { id, classId, userId } of await store.dueDrafts(deps.db.handle, deps.clock.now(), PUBLISHED_AT_ONCE))
    await deps.db.transaction(async (tx) => {
      if (!(await holdAccount(tx, userId))) return
      await lockClass(tx, classId)
      const draft = await store.lockDueDraft(tx, id, deps.clock.now())
      if (draft) await publish(deps, tx, draft)
    })
}

/** Reminds once of what was left undone for some days; what is older than a week by then is left alone. */
async function remindOfUnsolved(deps: Deps): Promise<void> {
  const published = remindedOf(deps.clock.now())
  await deps.db.transaction(async (tx) => {
    for (const { id, userId, classId } of await store.unsolvedTasks(tx, published, REMINDED_AT_ONCE))
      await notify(deps, tx, { userId, classId, kind: 'activity-reminder', dedupeKey: `activity-reminder:${id}` })
  })
}

/** When an exercise was published of which its person is reminded now. */
const remindedOf = (now: Date) => ({
  after: plus(now, -(REMINDER_AFTER_DAYS + REMINDER_WITHIN_DAYS) * DAY_MS),
  before: plus(now, -REMINDER_AFTER_DAYS * DAY_MS),
})

/** When a class was held whose exercises should be there by now. */
const overdueOf = (now: Date) => [plus(now, -LOOKED_BACK_DAYS * DAY_MS), plus(now, -OVERDUE_MS)] as const

/** After completion: one exercise for each participant (behaviour D11, R16). */
export const generateActivitiesJob = defineJob({
  name: 'activity.generate',
  payload: z.object({ classId: z.uuid(), failures: z.number().int().min(0).optional() }),
  // A model writes for a while, for up to five people, each answer mended once.
  timeoutSeconds: 600,
  atOnceMax: 2,
  run: (deps, { classId, failures }) => generateActivities(deps, classId, failures ?? 0),
})

/** Timed: drafts that nobody looked at publish themselves, texts that wait are told, and no completed class stays without its exercises. */
export const lookAfterActivitiesJob = defineJob({
  name: 'activity.look-after',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    // First: what is promised to be gone by then does not wait for what may fail.
    await deleteEndedTranscripts(deps.db.handle, deps.clock.now())
    await publishDue(deps)
    await remindOfUnsolved(deps)
    await tellOfTexts(deps)
    const overdue = await store.classesWithoutTasks(deps.db.handle, ...overdueOf(deps.clock.now()), MADE_UP_FOR_AT_ONCE)
    for (const classId of overdue) {
      if ((await deps.jobs.stateOf(generateActivitiesJob, classId)) === 'none')
        await deps.jobs.enqueue(generateActivitiesJob, { classId }, { key: classId })
    }
  },
})

/** Whether that job would find anything. */
export function hasActivitiesToLookAfter({ clock }: Deps): SQL {
  const now = clock.now()
  return sql`${anyEndedTranscript(now)} OR ${store.anyDueDraft(now)} OR ${store.anyUnsolvedTask(remindedOf(now))}
    OR ${store.anyClassWithoutTasks(...overdueOf(now))} OR ${anyUntoldText(now)}`
}
