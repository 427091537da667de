import type { NamedTeacher } from '../../../features/academy/queries.ts'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { bookingHref, type Draft } from './view.ts'

/**
 * Whose times are shown, where there are several teachers. Each choice is a link, because the whole week is another one with it; what was chosen
 * besides goes along.
 */
export function TeacherChoice({ teachers, draft }: { teachers: readonly NamedTeacher[]; draft: Draft }) {
  const t = useText({ es, en }).TEACHER
  if (teachers.length === 0) return null
  return (
    <div class="teacher-choice">
      <p id="con-quien">{t.question}</p>
      <nav class="tabs" aria-labelledby="con-quien">
        {[{ id: null, name: t.any }, ...teachers].map(({ id, name }) => (
          <a
            href={bookingHref({ ...draft, teacher: id })}
            data-keep-draft
            {...((draft.teacher ?? null) === id ? { 'aria-current': 'true' as const } : {})}
          >
            {name}
          </a>
        ))}
      </nav>
    </div>
  )
}

/** The choice as a field of the form, for the page that checks it. */
export function TeacherField({ teacher }: { teacher: string | null | undefined }) {
  return teacher ? <input type="hidden" name="profe" value={teacher} /> : null
}
