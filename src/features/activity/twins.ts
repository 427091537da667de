import { Exercise, Item } from './exercise.ts'
import type { TaskRow } from './store.ts'
import { OWN_TEXT } from './text.es.ts'

const ITEMS_MAX = 60
const GAPS_MAX = 6
const LINE_CHARACTERS_MAX = 500
/** As much of a line as names it to its author. */
const QUOTED_CHARACTERS = 60
const GAP = /_{3,}/
/** Between two ways of writing an answer, as everywhere in the teacher's forms. */
const VARIANT = ' / '
/** What may follow a solved line: a comment, which becomes the explanation. */
const COMMENT = / +(?:—|–|--|\/\/) +/g
/** What Markdown stresses an answer with. */
const STRESS = /^[*_]+|[*_]+$/g

type Twins = Pick<TaskRow, 'content' | 'solvedContent' | 'level' | 'difficulty'>

/** Why a line with gaps has no fields. `unsolved`: its answers are not told; `other-text`: what is told does not say the same around them. */
export type LineFlaw = 'unsolved' | 'other-text' | 'many-gaps' | 'long' | 'many-lines'

/** A line of the teacher's text, by its number from 1 and its beginning. */
export interface LeftLine {
  line: number
  text: string
  flaw: LineFlaw
}

/** What there is to answer: the exercise as it was made, or the gaps of the teacher's own text; null where there is nothing to fill in. */
export function exerciseOf(task: Pick<TaskRow, 'exercise' | 'title'> & Twins): Exercise | null {
  if (task.exercise !== null) return Exercise.parse(task.exercise)
  const { items } = readTwins(task)
  const { title, difficulty } = task
  return items.length === 0 ? null : { title, difficulty, level: levelOf(task), reading: null, items }
}

/**
 * The lines of the teacher's text that have gaps, as items (behaviour 4.22), with the answers that stand there in its solved twin; and those that
 * cannot be, with why (decision 030). A text without a twin has none of either: its person says when it is done.
 */
export function readTwins(twins: Twins): { items: Item[]; left: LeftLine[] } {
  const solved = linesOf(twins.solvedContent)
  const items: Item[] = []
  const left: LeftLine[] = []
  if (solved.length === 0) return { items, left }
  for (const [index, { line, text }] of linesOf(twins.content).entries()) {
    if (!GAP.test(text)) continue
    const item = itemOf(twins, `g${items.length + 1}`, text, solved[index]?.text ?? '')
    if (typeof item === 'object' && items.length < ITEMS_MAX) items.push(item)
    else left.push({ line, text: text.slice(0, QUOTED_CHARACTERS), flaw: typeof item === 'object' ? 'many-lines' : item })
  }
  return { items, left }
}

function itemOf(twins: Twins, id: string, line: string, solved: string): Item | LineFlaw {
  if (Math.max(line.length, solved.length) > LINE_CHARACTERS_MAX) return 'long'
  const pieces = line.split(GAP)
  if (pieces.length - 1 > GAPS_MAX) return 'many-gaps'
  const told = toldBy(pieces, line.match(COMMENT)?.length ?? 0, solved)
  if (told === null) return solved === '' || GAP.test(solved) ? 'unsolved' : 'other-text'
  const answers = told.answers.map((answer) => answer.split(VARIANT).map((variant) => variant.trim().replace(STRESS, '')))
  if (answers.flat().some((variant) => variant === '' || GAP.test(variant))) return 'unsolved'
  const parsed = Item.safeParse({
    id,
    kind: 'gap',
    topic: 'own',
    level: levelOf(twins),
    difficulty: twins.difficulty,
    instruction: OWN_TEXT.instruction,
    prompt: line,
    answers,
    explanation: told.comment || OWN_TEXT.explanation,
  })
  return parsed.success ? parsed.data : 'long'
}

/**
 * The answers between those pieces, and the comment after them. The comment begins at a dash, but not at one that stands in the text itself
 * (`ownDashes` of them): the line ends at the first other one up to which it says the same.
 */
function toldBy(pieces: readonly string[], ownDashes: number, solved: string): { answers: string[]; comment: string } | null {
  const cuts = [...solved.matchAll(COMMENT)].slice(ownDashes).map(({ index, 0: dash }) => ({ to: index, from: index + dash.length }))
  for (const { to, from } of [...cuts, { to: solved.length, from: solved.length }]) {
    const answers = answersBetween(pieces, solved.slice(0, to))
    if (answers) return { answers, comment: solved.slice(from) }
  }
  return null
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
function linesOf(text: string): { line: number; text: string }[] {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({
      line: index + 1,
      text: line
        .replace(/^[\s>#]*(?:[-*+]|\d{1,3}[.)])?\s+/, '')
        .replaceAll('**', '')
        .replace(/\s+/g, ' ')
        .trim(),
    }))
    .filter((each) => each.text !== '')
}

function levelOf({ level }: Pick<TaskRow, 'level'>): Item['level'] {
  return Exercise.shape.level.parse(level)
}
