import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type MailsView, SETTINGS_PATH } from './view.ts'

/** Which mails one wants; the ones that nobody can do without are named, not offered. */
export function Mails({ mails }: { mails: MailsView }) {
  const { SETTINGS } = useText({ es, en })
  const words = SETTINGS.mails
  return (
    <section class="panel settings-card" id="mails" aria-labelledby="mails-titulo">
      <h2 id="mails-titulo">{words.title}</h2>
      <form class="settings-form" method="post" action={`${SETTINGS_PATH}/mails`} data-once data-online>
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
        <p>
          <button type="submit" class="btn btn-primary">
            {SETTINGS.save}
          </button>
        </p>
      </form>
    </section>
  )
}

function Check({ name, label, checked }: { name: string; label: string; checked: boolean }) {
  return (
    <label class="settings-check">
      <input type="checkbox" name={name} value="si" checked={checked} />
      <span>{label}</span>
    </label>
  )
}
