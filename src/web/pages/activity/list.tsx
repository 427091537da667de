import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useDates, useLocale, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { Pages } from '../../ui/pages.tsx'
import { Status } from '../../ui/status.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type ActivityCard, pointsText } from './view.ts'

const STATE = {
  new: { tone: 'wait', icon: 'pen' },
  begun: { tone: 'wait', icon: 'clock' },
  done: { tone: 'good', icon: 'check-circle' },
} as const

/** `/inicio/mis-actividades`. */
export function ActivitiesPage(props: {
  chrome: Chrome
  activities: readonly ActivityCard[]
  page: number
  pagesTotal: number
  toReview: number
}) {
  const t = useText({ es, en }).ACTIVITY
  return (
    <Document chrome={props.chrome} title={t.title}>
      <header class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
        {props.toReview === 0 ? null : (
          <p>
            <a class="action-link" href="/inicio/repaso">
              {t.toReviewToday(props.toReview)}
            </a>
          </p>
        )}
      </header>
      {props.activities.length === 0 ? (
        <Empty title={t.empty}>
          <p class="soft">{t.emptyNext}</p>
          <a class="btn btn-primary" href="/inicio/reservas">
            {t.bookOne}
          </a>
        </Empty>
      ) : (
        <ul class="activity-list">
          {props.activities.map((activity) => (
            <Card activity={activity} />
          ))}
        </ul>
      )}
      <Pages page={props.page} pagesTotal={props.pagesTotal} hrefOf={(page) => `/inicio/mis-actividades?page=${page}`} />
    </Document>
  )
}

function Card({ activity }: { activity: ActivityCard }) {
  const t = useText({ es, en }).ACTIVITY
  const dates = useDates()
  const locale = useLocale()
  const { score } = activity
  return (
    <li class="activity-card panel">
      <h2>
        <a href={`/actividad/${activity.id}`}>{activity.title}</a>
      </h2>
      <p class="activity-facts soft">
        <span>{t.date(dates.date(activity.classStartsAt))}</span>
        <span>{t.participants(activity.participants)}</span>
      </p>
      {activity.preview === '' ? null : <p class="clip">{activity.preview}</p>}
      <p class="activity-facts">
        <Status {...STATE[activity.state]} text={t.state[activity.state]} />
        {score === null ? null : <b class="tabular">{t.score(pointsText(score.points, locale), score.of, score.waiting)}</b>}
      </p>
    </li>
  )
}
