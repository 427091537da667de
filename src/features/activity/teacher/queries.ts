import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import { findClass } from '../../virtual-class/store.ts'
import { Exercise } from '../exercise.ts'
import type { Answers, ItemGrade } from '../grade.ts'
import { disagreeing, findTranscript } from '../transcript/store.ts'
import type { ClassNotes } from './rules.ts'
import { findNotes, seatsOfClass } from './store.ts'

/** What the teacher sees of one person's exercise. */
export interface SeatActivity {
  name: string
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
  } | null
  handedIn: { at: Date; score: number; total: number; answers: Answers; marks: readonly ItemGrade[] } | null
}

export interface ClassActivity {
  about: VirtualClassRow
  notes: ClassNotes
  /** Null: no model is there to read one. `missing`: who does not let it be used. */
  transcript: { missing: readonly string[]; kept: { characters: number; deleteAt: Date } | null } | null
  seats: SeatActivity[]
}

/** What was noted about a class. */
export async function notesOf(deps: Deps, classId: string): Promise<ClassNotes> {
  return (await findNotes(deps.db.handle, classId)) ?? { wentWell: '', errorsHeard: '', vocabulary: '' }
}

export async function classActivity(deps: Deps, classId: string): Promise<ClassActivity | null> {
  const { handle } = deps.db
  const about = await findClass(handle, classId)
  if (!about) return null
  const seats = await seatsOfClass(handle, classId)
  return {
    about,
    notes: await notesOf(deps, classId),
    transcript: deps.exercises ? { missing: await disagreeing(handle, classId), kept: await findTranscript(handle, classId) } : null,
    seats: seats.map(({ name, task, submission }) => ({
      name,
      task: task && { ...task, exercise: task.exercise === null ? null : Exercise.parse(task.exercise) },
      handedIn: submission?.submittedAt
        ? {
            at: submission.submittedAt,
            score: submission.score ?? 0,
            total: submission.total ?? 0,
            answers: (submission.submittedAnswers ?? {}) as Answers,
            marks: (submission.marks ?? []) as ItemGrade[],
          }
        : null,
    })),
  }
}
