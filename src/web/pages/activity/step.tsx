import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { ItemFieldset, ReadingText } from './item-fields.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { StepView } from './view.ts'

/** `/actividad/{id}/resolver?paso=n`: one item for each screen; going on saves it. English content says so to screen readers. */
export function StepPage({
  chrome,
  activity,
  step,
  steps,
  reading,
  readingPlace,
  content,
  item,
  answer,
  error,
}: StepView & { chrome: Chrome }) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <Document chrome={chrome} title={`${t.position(step, steps)} · ${activity.title}`}>
      <header class="page-head">
        <p class="soft clip">{activity.title}</p>
        <h1>{t.position(step, steps)}</h1>
        <progress class="activity-progress" value={step} max={steps} aria-label={t.position(step, steps)} />
      </header>
      <ReadingText reading={reading} place={readingPlace} />
      {content === '' ? null : (
        <details class="panel activity-reading">
          <summary>{t.wholeText}</summary>
          <Markdown text={content} />
        </details>
      )}
      <form method="post" action={`/actividad/${activity.id}/resolver`} class="activity-item" data-online>
        <input type="hidden" name="paso" value={String(step)} />
        <ItemFieldset item={item} answer={answer} error={error} />
        <div class="actions">
          {/* The first button is the one that Enter presses. */}
          <button type="submit" class="btn btn-primary" name="ir" value="siguiente">
            {step === steps ? t.toReview : t.next}
          </button>
          {step > 1 ? (
            <button type="submit" class="btn btn-quiet" name="ir" value="anterior">
              {t.previous}
            </button>
          ) : null}
          <button type="submit" class="btn-text" name="ir" value="salir">
            {t.leave}
          </button>
        </div>
      </form>
    </Document>
  )
}
