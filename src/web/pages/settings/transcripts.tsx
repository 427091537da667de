import { useText } from '../../ui/language.ts'
import { Check, SettingsCard } from './card.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** Whether what was said in one's classes may be read for one's exercises. Nothing is chosen beforehand but no. */
export function Transcripts({ agrees }: { agrees: boolean }) {
  const words = useText({ es, en }).SETTINGS.transcripts
  return (
    <SettingsCard name="transcripciones" title={words.title} lead={words.lead}>
      <Check name="permitir" label={words.agree} checked={agrees} noteId="transcripciones-nota" />
      <p class="soft field-hint" id="transcripciones-nota">
        {words.note}
      </p>
    </SettingsCard>
  )
}
