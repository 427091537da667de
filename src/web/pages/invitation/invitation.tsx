import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/profesores/conectar?invitacion=`: where a teacher connects their own calendar, without an account of the academy's. */
export type InvitationView = {
  /** Whom the invitation is for; null when it is not worth anything. */
  invited: { name: string; email: string; token: string } | null
  academy: string
  done: boolean
  /** Why the last try came to nothing. */
  error: string | null
}

export function InvitationPage({ chrome, invited, academy, done, error }: InvitationView & { chrome: Chrome }) {
  const t = useText({ es, en }).INVITATION
  return (
    <Document chrome={chrome} title={t.title}>
      <section class="sign-in">
        <h1>{t.title}</h1>
        {invited === null ? <Notice kind="error">{t.invalid}</Notice> : null}
        {invited && done ? <Notice kind="ok">{t.done}</Notice> : null}
        {invited && error !== null ? <Notice kind="error">{t.trouble(error)}</Notice> : null}
        {invited && !done ? (
          <>
            <p class="measure">
              {t.hello(invited.name)} {t.what(academy)}
            </p>
            <p class="measure soft">{t.account(invited.email)}</p>
            <form method="post" action="/api/teachers/connect" data-once>
              <input type="hidden" name="invitacion" value={invited.token} />
              <button type="submit" class="btn btn-primary">
                {t.connect}
              </button>
            </form>
          </>
        ) : null}
      </section>
    </Document>
  )
}
