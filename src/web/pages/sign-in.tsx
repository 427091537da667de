import type { Chrome } from '../ui/chrome.ts'
import { Document } from '../ui/document.tsx'
import { GoogleMark } from '../ui/icons.tsx'
import { Notice } from '../ui/notice.tsx'

/** Why a sign-in did not finish. */
export type SignInError = 'denied' | 'unverified-email' | 'email-taken' | 'expired' | 'failed'

/** View of `/ingresar?callbackUrl=`. `callbackUrl` is a path of this site, already checked. */
export type SignInView = { callbackUrl: string; error: SignInError | null }

const ERROR: Record<SignInError, string> = {
  denied: 'No diste permiso en Google, así que no iniciamos sesión. Podés probar de nuevo cuando quieras.',
  'unverified-email': 'Tu cuenta de Google no tiene el correo verificado. Verificalo en Google y probá de nuevo.',
  'email-taken': 'Ese e-mail ya pertenece a otra cuenta de Google. Ingresá con la cuenta de siempre.',
  expired: 'El intento de ingreso venció. Probá de nuevo.',
  failed: 'No pudimos hablar con Google. Probá de nuevo en unos minutos.',
}

export function SignInPage({ chrome, callbackUrl, error }: SignInView & { chrome: Chrome }) {
  return (
    <Document chrome={chrome} title="Ingresar">
      <section class="sign-in">
        <h1>Ingresar</h1>
        {error ? <Notice kind="error">{ERROR[error]}</Notice> : null}
        <p class="soft measure">Usamos tu cuenta de Google para saber quién sos y para que entres a Meet sin golpear la puerta.</p>
        <form method="post" action="/api/auth/login" data-once>
          <input type="hidden" name="callbackUrl" value={callbackUrl} />
          <button type="submit" class="btn btn-google">
            <GoogleMark />
            Ingresar con Google
          </button>
        </form>
        <p class="soft measure">Solo vemos tu nombre, tu foto y tu correo. Nunca tu calendario ni tus contactos.</p>
      </section>
    </Document>
  )
}
