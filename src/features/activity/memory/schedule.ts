import { type CardInput, createEmptyCard, fsrs, Rating } from 'ts-fsrs'
import { z } from 'zod'
import { instantAt, wallDate } from '../../../kernel/zoned-time.ts'
import type { Item } from '../exercise.ts'
import { normalizeAnswer } from '../normalize.ts'

/**
 * When a missed item comes back: FSRS, without its steps of minutes (the review is once a day) and without its chance (so that the same
 * answers always lead to the same day).
 */
const SCHEDULER = fsrs({ enable_fuzz: false, enable_short_term: false })

/** The state of the algorithm as it is stored. */
const StoredCard = z.object({
  due: z.coerce.date(),
  stability: z.number(),
  difficulty: z.number(),
  elapsed_days: z.number(),
  scheduled_days: z.number(),
  learning_steps: z.number(),
  reps: z.number(),
  lapses: z.number(),
  state: z.number().int().min(0).max(3),
  last_review: z.coerce.date().optional(),
})

export interface Scheduled {
  card: unknown
  /** From the first minute of its day in Argentina on. */
  dueAt: Date
}

/** The card of an item that was missed for the first time. */
export function firstMiss(credit: number, now: Date): Scheduled {
  return advance(createEmptyCard(now), credit, now)
}

/** The card after one more answer. */
export function afterAnswer(card: unknown, credit: number, now: Date): Scheduled {
  return advance(StoredCard.parse(card) as CardInput, credit, now)
}

function advance(before: CardInput, credit: number, now: Date): Scheduled {
  const { card } = SCHEDULER.next(before, now, ratingOf(credit))
  return { card, dueAt: instantAt(wallDate(card.due), '00:00') }
}

function ratingOf(credit: number): Rating.Again | Rating.Hard | Rating.Good {
  if (credit >= 1) return Rating.Good
  return credit >= 0.5 ? Rating.Hard : Rating.Again
}

/** What an item asks, whatever its id: the same question is the same card. */
export function questionOf(item: Item): string {
  const asked = {
    choice: () => (item.kind === 'choice' ? [item.prompt, ...item.options.toSorted()] : []),
    gap: () => (item.kind === 'gap' ? [item.prompt, ...(item.bank ?? [])] : []),
    reorder: () => (item.kind === 'reorder' ? item.words.toSorted() : []),
    match: () => (item.kind === 'match' ? item.pairs.map(({ left, right }) => `${left} ${right}`).toSorted() : []),
    correct: () => (item.kind === 'correct' ? [item.sentence] : []),
    writing: () => (item.kind === 'writing' ? [item.prompt] : []),
  }[item.kind]()
  return [item.kind, ...asked.map(normalizeAnswer)].join('\n')
}
