import { z } from 'zod'
import type { Tx } from '../../../db/client.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { sha256 } from '../../../kernel/secret-box.ts'
import { wallDate } from '../../../kernel/zoned-time.ts'
import { Exercise, Item } from '../exercise.ts'
import { creditOf, type ItemGrade } from '../grade.ts'
import { parseAnswers } from '../rules.ts'
import { afterAnswer, firstMiss, questionOf, type Scheduled } from './schedule.ts'
import * as store from './store.ts'

/** How many items a day are reviewed at most. */
export const REVIEWED_A_DAY = 10

/** What a card shows: the item as it was, and the text it may ask about. */
export const CardItem = z.object({ item: Item, reading: Exercise.shape.reading })
export type CardItem = z.infer<typeof CardItem>

/** Keeps what was missed in a first submission for the days to come, none before `notBefore`. Texts to write are no matter of memory. */
export async function rememberMissed(
  deps: Deps,
  tx: Tx,
  userId: string,
  { exercise, marks, notBefore }: { exercise: Exercise; marks: readonly ItemGrade[]; notBefore: Date },
): Promise<void> {
  const now = deps.clock.now()
  const onceOpen = ({ card, dueAt }: Scheduled) => ({ card, dueAt: new Date(Math.max(dueAt.getTime(), notBefore.getTime())) })
  const credits = new Map(marks.map(({ itemId, credit }) => [itemId, credit]))
  for (const item of exercise.items) {
    const credit = credits.get(item.id) ?? null
    if (item.kind === 'writing' || credit === null || credit >= 1) continue
    const itemHash = sha256(questionOf(item))
    const known = await store.findCard(tx, userId, itemHash)
    if (known) {
      await store.updateCard(tx, known.id, { ...onceOpen(afterAnswer(known.card, credit, now)), updatedAt: now })
      continue
    }
    const shown: CardItem = { item, reading: exercise.reading }
    const row = { id: deps.ids.uuid(), userId, itemHash, item: shown, ...onceOpen(firstMiss(credit, now)), createdAt: now, updatedAt: now }
    await store.insertCard(tx, row)
  }
}

/**
 * Has the card of an item follow the item, once that was mended. It goes when the answer to it turns out right and it was missed nowhere else
 * and never reviewed: then there is nothing to remember.
 */
export async function correctCard(
  tx: Tx,
  userId: string,
  { before, shown, isRight, missedAt }: { before: Item; shown: CardItem; isRight: boolean; missedAt: Date | null | undefined },
): Promise<void> {
  const known = await store.lockCardOf(tx, userId, sha256(questionOf(before)))
  if (!known) return
  if (isRight && known.updatedAt.getTime() === missedAt?.getTime() && known.createdAt.getTime() === missedAt.getTime()) {
    await store.deleteCard(tx, known.id)
    return
  }
  const itemHash = sha256(questionOf(shown.item))
  // Two cards that come to ask the same stay two.
  const other = itemHash === known.itemHash ? null : await store.findCard(tx, userId, itemHash)
  // Its instant stays: it tells whether the card was ever reviewed.
  await store.updateCard(tx, known.id, { item: shown, ...(other ? {} : { itemHash }) })
}

export type ReviewRefusal = 'unknown-card' | 'bad-answers'

/** Marks an answer in the daily review and says when the item comes back. Sent twice on a day, the first one counts. */
export async function answerReview(deps: Deps, userId: string, cardId: string, sent: unknown): Promise<Outcome<null, ReviewRefusal>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, ReviewRefusal>> => {
    const row = await store.lockCard(tx, userId, cardId)
    if (!row) return refuse('unknown-card')
    const now = deps.clock.now()
    const { item } = CardItem.parse(row.item)
    const parsed = parseAnswers({ items: [item] }, { [item.id]: sent })
    if (!parsed.ok) return parsed
    const answer = parsed.value[item.id] ?? null
    const credit = creditOf(item, answer) ?? 0
    const written = { id: deps.ids.uuid(), cardId, userId, day: wallDate(now), answer, credit, answeredAt: now }
    if (row.dueAt <= now && (await store.insertAnswer(tx, written)))
      await store.updateCard(tx, cardId, { ...afterAnswer(row.card, credit, now), updatedAt: now })
    return succeed(null)
  })
}
