import { z } from 'zod'
import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { sha256 } from '../../../kernel/secret-box.ts'
import type { Viewer } from '../../identity/store.ts'
import { CEFR_LEVELS, DIFFICULTIES, type Exercise, type Item } from '../exercise.ts'
import { type ItemGrade, pointsOf } from '../grade.ts'

export type TeacherRefusal =
  | 'unknown-class'
  | 'unknown-activity'
  | 'not-finished'
  | 'bad-activity'
  | 'has-answers'
  | 'nobody-left'
  | 'already-sent'
  | 'bad-item'
  | 'item-changed'
  | 'items-bounds'
  | 'no-other-item'
  | 'bad-mark'
  | 'text-changed'
  | 'bad-note'
  | 'no-consent'
  | 'bad-transcript'
  | 'no-model'
  | 'edits-lost'

export const TEACHER_STATUS = {
  'unknown-class': 404,
  'unknown-activity': 404,
  'not-finished': 409,
  'bad-activity': 400,
  'has-answers': 409,
  'nobody-left': 409,
  'already-sent': 409,
  'bad-item': 400,
  'item-changed': 409,
  'items-bounds': 409,
  'no-other-item': 409,
  'bad-mark': 400,
  'text-changed': 409,
  'bad-note': 400,
  'no-consent': 409,
  'bad-transcript': 400,
  'no-model': 409,
  'edits-lost': 409,
} as const satisfies Record<TeacherRefusal, number>

/** Who decides about a class and its exercises: the admin, or somebody who gives classes. */
export type Tutor = Pick<Viewer, 'id' | 'role' | 'teacherId' | 'isActiveTeacher'>
type Given = Pick<VirtualClassRow, 'teacherId' | 'paidAt'>

/** Whether a class is there for this person: for the admin each one, for a teacher the paid ones of their own. */
export function givesClass({ role, teacherId }: Tutor, about: Given): boolean {
  return role === 'ADMIN' || (teacherId !== null && about.teacherId === teacherId && about.paidAt !== null)
}

/** Whether its exercises are there for this person: a teacher who is not active any more leaves those of their last classes to the admin. */
export function mayTutor(by: Tutor, about: Given): boolean {
  return givesClass(by, about) && (by.role === 'ADMIN' || by.isActiveTeacher)
}

/** An empty field is a field that was not sent. */
const orElse = (fallback: string) => (value: unknown) => (value === '' || value === undefined ? fallback : value)

/** Of an activity of the teacher's own, and as much again of its solution. */
export const OWN_CHARACTERS_MAX = 20_000

/** The teacher's own activity (behaviour 4.16): something to do is needed, whatever else is said about it. */
export const OwnActivity = z.object({
  title: z.string().trim().min(1).max(200),
  description: z.string().trim().max(2_000).default(''),
  difficulty: z.preprocess(orElse('medium'), z.enum(DIFFICULTIES)),
  type: z.preprocess(orElse('exam'), z.enum(['exam', 'audio', 'video', 'reading'])),
  content: z.string().trim().min(1).max(OWN_CHARACTERS_MAX),
  solvedContent: z.string().trim().max(OWN_CHARACTERS_MAX).default(''),
  /** Whoever answered what they had keeps it. */
  onlyUnsolved: z.preprocess((value) => value === true || value === 'si', z.boolean()).optional(),
})
export type OwnActivity = z.infer<typeof OwnActivity>

export const NOTE_CHARACTERS_MAX = 2_000
const noteText = z.string().trim().max(NOTE_CHARACTERS_MAX)

/** What the teacher writes down after a class. */
export const ClassNotes = z.object({ wentWell: noteText, errorsHeard: noteText, vocabulary: noteText })
export type ClassNotes = z.infer<typeof ClassNotes>

/** Names a text, so that nobody marks another one than they read. */
export function hashOfText(text: string): string {
  return sha256(text)
}

/** What a point of a rubric is worth: not there, in part, there. */
const POINT_CREDITS = [0, 0.5, 1]
export const COMMENT_CHARACTERS_MAX = 500

/** The mark of a text by its rubric: each point counts the same. */
export function markByRubric(item: Item, points: readonly number[], comment: string): Outcome<ItemGrade, 'bad-mark'> {
  const isComplete = item.kind === 'writing' && points.length === item.rubric.length
  if (!isComplete || !points.every((point) => POINT_CREDITS.includes(point)) || comment.length > COMMENT_CHARACTERS_MAX)
    return refuse('bad-mark')
  const credit = Math.round((points.reduce((sum, point) => sum + point, 0) / points.length) * 100) / 100
  return succeed({ itemId: item.id, credit, points: [...points], ...(comment === '' ? {} : { comment }) })
}

/** The marks of the last submission, and of the one that was kept beside it (`keptBeside`), if any. */
export interface KeptMarks {
  marks: readonly ItemGrade[]
  bestMarks: readonly ItemGrade[] | null
}

/**
 * The score once texts have other marks: the best one stays (behaviour 4.14), but where it is of one of these two submissions it follows the
 * teacher, also downwards.
 */
export function scoreAfter(score: number, before: KeptMarks, after: KeptMarks): number {
  const best = ({ marks, bestMarks }: KeptMarks) => Math.max(pointsOf(marks), pointsOf(bestMarks ?? []))
  return score > best(before) ? Math.max(score, best(after)) : best(after)
}

/**
 * Other items for that place, each as good as the others: of the same topic and level if there are any, otherwise of that topic at the level beside
 * it, of another topic of the exercise, or of the same level. What this person was not given before comes before all of that; among those that are
 * left, the same kind and difficulty. Nothing that the exercise has already, nothing that asks about a text which is not there, and no second
 * text to write.
 */
export function otherItems(
  sets: readonly { topic: string; level: string; items: readonly Item[]; aboutReading: readonly string[] }[],
  exercise: Pick<Exercise, 'items'>,
  replaced: Item,
  given: ReadonlyMap<string, number> = new Map(),
): Item[] {
  const taken = new Set(exercise.items.map(({ id }) => id))
  const hasWriting = exercise.items.some(({ kind, id }) => kind === 'writing' && id !== replaced.id)
  const free = sets
    .flatMap(({ items, aboutReading }) => items.filter(({ id }) => !aboutReading.includes(id)))
    .filter(({ id, kind }) => !taken.has(id) && !(kind === 'writing' && hasWriting))
  const away = ({ level }: Item) => Math.abs(CEFR_LEVELS.indexOf(level) - CEFR_LEVELS.indexOf(replaced.level))
  const ofLevel = free.filter((item) => away(item) === 0)
  const ofTopic = free.filter(({ topic }) => topic === replaced.topic)
  const topics = new Set(exercise.items.map(({ topic }) => topic))
  const wanted = [
    ofTopic.filter((item) => away(item) === 0),
    ofTopic.filter((item) => away(item) === 1),
    ofLevel.filter(({ topic }) => topics.has(topic)),
  ]
  const unseen = (items: Item[]) => items.filter(({ id }) => !given.has(id))
  const [fitting = []] = [...wanted.map(unseen), unseen(ofLevel), ...wanted, ofLevel].filter((items) => items.length > 0)
  const ofKind = preferred(fitting, ({ kind }) => kind === replaced.kind)
  return leastGiven(
    preferred(ofKind, ({ difficulty }) => difficulty === replaced.difficulty),
    given,
  )
}

function preferred(items: Item[], isPreferred: (item: Item) => boolean): Item[] {
  const those = items.filter(isPreferred)
  return those.length > 0 ? those : items
}

function leastGiven(items: Item[], given: ReadonlyMap<string, number>): Item[] {
  const times = ({ id }: Item) => given.get(id) ?? 0
  const least = Math.min(...items.map(times))
  return items.filter((item) => times(item) === least)
}
