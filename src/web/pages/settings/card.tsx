import type { Child } from 'hono/jsx'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { SETTINGS_PATH } from './view.ts'

/** One form of the settings with its title and its button. `name` is where it is on the page and where it is sent to. */
export function SettingsCard({ name, title, lead, children }: { name: string; title: string; lead?: string; children?: Child }) {
  const { SETTINGS } = useText({ es, en })
  return (
    <section class="panel settings-card" id={name} aria-labelledby={`${name}-titulo`}>
      <h2 id={`${name}-titulo`}>{title}</h2>
      {lead === undefined ? null : <p class="soft">{lead}</p>}
      <form class="settings-form" method="post" action={`${SETTINGS_PATH}/${name}`} data-once data-online>
        {children}
        <p>
          <button type="submit" class="btn btn-primary">
            {SETTINGS.save}
          </button>
        </p>
      </form>
    </section>
  )
}

export function Check({ name, label, checked, noteId }: { name: string; label: string; checked: boolean; noteId?: string }) {
  return (
    <label class="check-line">
      <input type="checkbox" name={name} value="si" checked={checked} {...(noteId === undefined ? {} : { 'aria-describedby': noteId })} />
      <span>{label}</span>
    </label>
  )
}
