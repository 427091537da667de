import { CEFR_LEVELS } from '../../../features/activity/exercise.ts'
import type { LevelEstimate } from '../../../features/activity/memory/progress.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useText } from '../../ui/language.ts'
import { bookingHref, EMPTY_DRAFT } from '../booking/view.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

export type TopicLine = { title: string; mastery: number; answers: number }

/** View of `/inicio/progreso`. */
export type ProgressView = {
  streak: number
  /** The longest one so far. */
  bestStreak: number
  /** Items that wait for today's review. */
  due: number
  /** Where nothing waits: today's is done, what there is comes back later, or there is nothing yet. */
  rest: 'done' | 'later' | 'none'
  level: LevelEstimate
  /** The weakest first. */
  topics: readonly TopicLine[]
  /** Objectives to propose for the next class. */
  ideas: readonly string[]
}

export function ProgressPage({ chrome, ...view }: ProgressView & { chrome: Chrome }) {
  const { PROGRESS: t, REVIEW: review } = useText({ es, en })
  return (
    <Document chrome={chrome} title={t.title}>
      <header class="page-head">
        <h1>{t.title}</h1>
      </header>
      <div class="progress-page">
        <section class="panel" aria-labelledby="racha">
          <h2 id="racha">{t.streak}</h2>
          <p class="progress-number">
            {view.streak > 0 ? t.days(view.streak) : view.bestStreak > 0 ? t.streakEnded(view.bestStreak) : t.noStreak}
          </p>
          <p class="soft measure">{t.streakHint}</p>
          {view.due === 0 ? (
            <p class="soft">{view.rest === 'done' ? t.reviewDone : view.rest === 'later' ? review.nothing : review.nothingYet}</p>
          ) : (
            <p>
              <a class="btn btn-primary" href="/inicio/repaso">
                {t.toReview(view.due)}
              </a>
            </p>
          )}
        </section>
        <Level level={view.level} />
        <Topics topics={view.topics} />
        {view.ideas.length === 0 ? null : (
          <section class="panel" aria-labelledby="proxima">
            <h2 id="proxima">{t.propose}</h2>
            <p class="soft measure">{t.proposeHint}</p>
            <ul class="progress-ideas" lang="es">
              {view.ideas.map((idea) => (
                <li>
                  <a class="btn btn-quiet" href={bookingHref({ ...EMPTY_DRAFT, text: idea })}>
                    {idea}
                  </a>
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Document>
  )
}

const SCALE = { width: 400, height: 64, left: 24, step: 88, y: 22 }

/** The scale with the likely place and the band around it; the same as a table for whoever does not see it. */
function Level({ level }: { level: LevelEstimate }) {
  const t = useText({ es, en }).PROGRESS
  const { left, step, y, width, height } = SCALE
  const last = CEFR_LEVELS.length - 1
  const x = (place: number) => left + place * step
  return (
    <section class="panel" aria-labelledby="nivel">
      <h2 id="nivel">{t.level}</h2>
      <p class="progress-number">{t.levelIs(level.level, level.from, level.to)}</p>
      <svg class="progress-scale" viewBox={`0 0 ${width} ${height}`} aria-hidden="true" focusable="false">
        <line class="scale-line" x1={x(0)} x2={x(last)} y1={y} y2={y} />
        <line class="scale-band" x1={x(level.band.from)} x2={x(level.band.to)} y1={y} y2={y} />
        <circle class="scale-place" cx={x(level.at)} cy={y} r="9" />
        {CEFR_LEVELS.map((name, index) => (
          <text class="scale-name" x={x(index)} y={height - 8} text-anchor="middle">
            {name}
          </text>
        ))}
      </svg>
      <div class="sr-only">
        <table>
          <caption>{t.levelTable}</caption>
          <tbody>
            <tr>
              <th scope="row">{t.levelRows.level}</th>
              <td>{level.level}</td>
            </tr>
            <tr>
              <th scope="row">{t.levelRows.band}</th>
              <td>{t.levelBand(level.from, level.to)}</td>
            </tr>
          </tbody>
        </table>
      </div>
      <p class="soft measure">{t.levelHow(level.answers)}</p>
    </section>
  )
}

const BAR = { width: 100, height: 10 }

/** One bar for each topic, and the same as a table. */
function Topics({ topics }: { topics: readonly TopicLine[] }) {
  const t = useText({ es, en }).PROGRESS
  return (
    <section class="panel" aria-labelledby="temas">
      <h2 id="temas">{t.topics}</h2>
      {topics.length === 0 ? (
        <p class="soft">{t.topicsEmpty}</p>
      ) : (
        <>
          <p class="soft measure">{t.topicsHint}</p>
          <ul class="progress-topics" aria-hidden="true">
            {topics.map((topic) => (
              <li>
                <span class="clip" lang="es">
                  {topic.title}
                </span>
                <svg class="progress-bar" viewBox={`0 0 ${BAR.width} ${BAR.height}`} preserveAspectRatio="none" focusable="false">
                  <rect class="bar-whole" width={BAR.width} height={BAR.height} rx="2" />
                  <rect class="bar-part" width={Math.round(topic.mastery * BAR.width)} height={BAR.height} rx="2" />
                </svg>
                <span class="tabular soft">{percent(topic.mastery)}</span>
              </li>
            ))}
          </ul>
          <div class="sr-only">
            <table>
              <caption>{t.topics}</caption>
              <thead>
                <tr>
                  <th scope="col">{t.columns.topic}</th>
                  <th scope="col">{t.columns.mastery}</th>
                  <th scope="col">{t.columns.answers}</th>
                </tr>
              </thead>
              <tbody>
                {topics.map((topic) => (
                  <tr>
                    <th scope="row" lang="es">
                      {topic.title}
                    </th>
                    <td>{percent(topic.mastery)}</td>
                    <td>{t.answers(topic.answers)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
