import type { Deps } from '../../../deps.ts'
import { type WallDate, wallDate } from '../../../kernel/zoned-time.ts'
import { BANK } from '../bank/index.ts'
import { Exercise } from '../exercise.ts'
import type { Answer, ItemGrade } from '../grade.ts'
import { cefrOf } from '../level.ts'
import { CardItem, REVIEWED_A_DAY } from './commands.ts'
import {
  bestStreakOf,
  type Evidence,
  estimateLevel,
  type LevelEstimate,
  masteryByTopic,
  streakOf,
  type TopicMastery,
  weakTopics,
} from './progress.ts'
import * as store from './store.ts'

export interface ReviewStanding {
  /** The next item of today; null when today's are done or nothing is due. */
  next: (CardItem & { cardId: string }) | null
  done: number
  /** Of today, with those done. */
  total: number
  /** When the next item is due, today or later; null: there is none. */
  nextDueAt: Date | null
}

/** Where a person's daily review stands. */
export async function reviewStanding(deps: Deps, userId: string): Promise<ReviewStanding> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const done = await store.answersOfDay(handle, userId, wallDate(now))
  const due = await store.dueCards(handle, userId, now, Math.max(0, REVIEWED_A_DAY - done))
  const [first] = due
  return {
    next: first ? { cardId: first.id, ...CardItem.parse(first.item) } : null,
    done,
    total: done + due.length,
    nextDueAt: await store.nextDue(handle, userId),
  }
}

/** What waits for a person: published activities to hand in, and items of today's review. */
export function openWork(deps: Deps, userId: string): Promise<{ unsolved: number; toReview: number }> {
  const now = deps.clock.now()
  return store.countOpenWork(deps.db.handle, userId, { now, day: wallDate(now), aDayMax: REVIEWED_A_DAY })
}

/** What was answered to a card today, with when it comes back. */
export async function reviewedToday(
  deps: Deps,
  userId: string,
  cardId: string,
): Promise<(CardItem & { answer: Answer; credit: number; dueAt: Date }) | null> {
  const found = await store.findAnswer(deps.db.handle, userId, cardId, wallDate(deps.clock.now()))
  if (!found) return null
  const { card, answer } = found
  return { ...CardItem.parse(card.item), answer: (answer.answer ?? null) as Answer, credit: answer.credit, dueAt: card.dueAt }
}

export interface Progress {
  streak: number
  bestStreak: number
  topics: TopicMastery[]
  level: LevelEstimate
}

export async function progressOf(deps: Deps, userId: string): Promise<Progress> {
  const [{ evidence, days }, reviewed] = await Promise.all([evidenceOf(deps, userId), store.reviewDays(deps.db.handle, userId)])
  for (const day of reviewed) days.add(day)
  return {
    streak: streakOf(days, wallDate(deps.clock.now())),
    bestStreak: bestStreakOf(days),
    topics: masteryByTopic(evidence),
    level: estimateLevel(cefrOf(await store.declaredLevel(deps.db.handle, userId)), evidence),
  }
}

const OBJECTIVES_MAX = 3

/** What a person might want to work on in their next class, in words of the bank. */
export async function objectiveIdeas(deps: Deps, userId: string): Promise<string[]> {
  const { evidence } = await evidenceOf(deps, userId)
  return weakTopics(masteryByTopic(evidence), OBJECTIVES_MAX).map(topicTitle)
}

/** A topic as people read it, in Spanish; one that the bank does not know says its own name. */
export function topicTitle(topic: string): string {
  const words = topic.replaceAll('-', ' ')
  return BANK.find((set) => set.topic === topic)?.title ?? words.charAt(0).toUpperCase() + words.slice(1)
}

/** What a person has shown to know, and the days on which they did exercises. */
async function evidenceOf(deps: Deps, userId: string): Promise<{ evidence: Evidence[]; days: Set<WallDate> }> {
  const { handle } = deps.db
  const evidence: Evidence[] = []
  const [tries, answers] = await Promise.all([store.firstTries(handle, userId), store.reviewAnswers(handle, userId)])
  const days = new Set<WallDate>()
  for (const { exercise, firstMarks, at } of tries) {
    days.add(wallDate(at))
    const parsed = Exercise.safeParse(exercise)
    if (!parsed.success) continue
    const credits = new Map(((firstMarks ?? []) as ItemGrade[]).map(({ itemId, credit }) => [itemId, credit]))
    for (const { id, topic, level, difficulty } of parsed.data.items) {
      const credit = credits.get(id) ?? null
      if (credit !== null) evidence.push({ topic, level, difficulty, credit })
    }
  }
  for (const { item, credit } of answers) {
    const { topic, level, difficulty } = CardItem.parse(item).item
    evidence.push({ topic, level, difficulty, credit })
  }
  return { evidence, days }
}
