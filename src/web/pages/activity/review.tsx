import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Status } from '../../ui/status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { ReviewView } from './view.ts'

/** `/actividad/{id}/revisar`: what is answered and what is not, and the one button that hands it in. */
export function ReviewPage({ chrome, activity, items }: ReviewView & { chrome: Chrome }) {
  const t = useText({ es, en }).ACTIVITY
  const missing = items.filter(({ answered }) => !answered).length
  return (
    <Document chrome={chrome} title={`${t.review} · ${activity.title}`}>
      <header class="page-head">
        <p class="soft clip">{activity.title}</p>
        <h1>{t.review}</h1>
        <p class="lead">{missing === 0 ? t.allAnswered : t.missing(missing)}</p>
      </header>
      <ol class="activity-review">
        {items.map(({ step, label, answered }) => (
          <li>
            <span class="clip">
              <b class="tabular">{step}.</b> {label}
            </span>
            {answered ? (
              <Status tone="good" icon="check-circle" text={t.answered} />
            ) : (
              <Status tone="wait" icon="alert" text={t.notAnswered} />
            )}
            <a class="action-link" href={`/actividad/${activity.id}/resolver?paso=${step}`}>
              {t.change}
              <span class="sr-only">: {t.position(step, items.length)}</span>
            </a>
          </li>
        ))}
      </ol>
      <form method="post" action={`/actividad/${activity.id}/enviar`} class="stack" data-once data-online>
        <p class="soft">{t.submitHint}</p>
        <p class="actions">
          <button type="submit" class="btn btn-primary">
            {t.submit}
          </button>
        </p>
      </form>
    </Document>
  )
}
