import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** What the browser shows instead of a page it cannot reach. It is kept on the device, so it knows nobody: the passes are listed there. */
export function OfflinePage({ chrome }: { chrome: Chrome }) {
  const { OFFLINE_PAGE } = useText({ es, en })
  return (
    <Document chrome={chrome} title={OFFLINE_PAGE.title}>
      <div class="stack">
        <h1>{OFFLINE_PAGE.title}</h1>
        <p class="measure">{OFFLINE_PAGE.text}</p>
        <p>
          <a class="btn btn-primary" href="?">
            {OFFLINE_PAGE.retry}
          </a>
        </p>
        <section aria-labelledby="pases">
          <h2 id="pases">{OFFLINE_PAGE.passes}</h2>
          <ul class="saved-passes" data-saved-passes />
          <p class="soft" data-no-passes>
            {OFFLINE_PAGE.none}
          </p>
        </section>
      </div>
    </Document>
  )
}
