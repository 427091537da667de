import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { SETTINGS_PATH } from './view.ts'

/** Whether what was said in one's classes may be read for one's exercises. Nothing is chosen beforehand but no. */
export function Transcripts({ agrees }: { agrees: boolean }) {
  const { SETTINGS } = useText({ es, en })
  const words = SETTINGS.transcripts
  return (
    <section class="panel settings-card" id="transcripciones" aria-labelledby="transcripciones-titulo">
      <h2 id="transcripciones-titulo">{words.title}</h2>
      <form class="settings-form" method="post" action={`${SETTINGS_PATH}/transcripciones`} data-once data-online>
        <p class="soft">{words.lead}</p>
        <label class="settings-check">
          <input type="checkbox" name="permitir" value="si" checked={agrees} aria-describedby="transcripciones-nota" />
          <span>{words.agree}</span>
        </label>
        <p class="soft field-hint" id="transcripciones-nota">
          {words.note}
        </p>
        <p>
          <button type="submit" class="btn btn-primary">
            {SETTINGS.save}
          </button>
        </p>
      </form>
    </section>
  )
}
