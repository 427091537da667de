import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import type { LegalFacts, LegalPart } from './facts.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** `/tos` */
export function TermsPage({ chrome, ...facts }: LegalFacts & { chrome: Chrome }) {
  const { TERMS_TITLE, terms } = useText({ es, en })
  return <LegalPage chrome={chrome} title={TERMS_TITLE} parts={terms(facts)} isSample={facts.academy.sample} />
}

/** `/privacidad` */
export function PrivacyPage({ chrome, ...facts }: LegalFacts & { chrome: Chrome }) {
  const { PRIVACY_TITLE, privacy } = useText({ es, en })
  return <LegalPage chrome={chrome} title={PRIVACY_TITLE} parts={privacy(facts)} isSample={facts.academy.sample} />
}

function LegalPage(props: { chrome: Chrome; title: string; parts: readonly LegalPart[]; isSample: boolean }) {
  const { LEGAL } = useText({ es, en })
  return (
    <Document chrome={props.chrome} title={props.title}>
      <header class="page-head">
        <h1>{props.title}</h1>
        <p class="soft">
          {LEGAL.updated} {LEGAL.otherLanguage}
        </p>
        {props.isSample ? <Notice kind="info">{LEGAL.sample}</Notice> : null}
      </header>
      <nav class="toc" aria-label={LEGAL.contents}>
        <ul>
          {props.parts.map((part) => (
            <li>
              <a href={`#${part.id}`}>{part.title}</a>
            </li>
          ))}
        </ul>
      </nav>
      <div class="legal">
        {props.parts.map((part, index) => (
          <section aria-labelledby={part.id}>
            <h2 id={part.id}>
              {index + 1}. {part.title}
            </h2>
            {part.body.map((paragraph) =>
              typeof paragraph === 'string' ? (
                <p class="measure">{paragraph}</p>
              ) : (
                <ul class="measure">
                  {paragraph.map((item) => (
                    <li>{item}</li>
                  ))}
                </ul>
              ),
            )}
          </section>
        ))}
      </div>
    </Document>
  )
}
