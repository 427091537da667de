import { CEFR_LEVELS, type CefrLevel, DIFFICULTIES, type Exercise, type Item } from '../exercise.ts'
import type { BankSet } from './set.ts'

/** What an exercise is chosen by. */
export interface Wish {
  /** As the host wrote it; null when nothing was written. */
  objective: string | null
  level: CefrLevel
  /** How often each item was given to this person before. */
  given: ReadonlyMap<string, number>
  /** Topics of items that this person missed lately, the most missed first. */
  weakTopics: readonly string[]
  /** A whole number in [0, below): chance from outside, so that a run repeats itself. */
  draw: (below: number) => number
}

const ITEMS_WANTED = 10
const FROM_MAIN_TOPIC = 7
/** So many are about the topic that was asked for, even when the person has seen them. */
const FROM_MAIN_TOPIC_MIN = 5
/** Of another topic that the objective names, as in "present perfect with travel". */
const FROM_SECOND_TOPIC = 3
/** A shorter keyword, such as "if", may be any word of a sentence. */
const SECOND_FIT_MIN = 5
const FROM_WEAK_TOPICS = 2
const WRITINGS_MAX = 1
/** No exercise is further from the person's level, whatever the objective names. */
const LEVELS_AWAY_MAX = 1
/** A level's distance counts as much as a keyword of so many characters. */
const CHARACTERS_A_LEVEL = 8

/**
 * An exercise from the bank: mostly about the topic that fits the objective best, at the person's level or beside it, a part about another one that
 * it names, then what they were weak in, then anything of that level. What this person has not seen comes first, so that the same set never comes twice while there is another.
 */
export function selectExercise(bank: readonly BankSet[], wish: Wish): Exercise {
  const nearby = bank.filter((set) => distance(set, wish) <= LEVELS_AWAY_MAX)
  const { set: main, isNamed } = mainSet(nearby, wish)
  const others = nearby.filter((set) => set !== main)
  const ofMain = fresh(main.items, wish)
  const isNew = (item: Item) => !wish.given.has(item.id)
  const newOf = (sets: readonly BankSet[]) => fresh(itemsOf(sets), wish).filter(isNew)
  const second = secondSet(nearby, main, wish)
  const newOfMain = ofMain.filter(isNew).slice(0, second ? ITEMS_WANTED - FROM_SECOND_TOPIC - 1 : FROM_MAIN_TOPIC)
  const pool = [
    ...newOfMain,
    ...ofMain.filter((item) => !newOfMain.includes(item)).slice(0, isNamed ? Math.max(0, FROM_MAIN_TOPIC_MIN - newOfMain.length) : 0),
    ...newOf(second ? [second] : []).slice(0, FROM_SECOND_TOPIC),
    ...newOf(others.filter(({ topic }) => wish.weakTopics.includes(topic))).slice(0, FROM_WEAK_TOPICS),
    ...newOf(others.filter((set) => distance(set, wish) === 0)),
    ...newOf(others),
    ...ofMain,
    ...fresh(itemsOf(nearby), wish),
  ]
  const items = inOrder(take(pool))
  return {
    title: main.title,
    level: main.level,
    difficulty: typicalDifficulty(items),
    reading: items.some((item) => main.aboutReading.includes(item.id)) ? main.reading : null,
    items,
  }
}

/**
 * The set of the topic whose keywords the objective names, at the nearest level; without any, what was given least at the person's own level, a
 * weak topic first.
 */
function mainSet(nearby: readonly BankSet[], wish: Wish): { set: BankSet; isNamed: boolean } {
  const objective = plain(wish.objective ?? '')
  const fits = new Map<string, number>()
  for (const set of nearby) fits.set(set.topic, Math.max(fits.get(set.topic) ?? 0, fitOf(set, objective)))
  const scored = nearby.map((set) => ({
    set,
    fit: fits.get(set.topic) ?? 0,
    away: distance(set, wish),
    given: set.items.reduce((sum, item) => sum + (wish.given.get(item.id) ?? 0), 0) / set.items.length,
    weak: wish.weakTopics.includes(set.topic) ? 0 : 1,
    luck: wish.draw(1_000),
  }))
  const named = scored.filter(({ fit }) => fit > 0)
  const [best] =
    named.length > 0
      ? named.sort((a, b) => (a.away - b.away) * CHARACTERS_A_LEVEL - (a.fit - b.fit) || a.given - b.given || a.luck - b.luck)
      : scored.sort((a, b) => a.away - b.away || a.given - b.given || a.weak - b.weak || a.luck - b.luck)
  if (!best) throw new Error('The bank of exercises is empty')
  return { set: best.set, isNamed: best.fit > 0 }
}

/** The nearest set of the topic that the objective names beside the main one; nothing when it names one only. */
function secondSet(nearby: readonly BankSet[], main: BankSet, wish: Wish): BankSet | null {
  const objective = plain(wish.objective ?? '')
  if (fitOf(main, objective) === 0) return null
  const [best] = nearby
    .filter((set) => set.topic !== main.topic)
    .map((set) => ({ set, fit: fitOf(set, objective), away: distance(set, wish) }))
    .filter(({ fit }) => fit >= SECOND_FIT_MIN)
    .sort((a, b) => b.fit - a.fit || a.away - b.away)
  return best?.set ?? null
}

/** Topics whose keywords a text of the teacher names, the one that fits best first. */
export function topicsNamed(bank: readonly BankSet[], text: string): string[] {
  const wanted = plain(text)
  return bank
    .map((set) => ({ topic: set.topic, fit: fitOf(set, wanted) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit)
    .map(({ topic }) => topic)
}

function fitOf(set: BankSet, text: string): number {
  return set.keywords.filter((keyword) => ` ${text} `.includes(` ${keyword} `)).reduce((sum, keyword) => sum + keyword.length, 0)
}

function distance(set: BankSet, wish: Wish): number {
  return Math.abs(CEFR_LEVELS.indexOf(set.level) - CEFR_LEVELS.indexOf(wish.level))
}

function itemsOf(sets: readonly BankSet[]): Item[] {
  return sets.flatMap((set) => set.items.filter((item) => !set.aboutReading.includes(item.id)))
}

/** What was given least often first, otherwise by chance. */
function fresh(items: readonly Item[], wish: Wish): Item[] {
  return items
    .map((item) => ({ item, given: wish.given.get(item.id) ?? 0, luck: wish.draw(1_000_000) }))
    .sort((a, b) => a.given - b.given || a.luck - b.luck)
    .map(({ item }) => item)
}

/** Ten different items with at most one text to write. */
function take(pool: readonly Item[]): Item[] {
  const taken = new Map<string, Item>()
  let writings = 0
  for (const item of pool) {
    if (taken.size === ITEMS_WANTED) break
    if (taken.has(item.id)) continue
    if (item.kind === 'writing' && ++writings > WRITINGS_MAX) continue
    taken.set(item.id, item)
  }
  return [...taken.values()]
}

/** From easy to hard, texts to write at the end. */
function inOrder(items: readonly Item[]): Item[] {
  const rank = (item: Item) => (item.kind === 'writing' ? DIFFICULTIES.length : DIFFICULTIES.indexOf(item.difficulty))
  return [...items].sort((a, b) => rank(a) - rank(b))
}

function typicalDifficulty(items: readonly Item[]): Item['difficulty'] {
  const average = items.reduce((sum, item) => sum + DIFFICULTIES.indexOf(item.difficulty), 0) / items.length
  return DIFFICULTIES[Math.round(average)] ?? 'medium'
}

function plain(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9' -]+/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
}
