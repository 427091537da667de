import { TRANSCRIPT_CHARACTERS_MAX, TRANSCRIPT_DAYS } from '../../../features/activity/transcript/commands.ts'
import { formatDate } from '../../../kernel/zoned-time.ts'
import { Notice } from '../../ui/notice.tsx'
import { ANCHOR } from './activity-view.ts'
import { Box } from './fields.tsx'

/** `missing`: the names of those who do not let it be used; `kept`: what there is by now. */
export type TranscriptView = {
  /** A model is there to read one. */
  canSave: boolean
  missing: readonly string[]
  kept: { characters: number; deleteAt: Date } | null
  text: string
  error: string | null
}

/** What was said in class, for the model that writes the exercises; only where everybody agreed. What is kept can always be deleted. */
export function Transcript({ base, transcript }: { base: string; transcript: TranscriptView }) {
  const { canSave, missing, kept, text, error } = transcript
  const action = `${base}/transcripcion`
  return (
    <section aria-labelledby={ANCHOR.transcript}>
      <h2 id={ANCHOR.transcript}>Transcripción de la clase</h2>
      <p class="soft measure">
        La lee la IA que prepara los ejercicios de esta clase y de las próximas de quienes participaron; nadie más la ve. Se borra sola a
        los {TRANSCRIPT_DAYS} días.
      </p>
      {kept === null ? null : (
        <form class="activity-admin-head" method="post" action={action} data-once>
          <span>
            Hay una guardada, de {kept.characters.toLocaleString('es-AR')} caracteres; se borra el {formatDate(kept.deleteAt)}.
          </span>
          <button type="submit" class="btn-text" name="ir" value="borrar">
            Borrarla ahora
          </button>
        </form>
      )}
      {canSave ? null : <Notice kind="info">Ahora no hay una IA conectada: no se pueden guardar transcripciones.</Notice>}
      {canSave && missing.length > 0 ? (
        <Notice kind="info">Solo se puede usar si todos lo permiten en su Configuración. Falta: {missing.join(', ')}.</Notice>
      ) : null}
      {canSave && missing.length === 0 ? (
        <form class="activity-admin" method="post" action={action} data-once>
          <Box
            name="transcripcion"
            label={kept === null ? 'Pegala acá' : 'Pegá otra en su lugar'}
            value={text}
            rows={6}
            max={TRANSCRIPT_CHARACTERS_MAX}
            error={error}
          />
          <p>
            <button type="submit" class="btn btn-quiet" name="ir" value="guardar">
              Guardar transcripción
            </button>
          </p>
        </form>
      ) : null}
    </section>
  )
}
