import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { Look } from './look.tsx'
import { Mails } from './mails.tsx'
import { Profile } from './profile.tsx'
import { Sessions } from './sessions.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { Transcripts } from './transcripts.tsx'
import { CLOSE_PATH, type SettingsView, type WrongField } from './view.ts'

/** Everything about one's own account. Each card is a form of its own, so that nothing is saved that was not asked for. */
export function SettingsPage({ chrome, ...view }: SettingsView & { chrome: Chrome }) {
  const { SETTINGS } = useText({ es, en })
  const { data, more } = SETTINGS
  return (
    <Document chrome={chrome} title={SETTINGS.title} wide>
      <div class="stack">
        <header class="page-head">
          <h1>{SETTINGS.title}</h1>
          <nav class="settings-links" aria-label={more.title}>
            <a class="action-link" href="/inicio/facturacion">
              {more.billing}
            </a>
            <a class="action-link" href="/inicio/cda">
              {more.support}
            </a>
          </nav>
        </header>
        {view.wrong.length > 0 ? <NotSaved wrong={view.wrong} /> : null}
        <div class="settings">
          <div class="settings-column">
            <Profile profile={view.profile} editing={view.editing} wrong={view.wrong} />
            <Look look={view.look} zones={view.zones} wrong={view.wrong} />
          </div>
          <div class="settings-column">
            <Mails mails={view.mails} />
            {view.transcripts === null ? null : <Transcripts agrees={view.transcripts} />}
            <Sessions sessions={view.sessions} />
          </div>
          <section class="panel settings-card" aria-labelledby="archivo">
            <h2 id="archivo">{data.title}</h2>
            <p class="soft">{data.lead}</p>
            <p>
              <a class="btn btn-quiet" href="/api/user-data/export">
                {data.download}
              </a>
            </p>
          </section>
          <section class="panel settings-card" aria-labelledby="fin">
            <h2 id="fin">{data.deleteTitle}</h2>
            <p class="soft">{data.deleteLead}</p>
            <p>
              <a class="action-link action-danger" href={CLOSE_PATH}>
                {data.delete}
              </a>
            </p>
          </section>
        </div>
      </div>
    </Document>
  )
}

/** Where each field is that was refused, by its id. */
const FIELD_ID: Record<WrongField, string> = { name: 'nombre', localidad: 'localidad', nivel: 'nivel', telefono: 'telefono', zone: 'zona' }

/** That nothing was saved, and a way to each field that has to be looked at. */
function NotSaved({ wrong }: { wrong: readonly WrongField[] }) {
  const { SETTINGS } = useText({ es, en })
  const labels = { ...SETTINGS.profile, zone: SETTINGS.look.zone }
  return (
    <Notice kind="error">
      {SETTINGS.notSaved}{' '}
      {wrong.map((name) => (
        <>
          <a href={`#${FIELD_ID[name]}`}>{labels[name]}</a>{' '}
        </>
      ))}
    </Notice>
  )
}
