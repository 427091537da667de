import { addDays, type WallDate } from '../../../kernel/zoned-time.ts'
import { CEFR_LEVELS, type CefrLevel, type Item, OWN_TOPIC } from '../exercise.ts'

/** One answer that says something about what a person knows: a first try, or an answer in the daily review. */
export interface Evidence {
  topic: string
  level: CefrLevel
  difficulty: Item['difficulty']
  /** From 0 to 1. */
  credit: number
}

/** How many days in a row something was done, up to today; a day that is not over breaks nothing. */
export function streakOf(days: ReadonlySet<WallDate>, today: WallDate): number {
  let day = days.has(today) ? today : addDays(today, -1)
  let streak = 0
  while (days.has(day)) {
    streak += 1
    day = addDays(day, -1)
  }
  return streak
}

/** The longest that there ever was. */
export function bestStreakOf(days: ReadonlySet<WallDate>): number {
  // Each one is counted from its last day.
  const ends = [...days].filter((day) => !days.has(addDays(day, 1)))
  return Math.max(0, ...ends.map((day) => streakOf(days, day)))
}

export interface TopicMastery {
  topic: string
  /** From 0 to 1. */
  mastery: number
  answers: number
}

/**
 * How well each topic is known, the weakest first. One right and one wrong answer are assumed beforehand, so that a single answer is no
 * verdict. What the teacher added counts for none.
 */
export function masteryByTopic(evidence: readonly Evidence[]): TopicMastery[] {
  const topics = new Map<string, { points: number; answers: number }>()
  for (const { topic, credit } of evidence) {
    if (topic === OWN_TOPIC) continue
    const so = topics.get(topic) ?? { points: 0, answers: 0 }
    topics.set(topic, { points: so.points + credit, answers: so.answers + 1 })
  }
  return [...topics]
    .map(([topic, { points, answers }]) => ({ topic, mastery: (points + 1) / (answers + 2), answers }))
    .sort((a, b) => a.mastery - b.mastery || b.answers - a.answers || a.topic.localeCompare(b.topic))
}

/** Below this a topic is worth a class, once there are some answers about it. */
const WEAK_BELOW = 0.6
const WEAK_ANSWERS_MIN = 3

export function weakTopics(mastery: readonly TopicMastery[], max: number): string[] {
  return mastery
    .filter((topic) => topic.mastery < WEAK_BELOW && topic.answers >= WEAK_ANSWERS_MIN)
    .slice(0, max)
    .map(({ topic }) => topic)
}

export interface LevelEstimate {
  level: CefrLevel
  /** With 80 % confidence it lies from here … */
  from: CefrLevel
  /** … to here. */
  to: CefrLevel
  /** On the scale where A1 is 0 and C1 is 4. */
  at: number
  /** The same band there: what is drawn is what is said. */
  band: { from: number; to: number }
  spread: number
  answers: number
}

/** How much harder a level is than the one before, on the scale of the logistic curve. */
const SLOPE = 1.7
const DIFFICULTY_SHIFT: Record<Item['difficulty'], number> = { easy: -0.35, medium: 0, hard: 0.35 }
/** Whoever masters a level gets three of four of its items right: this far above the level's own place. */
const MASTERED = Math.log(3) / SLOPE
/** What a person says about themselves is worth something, but may be a level off. */
const DECLARED_SPREAD = 1
const GRID_FROM = -1.5
const GRID_TO = 6.5
const GRID_STEP = 0.05
/** Eighty of a hundred lie within so many standard deviations. */
const WITHIN_80 = 1.28

/**
 * A person's level and how sure that is. Every item is easier the further a person stands above its level (a logistic curve); starting from
 * what they say about themselves, each answer shifts what is likely (Bayes, on a grid). Few answers: wide. Many: narrow.
 */
export function estimateLevel(declared: CefrLevel, evidence: readonly Evidence[]): LevelEstimate {
  const start = CEFR_LEVELS.indexOf(declared) + MASTERED
  const places = Array.from({ length: Math.round((GRID_TO - GRID_FROM) / GRID_STEP) + 1 }, (_, index) => GRID_FROM + index * GRID_STEP)
  const logs = places.map((place) => {
    const prior = -((place - start) ** 2) / (2 * DECLARED_SPREAD ** 2)
    return evidence.reduce((sum, { level, difficulty, credit }) => {
      const right = 1 / (1 + Math.exp(-SLOPE * (place - CEFR_LEVELS.indexOf(level) - DIFFICULTY_SHIFT[difficulty])))
      return sum + credit * Math.log(right) + (1 - credit) * Math.log(1 - right)
    }, prior)
  })
  const top = Math.max(...logs)
  const weights = logs.map((log) => Math.exp(log - top))
  const whole = weights.reduce((sum, weight) => sum + weight, 0)
  const meanOf = (value: (place: number) => number) =>
    places.reduce((sum, place, index) => sum + value(place) * (weights[index] ?? 0), 0) / whole
  const mean = meanOf((place) => place)
  const spread = Math.sqrt(meanOf((place) => (place - mean) ** 2))
  const at = mean - MASTERED
  const band = { from: onScale(at - WITHIN_80 * spread), to: onScale(at + WITHIN_80 * spread) }
  return {
    level: levelAt(at),
    from: levelAt(band.from),
    to: levelAt(band.to),
    at: onScale(at),
    band,
    spread,
    answers: evidence.length,
  }
}

function levelAt(place: number): CefrLevel {
  return CEFR_LEVELS[Math.round(onScale(place))] ?? 'A1'
}

function onScale(place: number): number {
  return Math.min(Math.max(place, 0), CEFR_LEVELS.length - 1)
}
