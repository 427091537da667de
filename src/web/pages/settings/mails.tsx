import { useText } from '../../ui/language.ts'
import { Check, SettingsCard } from './card.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { MailsView } from './view.ts'

/** Which mails one wants; the ones that nobody can do without are named, not offered. */
export function Mails({ mails }: { mails: MailsView }) {
  const words = useText({ es, en }).SETTINGS.mails
  return (
    <SettingsCard name="mails" title={words.title}>
      <fieldset class="field">
        <legend>{words.wanted}</legend>
        <Check name="dia" label={words.dayBefore} checked={mails.dayBefore} />
        <Check name="hora" label={words.hourBefore} checked={mails.hourBefore} />
        <Check name="actividad" label={words.activity} checked={mails.activity} />
      </fieldset>
      <fieldset class="field">
        <legend>{words.newsletter}</legend>
        <div class="segments settings-two">
          {(['si', 'no'] as const).map((value) => (
            <label>
              <input type="radio" name="boletin" value={value} checked={(value === 'si') === mails.newsletter} />
              <span>{value === 'si' ? words.yes : words.no}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <p class="soft field-hint">{words.always}</p>
    </SettingsCard>
  )
}
