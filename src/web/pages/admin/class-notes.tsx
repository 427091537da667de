import { type ClassNotes, NOTE_CHARACTERS_MAX } from '../../../features/activity/teacher/rules.ts'
import { Box, FieldError } from './fields.tsx'

/** Where a page has the notes of its class. */
export const NOTES_ANCHOR = 'notas'

/** What whoever gives a class notes about it, for themselves and for the exercises that follow. */
export function Notes({ base, notes: { values, error } }: { base: string; notes: { values: ClassNotes; error: string | null } }) {
  return (
    <section aria-labelledby={NOTES_ANCHOR}>
      <h2 id={NOTES_ANCHOR}>Notas de la clase</h2>
      <p class="soft measure">Solo para vos. Los próximos ejercicios de quienes participaron practican lo que anotes como errores.</p>
      <form class="activity-admin" method="post" action={`${base}/notas`} data-once>
        <FieldError id="notas-error" text={error} />
        <Box name="wentWell" label="Qué salió bien" value={values.wentWell} rows={2} max={NOTE_CHARACTERS_MAX} />
        <Box name="errorsHeard" label="Errores que escuchaste" value={values.errorsHeard} rows={3} max={NOTE_CHARACTERS_MAX} />
        <Box name="vocabulary" label="Vocabulario" value={values.vocabulary} rows={2} max={NOTE_CHARACTERS_MAX} />
        <p>
          <button type="submit" class="btn btn-quiet">
            Guardar notas
          </button>
        </p>
      </form>
    </section>
  )
}
