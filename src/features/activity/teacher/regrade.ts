import { isDeepStrictEqual } from 'node:util'
import type { Item } from '../exercise.ts'
import { type Answer, type Answers, type Attempt, creditOf, type ItemGrade } from '../grade.ts'

/**
 * Answers as they are to an item that was mended: a choice is kept as the number of its option and a pair as the text of its right side, which
 * may both have moved or be written in another way now.
 */
export function carriedOver(answers: Answers, before: Item, after: Item): Answers {
  const answer = answers[after.id]
  return answer === undefined || answer === null ? answers : { ...answers, [after.id]: carried(answer, before, after) }
}

function carried(answer: Answer, before: Item, after: Item): Answer {
  if (before.kind === 'choice' && after.kind === 'choice') {
    const at = follow(before.options, after.options, before.options[Number(answer)])
    return at < 0 ? null : at
  }
  if (before.kind === 'match' && after.kind === 'match' && Array.isArray(answer)) {
    const right = (pairs: typeof before.pairs) => pairs.map((pair) => pair.right)
    const lefts = before.pairs.map(({ left }) => left)
    const given = lefts.map(
      (_, index) => right(after.pairs)[follow(right(before.pairs), right(after.pairs), String(answer[index] ?? ''))] ?? '',
    )
    // Each answer stays with the left side that it was given to.
    return after.pairs.map(({ left }, index) => given[lefts.includes(left) ? lefts.indexOf(left) : index] ?? '')
  }
  return answer
}

/** Where one of several texts is now: where it is written, otherwise at its old place, as long as that was only written anew. */
function follow(before: readonly string[], after: readonly string[], text: string | undefined): number {
  if (text === undefined) return -1
  const there = after.indexOf(text)
  if (there >= 0 || before.length !== after.length) return there
  const place = before.indexOf(text)
  return before.includes(after[place] ?? '') ? -1 : place
}

/** The marks once an item was mended: that item is marked anew, and keeps what it had if that was more. A text keeps its marks. */
export function markedAgain(marks: readonly ItemGrade[], item: Item, answers: Answers): ItemGrade[] {
  return marks.map((mark) => {
    if (mark.itemId !== item.id || mark.credit === null || item.kind === 'writing') return mark
    return { ...mark, credit: Math.max(mark.credit, creditOf(item, answers[item.id] ?? null) ?? 0) }
  })
}

/**
 * What was handed in first, if it is still there: what is kept beside the last submission came before it. Told by its marks, as they were given at
 * once: a text gets its own later. Null: its answers are gone.
 */
export function firstOf(attempts: readonly Attempt[], firstMarks: readonly ItemGrade[], items: readonly Item[]): Attempt | null {
  const texts = new Set(items.filter(({ kind }) => kind === 'writing').map(({ id }) => id))
  const closed = (marks: readonly ItemGrade[]) => marks.filter(({ itemId }) => !texts.has(itemId))
  const earliest = attempts.at(-1)
  return earliest && isDeepStrictEqual(closed(earliest.marks), closed(firstMarks)) ? earliest : null
}

/** Whether what was published keeps its places: written anew there, with others after it, but nothing moved or taken away. */
export function keepsPlaces(before: readonly string[], after: readonly string[]): boolean {
  return after.length >= before.length && before.every((text, place) => after[place] === text || !after.includes(text))
}
