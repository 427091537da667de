import type { ReadingPlace } from '../../../features/activity/reading.ts'
import type { OpenItem } from '../../../features/activity/rules.ts'

/** What the pages of activities show. Keys and explanations are in none of these but `ResultView`. */
export type ActivityCard = {
  id: string
  title: string
  preview: string
  classStartsAt: Date
  participants: number
  state: 'new' | 'begun' | 'done'
  score: Score | null
}

/** What was earned of what is marked; a text that waits for its mark is in neither. */
export type Score = { points: number; of: number; waiting: number }

export type ActivityHead = {
  id: string
  title: string
  description: string
  type: 'exam' | 'audio' | 'video' | 'reading'
  difficulty: 'easy' | 'medium' | 'hard'
  level: string
  generator: 'ai' | 'builtin' | 'manual'
}

export type Reading = { kind: 'text' | 'dialogue'; title: string; body: string }

/** One part of an answer as its field shows it. */
export type AnswerFields = readonly string[]

export type StepView = {
  activity: ActivityHead
  /** From 1. */
  step: number
  steps: number
  reading: Reading | null
  readingPlace: ReadingPlace
  /** The teacher's own text, whose gaps these are; otherwise empty. */
  content: string
  item: OpenItem
  answer: AnswerFields
  error: string | null
}

export type ReviewView = { activity: ActivityHead; items: readonly { step: number; label: string; answered: boolean }[] }

export type Mark = 'right' | 'partly' | 'wrong' | 'waiting'

export type ResultItem = {
  label: string
  mark: Mark
  yours: string
  /** What was said about a text: each point of the rubric, and a comment. */
  review: { by: 'model' | 'teacher'; points: readonly { text: string; mark: Mark }[]; comment: string } | null
  /** Null while the answers may not be seen yet. */
  solution: { right: string; isSample: boolean; explanation: string } | null
}

export type ResultView = {
  activity: ActivityHead
  score: number
  total: number
  best: Score
  waiting: number
  items: readonly ResultItem[]
  /** The teacher's own solution, for an activity without items. */
  solvedContent: string | null
  /** Null: they are there. */
  answersFrom: Date | null
}

/** Points with at most two decimals, the Argentine way. */
export function pointsText(points: number, locale: 'es' | 'en'): string {
  const text = String(Math.round(points * 100) / 100)
  return locale === 'es' ? text.replace('.', ',') : text
}
