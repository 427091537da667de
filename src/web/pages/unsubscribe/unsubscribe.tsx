import type { MailChoice } from '../../../features/notice/choices.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/mails/baja?t=`: what the address of a mail asks for, and whether it was done. */
export type UnsubscribeView = {
  step: 'ask' | 'done' | 'invalid'
  sort: MailChoice
  /** Where the button leads: this very address. */
  action: string
}

export function UnsubscribePage({ chrome, step, sort, action }: UnsubscribeView & { chrome: Chrome }) {
  const t = useText({ es, en })
  return (
    <Document chrome={chrome} title={t.title}>
      <section class="sign-in">
        <h1>{t.title}</h1>
        {step === 'invalid' ? <Notice kind="error">{t.invalid}</Notice> : null}
        {step === 'done' ? <Notice kind="ok">{t.done(sort)}</Notice> : null}
        {step === 'ask' ? <p class="measure">{t.ask(sort)}</p> : null}
        {step === 'ask' ? (
          <form method="post" action={action}>
            <button type="submit" class="btn btn-primary">
              {t.end}
            </button>
          </form>
        ) : null}
        <p class="soft measure">{t.rest}</p>
        <a class="btn btn-quiet" href="/inicio/configuracion">
          {t.settings}
        </a>
      </section>
    </Document>
  )
}
