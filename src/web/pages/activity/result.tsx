import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useText } from '../../ui/language.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Status } from '../../ui/status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { pointsText, type ResultItem, type ResultView } from './view.ts'

const MARK = {
  right: { tone: 'good', icon: 'check-circle' },
  partly: { tone: 'wait', icon: 'info' },
  wrong: { tone: 'bad', icon: 'cross-circle' },
  waiting: { tone: 'quiet', icon: 'clock' },
} as const

/** `/actividad/{id}/resultado`: the score first, then each item with its explanation. */
export function ResultPage({ chrome, activity, ...view }: ResultView & { chrome: Chrome }) {
  const t = useText({ es, en }).ACTIVITY
  const locale = useLocale()
  const { spokenMoment } = useDates()
  const share = view.total === view.waiting ? 1 : view.score / (view.total - view.waiting)
  const words = share >= 0.8 ? t.resultWords.high : share >= 0.5 ? t.resultWords.middle : t.resultWords.low
  return (
    <Document chrome={chrome} title={`${t.result} · ${activity.title}`}>
      <header class="page-head">
        <p class="soft clip">{activity.title}</p>
        <h1>{t.result}</h1>
        {view.items.length === 0 ? null : (
          <p class="activity-score">
            <b class="tabular">{t.resultScore(pointsText(view.score, locale), view.total - view.waiting, view.waiting)}</b>{' '}
            <span>{words}</span>
          </p>
        )}
        {view.best.points > view.score ? (
          <p class="soft">{t.best(pointsText(view.best.points, locale), view.best.of, view.best.waiting)}</p>
        ) : null}
        {view.waiting > 0 ? <p class="soft">{t.waiting}</p> : null}
      </header>
      {view.answersFrom === null ? null : <p class="soft activity-own">{t.answersFrom(spokenMoment(view.answersFrom, chrome.now))}</p>}
      {view.solvedContent === null ? null : (
        <section class="panel activity-own">
          <Markdown text={view.solvedContent} />
        </section>
      )}
      <ol class="activity-results">
        {view.items.map((item, index) => (
          <Marked item={item} step={index + 1} />
        ))}
      </ol>
      <div class="actions">
        {view.items.length === 0 ? null : (
          <a class="btn btn-quiet" href={`/actividad/${activity.id}/resolver`}>
            {t.again}
          </a>
        )}
        <a class="back-link" href="/inicio/mis-actividades">
          <Icon name="left" />
          {t.backToList}
        </a>
      </div>
    </Document>
  )
}

function Marked({ item, step }: { item: ResultItem; step: number }) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <li class={`activity-result activity-result-${item.mark}`}>
      <p class="activity-result-head">
        <span class="clip">
          <b class="tabular">{step}.</b> {item.label}
        </span>{' '}
        <Status {...MARK[item.mark]} text={t.marks[item.mark]} />
      </p>
      <p>
        {t.yours} {item.yours === '' ? <i>{t.none}</i> : <span lang="en">{item.yours}</span>}
      </p>
      {item.review === null ? null : <Review review={item.review} />}
      {item.solution === null ? null : (
        <details {...(item.mark === 'right' ? {} : { open: true })}>
          <summary>
            <span class="when-closed">{t.seeAnswers}</span>
            <span class="when-open">{t.hideAnswers}</span>
          </summary>
          <p>
            {item.solution.isSample ? t.sample : t.right} <strong lang="en">{item.solution.right}</strong>
          </p>
          <p class="soft" lang="es">
            {item.solution.explanation}
          </p>
        </details>
      )}
    </li>
  )
}

/** How a text was marked. */
function Review({ review }: { review: NonNullable<ResultItem['review']> }) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <div>
      <p class="soft">{t.reviewed[review.by]}</p>
      <ul class="activity-points">
        {review.points.map(({ text, mark }) => (
          <li>
            <Status {...MARK[mark]} text={t.marks[mark]} /> <span lang="es">{text}</span>
          </li>
        ))}
      </ul>
      {review.comment === '' ? null : <blockquote class="activity-content">{review.comment}</blockquote>}
    </div>
  )
}
