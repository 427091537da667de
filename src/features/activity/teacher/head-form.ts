import { z } from 'zod'
import { Exercise } from '../exercise.ts'
import { FIELD_FLAW } from './text.es.ts'

/** Title and reading of an exercise as the fields of a form. */
export type HeadField = 'title' | 'readingTitle' | 'readingBody'
export type HeadFields = Readonly<Partial<Record<HeadField, string>>>
export type HeadErrors = Readonly<Partial<Record<HeadField, string>>>

export const HEAD_MAX = { title: 120, readingTitle: 120, readingBody: 2_500 } as const satisfies Record<HeadField, number>

type Head = Pick<Exercise, 'title' | 'reading'>
const Head = z.object({ title: Exercise.shape.title, reading: Exercise.shape.reading })

export function headFormOf({ title, reading }: Head): HeadFields {
  return reading === null ? { title } : { title, readingTitle: reading.title, readingBody: reading.body }
}

/**
 * Title and reading that a form describes, or what is wrong with which field. An exercise keeps its reading, and gets none: items were made to
 * ask about it.
 */
export function headOfForm(before: Head, form: HeadFields): { ok: true; head: Head } | { ok: false; errors: HeadErrors } {
  const { title, readingTitle = '', readingBody = '' } = form
  // Forms send lines with carriage returns, which would count as characters.
  const body = readingBody.replace(/\r\n/g, '\n')
  const parsed = Head.safeParse({ title, reading: before.reading && { kind: before.reading.kind, title: readingTitle, body } })
  if (parsed.success) return { ok: true, head: parsed.data }
  const errors: Partial<Record<HeadField, string>> = {}
  for (const { path, code } of parsed.error.issues) {
    const field = path[0] === 'title' ? 'title' : path[1] === 'title' ? 'readingTitle' : 'readingBody'
    errors[field] ??= code === 'too_small' ? FIELD_FLAW.empty : code === 'too_big' ? FIELD_FLAW.long : FIELD_FLAW.other
  }
  return { ok: false, errors }
}
