import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** Where somebody arrives whose account has just ended. */
export function ClosedPage({ chrome }: { chrome: Chrome }) {
  const { CLOSED } = useText({ es, en })
  return (
    <Document chrome={chrome} title={CLOSED.title}>
      <div class="stack">
        <header class="page-head">
          <h1>{CLOSED.title}</h1>
          <p class="lead">{CLOSED.lead}</p>
        </header>
        <p class="soft">{CLOSED.again}</p>
        <p>
          <a class="btn btn-quiet" href="/">
            {CLOSED.home}
          </a>
        </p>
      </div>
    </Document>
  )
}
