import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { Field } from './field.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { CLOSE_PATH, type CloseView, SETTINGS_PATH } from './view.ts'

/** Ending the account: what goes, what stays, what is in the way, and the form that asks for the address. */
export function ClosePage({ chrome, ...view }: CloseView & { chrome: Chrome }) {
  const { CLOSE } = useText({ es, en })
  const isBlocked = view.isStaff || Object.values(view.unfinished).some((count) => count > 0)
  return (
    <Document chrome={chrome} title={CLOSE.title}>
      <div class="stack">
        <header class="page-head">
          <h1>{CLOSE.title}</h1>
        </header>
        {isBlocked ? <Blocked view={view} /> : null}
        <section class="panel settings-card" aria-labelledby="se-borra">
          <h2 id="se-borra">{CLOSE.goes}</h2>
          <List items={CLOSE.goesList} />
          <h2>{CLOSE.stays}</h2>
          <List items={CLOSE.staysList} />
        </section>
        {isBlocked ? null : <CloseForm view={view} />}
        <p>
          <a class="back-link" href={SETTINGS_PATH}>
            <Icon name="left" />
            {CLOSE.back}
          </a>
        </p>
      </div>
    </Document>
  )
}

function List({ items }: { items: readonly string[] }) {
  return (
    <ul class="settings-list">
      {items.map((item) => (
        <li>{item}</li>
      ))}
    </ul>
  )
}

function Blocked({ view }: { view: CloseView }) {
  const { CLOSE } = useText({ es, en })
  const { classes, holds, payments } = view.unfinished
  if (view.isStaff) return <Notice kind="error">{CLOSE.staff}</Notice>
  return (
    <Notice kind="error">
      <p>{CLOSE.blocked}</p>
      <ul class="settings-list">
        {classes > 0 ? (
          <li>
            {CLOSE.classes(classes)} <a href="/inicio/mis-clases-virtuales">{CLOSE.classesLink}</a>
          </li>
        ) : null}
        {holds > 0 ? (
          <li>
            {CLOSE.holds(holds)} <a href="/inicio">{CLOSE.holdsLink}</a>
          </li>
        ) : null}
        {payments > 0 ? (
          <li>
            {CLOSE.payments(payments)} <a href="/inicio/facturacion">{CLOSE.paymentsLink}</a>
          </li>
        ) : null}
      </ul>
    </Notice>
  )
}

function CloseForm({ view }: { view: CloseView }) {
  const { CLOSE } = useText({ es, en })
  return (
    <form class="settings-form" method="post" action={CLOSE_PATH} novalidate data-once data-online>
      <p>
        <strong>{CLOSE.final}</strong>
      </p>
      <Field
        id="confirmar"
        label={CLOSE.confirm(view.email)}
        error={view.unconfirmed ? CLOSE.unconfirmed : null}
        focused={view.unconfirmed}
        control={(tied) => (
          <input class="input" type="email" name="email" value={view.typed} required autocomplete="off" maxlength={320} {...tied} />
        )}
      />
      <p>
        <button type="submit" class="btn btn-danger">
          {CLOSE.submit}
        </button>
      </p>
    </form>
  )
}
