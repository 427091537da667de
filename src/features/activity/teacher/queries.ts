import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import { findClass } from '../../virtual-class/store.ts'
import { Exercise, type Item } from '../exercise.ts'
import type { Attempt } from '../grade.ts'
import { attemptsOf } from '../store.ts'
import { disagreeing } from '../transcript/store.ts'
import { exerciseOf, type LeftLine, readTwins } from '../twins.ts'
import { type ClassNotes, mayTutor, type Tutor } from './rules.ts'
import { findNotes, hasAnswered, recordOf, seatsOfClass } from './store.ts'

const NO_NOTES: ClassNotes = { wentWell: '', errorsHeard: '', vocabulary: '' }

/** What the teacher sees of one person's exercise. */
export interface SeatActivity {
  name: string
  /** The account ended. */
  isClosed: boolean
  hasAnswered: boolean
  task: {
    id: string
    title: string
    level: string
    difficulty: 'easy' | 'medium' | 'hard'
    state: 'draft' | 'published'
    publishAt: Date
    publishedAt: Date | null
    generator: 'ai' | 'builtin' | 'manual'
    exercise: Exercise | null
    content: string
    /** What there is to answer, also in the gaps of the teacher's own text. */
    items: readonly Item[]
    /** Lines of the teacher's own text whose gaps have no fields. */
    left: readonly LeftLine[]
    /** The teacher changed it since it was made. */
    isEdited: boolean
  } | null
  /** `attempts`: what was handed in last, and what is kept beside it. */
  handedIn: { at: Date; score: number; total: number; attempts: readonly Attempt[] } | null
}

export interface ClassActivity {
  about: VirtualClassRow
  notes: ClassNotes
  /** Null: no model is there to read one, and none is kept. `missing`: who does not let it be used. */
  transcript: { canSave: boolean; missing: readonly string[]; kept: { characters: number; deleteAt: Date } | null } | null
  seats: SeatActivity[]
}

/** What was noted about a class. */
export async function notesOf(deps: Deps, classId: string): Promise<ClassNotes> {
  return (await findNotes(deps.db.handle, classId)) ?? NO_NOTES
}

/** The exercises of a class; null where there is none for whoever asks. */
export async function classActivity(deps: Deps, by: Tutor, classId: string): Promise<ClassActivity | null> {
  const { handle } = deps.db
  const about = await findClass(handle, classId)
  if (!about || !mayTutor(by, about)) return null
  const seats = await seatsOfClass(handle, classId)
  const canSave = deps.exercises !== null
  const { notes, transcript: kept } = await recordOf(handle, classId)
  return {
    about,
    notes: notes ?? NO_NOTES,
    transcript: canSave || kept ? { canSave, missing: await disagreeing(handle, classId), kept } : null,
    seats: seats.map(({ name, isClosed, task, submission }) => ({
      name,
      isClosed,
      hasAnswered: hasAnswered({ submission }),
      task: task && {
        ...task,
        exercise: task.exercise === null ? null : Exercise.parse(task.exercise),
        items: exerciseOf(task)?.items ?? [],
        left: task.exercise === null ? readTwins(task).left : [],
        isEdited: task.updatedAt > task.createdAt,
      },
      handedIn: submission?.submittedAt
        ? {
            at: submission.submittedAt,
            score: submission.score ?? 0,
            total: submission.total ?? 0,
            attempts: attemptsOf(submission),
          }
        : null,
    })),
  }
}
