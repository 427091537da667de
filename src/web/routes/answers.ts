import type { Item } from '../../features/activity/exercise.ts'
import type { Answer } from '../../features/activity/grade.ts'
import { isAnswered } from '../../features/activity/rules.ts'
import type { Mark } from '../pages/activity/view.ts'
import { plainText } from '../site.tsx'

export function markOf(credit: number | null): Mark {
  if (credit === null) return 'waiting'
  return credit >= 1 ? 'right' : credit > 0 ? 'partly' : 'wrong'
}

/** The answer that is shown as the right one. */
export function rightText(item: Item): string {
  switch (item.kind) {
    case 'choice':
      return item.options[item.answer] ?? ''
    case 'gap':
      return item.answers.map(([first]) => first).join(' · ')
    case 'match':
      return item.pairs.map(({ left, right }) => `${left} – ${right}`).join(' · ')
    case 'reorder':
    case 'correct':
      return item.answers[0] ?? ''
    case 'writing':
      return item.sample
  }
}

/** The whole key of an item, for the teacher: every way of writing it, and which option is the right one. */
export function keyText(item: Item): string {
  switch (item.kind) {
    case 'choice':
      return item.options.map((option, index) => (index === item.answer ? `✓ ${option}` : option)).join(' · ')
    case 'gap':
      return item.answers.map((variants) => variants.join(' / ')).join(' · ')
    case 'reorder':
    case 'correct':
      return item.answers.join(' / ')
    case 'match':
    case 'writing':
      return rightText(item)
  }
}

/** An answer as its form fields show it. */
export function fieldsOf(answer: Answer): string[] {
  if (answer === null) return []
  return typeof answer === 'object' ? answer.map((part) => String(part ?? '')) : [String(answer)]
}

/** What the form fields of an item say. */
export function answerOf(item: Item, typed: readonly string[]): Answer {
  switch (item.kind) {
    case 'choice':
      return /^\d{1,2}$/.test(typed[0] ?? '') ? Number(typed[0]) : null
    case 'gap':
    case 'match':
      return typed.length === 0 ? null : [...typed]
    default:
      return typed[0] ?? null
  }
}

/** In the place of a part that was left empty. */
const NOTHING = '—'

/** An answer in words, part by part; empty where nothing was answered. */
export function answerText(item: Item, answer: Answer): string {
  const fields = fieldsOf(answer)
  if (item.kind === 'choice') return item.options[Number(fields[0] ?? Number.NaN)] ?? ''
  if (!isAnswered(answer)) return ''
  const part = (index: number) => fields[index]?.trim() || NOTHING
  if (item.kind === 'gap') return item.answers.map((_, index) => part(index)).join(' · ')
  if (item.kind === 'match') return item.pairs.map(({ left }, index) => `${left} – ${part(index)}`).join(' · ')
  return fields.join(' ')
}

const FIELDS_MAX = 12

/** What was typed into the fields of an item. */
export function typedIn(form: FormData | null): string[] {
  return (form?.getAll('r') ?? []).slice(0, FIELDS_MAX).map((value) => (typeof value === 'string' ? plainText(value) : ''))
}

/** What an item asks, on one line: its own text, by which it can be told from the others. It says nothing about the answer. */
export function labelOf(item: Item): string {
  switch (item.kind) {
    case 'reorder':
      return item.words.join(' · ')
    case 'correct':
      return item.sentence
    case 'match':
      return `${item.prompt} ${item.pairs.map(({ left }) => left).join(' · ')}`
    default:
      return item.prompt
  }
}
