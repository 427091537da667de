import type { Item } from '../../../features/activity/exercise.ts'
import type { HeadErrors, HeadFields } from '../../../features/activity/teacher/head-form.ts'
import type { ItemErrors, ItemFields } from '../../../features/activity/teacher/item-form.ts'
import type { LeftLine } from '../../../features/activity/twins.ts'
import type { Notice } from '../../ui/chrome.ts'
import type { Mark, Score } from '../activity/view.ts'
import { NOTES_ANCHOR } from './class-notes.tsx'

/** One person's exercise, as the teacher sees it. */
export type SeatView = {
  name: string
  /** The account ended: nothing is made for them any more. */
  isClosed: boolean
  /** What was just done about it. */
  notice: Notice | null
  task: TaskView | null
  handedIn: { at: Date; score: Score; results: readonly ResultView[]; texts: readonly TextView[] } | null
}

export type TaskView = {
  id: string
  title: string
  state: 'draft' | 'published'
  publishAt: Date
  generator: 'ai' | 'builtin' | 'manual'
  level: string
  difficulty: 'easy' | 'medium' | 'hard'
  /** What the items may ask about. */
  reading: { kind: 'text' | 'dialogue'; title: string; body: string } | null
  head: HeadView
  items: readonly ItemView[]
  /** An empty form for one more item of each kind. */
  blanks: readonly ItemView[]
  content: string
  /** Lines of the teacher's own text whose gaps have no fields. */
  left: readonly LeftLine[]
  /** A draft that the teacher changed. */
  isEdited: boolean
}

/** One answer of what was handed in last; `right` is empty where that is for a reader to say. */
export type ResultView = { label: string; mark: Mark; yours: string; right: string }

/** Title and reading of a draft as they are typed, with what is wrong with them. */
export type HeadView = { fields: HeadFields; errors: HeadErrors | null; error: string | null }

export type ItemView = {
  id: string
  kind: Item['kind']
  label: string
  /** What is right, to be checked without opening it. */
  key: string
  fields: ItemFields
  errors: ItemErrors | null
  error: string | null
}

/** A text that somebody wrote. `points`: what the teacher gave for each point of the rubric, if anything yet. */
export type TextView = {
  itemId: string
  /** Of an earlier submission that may still be the best one. */
  isEarlier: boolean
  prompt: string
  text: string
  textHash: string
  rubric: readonly string[]
  points: readonly number[] | null
  comment: string
  /** A model gave the marks. */
  isByModel: boolean
  error: string | null
}

/** Where the parts of the page are, for links from what is said at its top. */
export const ANCHOR = {
  task: (taskId: string) => `tarea-${taskId}`,
  head: (taskId: string) => `datos-${taskId}`,
  item: (taskId: string, itemId: string) => `item-${taskId}-${itemId}`,
  upload: 'propia',
  notes: NOTES_ANCHOR,
  transcript: 'transcripcion-titulo',
  generate: 'generar',
} as const

/** What was refused, and where on the page it is. */
export type Problem = { text: string; anchor: string }
