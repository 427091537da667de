import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useLocale, useText } from '../../ui/language.ts'
import { Markdown } from '../../ui/markdown.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type ActivityHead, pointsText, type Score } from './view.ts'

export type IntroView = {
  activity: ActivityHead
  /** 0: the teacher's own text, which is shown here. */
  steps: number
  content: string
  state: 'new' | 'begun' | 'done'
  /** The best one. */
  score: Score | null
}

/** `/actividad/{id}`: what it is about, and the way in. */
export function IntroPage({ chrome, activity, ...view }: IntroView & { chrome: Chrome }) {
  const t = useText({ es, en }).ACTIVITY
  const locale = useLocale()
  const title = t.pageTitle(activity.title)
  return (
    <Document chrome={chrome} title={title}>
      <header class="page-head">
        <h1 class="clip">{title}</h1>
        <p class="soft">{t.madeBy[activity.generator]}</p>
      </header>
      <dl class="activity-about">
        <dt>{t.instructions}</dt>
        <dd>{view.steps > 0 ? t.instructionsText(view.steps) : t.manualHint}</dd>
        <dt>{t.description}</dt>
        <dd class="clip">{activity.description === '' ? t.noDescription : activity.description}</dd>
        <dt>{t.difficulty}</dt>
        <dd>{t.difficulties[activity.difficulty]}</dd>
        <dt>{t.type}</dt>
        <dd>{t.types[activity.type]}</dd>
        {/* Nobody told the level of the teacher's own: what is kept is that of its reader. */}
        {activity.generator === 'manual' ? null : (
          <>
            <dt>{t.level}</dt>
            <dd>{activity.level}</dd>
          </>
        )}
      </dl>
      {view.score === null ? null : (
        <p class="marked-line">{t.best(pointsText(view.score.points, locale), view.score.of, view.score.waiting)}</p>
      )}
      {view.content === '' ? null : (
        <section class="panel activity-own">
          <Markdown text={view.content} />
        </section>
      )}
      <Actions activity={activity} {...view} />
      <a class="back-link" href="/inicio/mis-actividades">
        <Icon name="left" />
        {t.backToList}
      </a>
    </Document>
  )
}

function Actions({ activity, steps, state }: Pick<IntroView, 'activity' | 'steps' | 'state'>) {
  const t = useText({ es, en }).ACTIVITY
  const href = `/actividad/${activity.id}`
  const result = (
    <a class="btn btn-quiet" href={`${href}/resultado`}>
      {t.seeResult}
    </a>
  )
  if (steps === 0) {
    return (
      <div class="actions">
        {state === 'done' ? (
          result
        ) : (
          <form method="post" action={`${href}/enviar`} data-once>
            <button type="submit" class="btn btn-primary">
              {t.markDone}
            </button>
          </form>
        )}
      </div>
    )
  }
  return (
    <div class="actions">
      <a class={state === 'done' ? 'btn btn-quiet' : 'btn btn-primary'} href={`${href}/resolver`}>
        {state === 'new' ? t.begin : state === 'begun' ? t.goOn : t.again}
      </a>
      {state === 'done' ? result : null}
    </div>
  )
}
