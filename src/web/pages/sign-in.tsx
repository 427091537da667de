import { wallTime } from '../../kernel/zoned-time.ts'
import type { Chrome } from '../ui/chrome.ts'
import { Document } from '../ui/document.tsx'
import { GoogleMark } from '../ui/icons.tsx'
import { useDates, useText } from '../ui/language.ts'
import { Notice } from '../ui/notice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** Why a sign-in did not finish. */
export type SignInError = 'denied' | 'unverified-email' | 'email-taken' | 'expired' | 'failed'

/** View of `/ingresar?callbackUrl=`. `callbackUrl` is a path of this site, already checked; `chosen`: the slot in it. */
export type SignInView = { callbackUrl: string; chosen: Date | null; error: SignInError | null }

export function SignInPage({ chrome, callbackUrl, chosen, error }: SignInView & { chrome: Chrome }) {
  const { SIGN_IN } = useText({ es, en })
  const { longDate, spokenTime } = useDates()
  return (
    <Document chrome={chrome} title={SIGN_IN.title}>
      <section class="sign-in">
        <h1>{SIGN_IN.title}</h1>
        {error ? <Notice kind="error">{SIGN_IN.errors[error]}</Notice> : null}
        {chosen ? <p class="lead measure">{SIGN_IN.chosen(longDate(chosen), spokenTime(wallTime(chosen)))}</p> : null}
        <p class="soft measure">{SIGN_IN.why}</p>
        <form method="post" action="/api/auth/login" data-once>
          <input type="hidden" name="callbackUrl" value={callbackUrl} />
          <button type="submit" class="btn btn-google">
            <GoogleMark />
            {SIGN_IN.google}
          </button>
        </form>
        <p class="soft measure">{SIGN_IN.what}</p>
        <p class="soft measure">
          {SIGN_IN.accept} <a href="/tos">{SIGN_IN.terms}</a> {SIGN_IN.and} <a href="/privacidad">{SIGN_IN.privacy}</a>.
        </p>
      </section>
    </Document>
  )
}
