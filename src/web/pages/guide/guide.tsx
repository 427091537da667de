import type { Child } from 'hono/jsx'
import type { Centavos } from '../../../kernel/money.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { CodeFragment, JoinFragment, PayFragment, SlotsFragment } from '../landing/fragments.tsx'
import type { Policy } from '../policy.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/guia`. */
export type GuideView = { policy: Policy; individual: Centavos }

export function GuidePage({ chrome, policy, individual }: GuideView & { chrome: Chrome }) {
  const { GUIDE, parts } = useText({ es, en })
  const all = parts(policy)
  /** What is drawn beside a part, by its id. */
  const drawn: Record<string, Child> = {
    reservar: <SlotsFragment />,
    pagar: <PayFragment total={individual} />,
    compartir: <CodeFragment />,
    entrar: <JoinFragment />,
  }
  return (
    <Document chrome={chrome} title={GUIDE.title}>
      <header class="page-head">
        <h1>{GUIDE.title}</h1>
        <p class="lead soft measure">{GUIDE.lead}</p>
      </header>
      <nav class="toc" aria-label={GUIDE.contents}>
        <ul>
          {all.map((part) => (
            <li>
              <a href={`#${part.id}`}>{part.title}</a>
            </li>
          ))}
        </ul>
      </nav>
      {all.map((part) => (
        <section class="guide-part" aria-labelledby={part.id}>
          <div>
            <h2 id={part.id}>{part.title}</h2>
            <ol class="guide-steps">
              {part.steps.map((step) => (
                <li>{step}</li>
              ))}
            </ol>
          </div>
          {drawn[part.id] ?? null}
        </section>
      ))}
      <p class="actions guide-end">
        <a class="btn btn-primary" href="/inicio/reservas">
          {GUIDE.start}
        </a>
      </p>
      <p>
        {GUIDE.help} <a href="/inicio/cda">{GUIDE.helpLink}</a>.
      </p>
    </Document>
  )
}
