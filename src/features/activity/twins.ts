import { Exercise, Item } from './exercise.ts'
import type { TaskRow } from './store.ts'
import { OWN_TEXT } from './text.es.ts'

const ITEMS_MAX = 60
const LINE_CHARACTERS_MAX = 500
const GAP = /_{3,}/
/** Between two ways of writing an answer, as everywhere in the teacher's forms. */
const VARIANT = ' / '
/** What may follow a solved line: a comment, which becomes the explanation. */
const COMMENT = / +(?:—|–|--|\/\/) +/

type Twins = Pick<TaskRow, 'content' | 'solvedContent' | 'level' | 'difficulty'>

/** What there is to answer: the exercise as it was made, or the gaps of the teacher's own text; null where there is nothing to fill in. */
export function exerciseOf(task: Pick<TaskRow, 'exercise' | 'title'> & Twins): Exercise | null {
  if (task.exercise !== null) return Exercise.parse(task.exercise)
  const items = itemsOfTwins(task)
  const { title, difficulty } = task
  return items.length === 0 ? null : { title, difficulty, level: levelOf(task), reading: null, items }
}

/**
 * The lines of the teacher's text that have gaps, as items (behaviour 4.22), with the answers that stand there in its solved twin. A text whose
 * twin does not tell every answer has none: its person says when it is done.
 */
export function itemsOfTwins(twins: Twins): Item[] {
  const open = linesOf(twins.content)
  const solved = linesOf(twins.solvedContent)
  const items: Item[] = []
  for (const [index, line] of open.entries()) {
    if (!GAP.test(line)) continue
    const item = itemOf(twins, `g${items.length + 1}`, line, solved[index] ?? '')
    if (!item || items.length === ITEMS_MAX) return []
    items.push(item)
  }
  return items
}

function itemOf(twins: Twins, id: string, line: string, solved: string): Item | null {
  if (Math.max(line.length, solved.length) > LINE_CHARACTERS_MAX) return null
  const [text = '', ...comment] = solved.split(COMMENT)
  const answers = answersBetween(line.split(GAP), text)
  const parsed = Item.safeParse({
    id,
    kind: 'gap',
    topic: 'own',
    level: levelOf(twins),
    difficulty: twins.difficulty,
    instruction: OWN_TEXT.instruction,
    prompt: line,
    answers: answers?.map((answer) => answer.split(VARIANT)),
    explanation: comment.join(' ') || OWN_TEXT.explanation,
  })
  return parsed.success ? parsed.data : null
}

/** What stands in the text between those pieces, the first place for each; null when it does not have all of them in their order. */
function answersBetween(pieces: readonly string[], text: string): string[] | null {
  const [first = '', ...others] = pieces
  if (!text.startsWith(first)) return null
  const answers: string[] = []
  let from = first.length
  for (const [index, piece] of others.entries()) {
    const isLast = index === others.length - 1
    const to = isLast ? text.length - piece.length : text.indexOf(piece, from + 1)
    if (to <= from || (isLast && !text.endsWith(piece))) return null
    answers.push(text.slice(from, to).trim())
    from = to + piece.length
  }
  return answers
}

/** Lines with something in them, without what Markdown makes of their beginning, and without emphasis. */
function linesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/^[\s>#]*(?:[-*+]|\d{1,3}[.)])?\s+/, '')
        .replaceAll('**', '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
}

function levelOf({ level }: Pick<TaskRow, 'level'>): Item['level'] {
  return Exercise.shape.level.parse(level)
}
