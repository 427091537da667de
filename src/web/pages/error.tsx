import type { Chrome } from '../ui/chrome.ts'
import { Document } from '../ui/document.tsx'
import { useSharedText, useText } from '../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/**
 * Any answer that is not the page asked for: 403, 404, 405, 409, 410, 413, 429, 500, 503. `message` is the exact text of
 * the refusal when there is one (for example why a class cannot be entered); otherwise the status speaks.
 */
export type ErrorView = { status: number; message?: string }

type Words = { title: string; text: string }

export function ErrorPage({ chrome, status, message }: ErrorView & { chrome: Chrome }) {
  const words = useWords(status)
  const { ERRORS } = useText({ es, en })
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
                {ERRORS.toClasses}
              </a>
              <a class="btn btn-quiet" href="/inicio">
                {ERRORS.toHome}
              </a>
              <a class="btn btn-quiet" href="/inicio/cda">
                {ERRORS.toHelp}
              </a>
            </>
          ) : (
            <>
              <a class="btn btn-primary" href="/">
                {ERRORS.toHome}
              </a>
              <a class="btn btn-quiet" href="/guia">
                {ERRORS.toGuide}
              </a>
            </>
          )}
        </p>
      </section>
    </Document>
  )
}

function useWords(status: number): Words {
  const { FORBIDDEN } = useSharedText()
  const { ERRORS } = useText({ es, en })
  switch (status) {
    case 403:
      return { title: FORBIDDEN, text: ERRORS[403] }
    case 404:
    case 429:
    case 503:
      return ERRORS[status]
    default:
      return ERRORS.unexpected
  }
}
