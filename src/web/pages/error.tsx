import { FORBIDDEN } from '../text.es.ts'
import type { Chrome } from '../ui/chrome.ts'
import { Document } from '../ui/document.tsx'

/**
 * Any answer that is not the page asked for: 403, 404, 405, 409, 410, 413, 429, 500, 503. `message` is the exact text of
 * the refusal when there is one (for example why a class cannot be entered); otherwise the status speaks.
 */
export type ErrorView = { status: number; message?: string }

type Words = { title: string; text: string }

const WORDS: Record<number, Words> = {
  403: { title: FORBIDDEN, text: 'Si creés que es un error, cerrá sesión y volvé a ingresar con la cuenta correcta.' },
  404: { title: 'No encontramos esta página', text: 'Puede que la dirección esté mal escrita o que la página ya no exista.' },
  429: { title: 'Demasiadas solicitudes', text: 'Probá de nuevo en unos minutos.' },
  503: { title: 'No podemos atenderte ahora', text: 'Probá de nuevo en unos minutos.' },
}
const UNEXPECTED: Words = { title: 'Algo salió mal', text: 'Probá de nuevo en unos minutos. Si estabas pagando, tu pago no se pierde.' }

export function ErrorPage({ chrome, status, message }: ErrorView & { chrome: Chrome }) {
  const words = WORDS[status] ?? UNEXPECTED
  return (
    <Document chrome={chrome} title={message ?? words.title}>
      <section class="outcome">
        <p class="error-status tabular">{status}</p>
        <h1 class="error-title">{message ?? words.title}</h1>
        {message === undefined ? <p class="soft measure">{words.text}</p> : null}
        <p class="actions">
          {chrome.person ? (
            <>
              <a class="btn btn-primary" href="/inicio/mis-clases-virtuales">
                Ir a Mis Clases Virtuales
              </a>
              <a class="btn btn-quiet" href="/inicio">
                Ir al inicio
              </a>
            </>
          ) : (
            <a class="btn btn-primary" href="/">
              Ir al inicio
            </a>
          )}
        </p>
      </section>
    </Document>
  )
}
