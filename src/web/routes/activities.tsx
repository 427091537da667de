import type { Hono } from 'hono'
import { saveAnswers, solutionOf, submitActivity } from '../../features/activity/commands.ts'
import type { Item } from '../../features/activity/exercise.ts'
import { type Answer, type ItemGrade, pointsOf, toldScore } from '../../features/activity/grade.ts'
import { reviewStanding } from '../../features/activity/memory/queries.ts'
import { type Activity, type ActivityRow, countActivities, ownActivities, ownActivity } from '../../features/activity/queries.ts'
import { readingAt } from '../../features/activity/reading.ts'
import { isAnswered, openItem, SAVES_PER_10_MINUTES, SUBMISSIONS_PER_10_MINUTES, solutionFrom } from '../../features/activity/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { isUuid } from '../../kernel/ids.ts'
import { textIn } from '../../kernel/locale.ts'
import { pageOf } from '../../kernel/paging.ts'
import { IntroPage } from '../pages/activity/intro.tsx'
import { ActivitiesPage } from '../pages/activity/list.tsx'
import { ResultPage } from '../pages/activity/result.tsx'
import { ReviewPage } from '../pages/activity/review.tsx'
import { StepPage } from '../pages/activity/step.tsx'
import * as en from '../pages/activity/text.en.ts'
import * as es from '../pages/activity/text.es.ts'
import type { ActivityCard, ActivityHead, ResultItem } from '../pages/activity/view.ts'
import { chromeOf, errorPage, readForm, render, type SiteOptions } from '../site.tsx'
import { answerOf, answerText, fieldsOf, labelOf, markOf, rightText, typedIn } from './answers.ts'
import { viewerOf } from './guard.ts'

const PAGE_SIZE = 20

/** A person's exercises: the list, one of them, its items one by one, handing in, the result. All of it works without script. */
export function mountActivities(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/mis-actividades', (c) => showList(c, site))
  app.get('/actividad/:id', (c) => withActivity(c, site, showIntro))
  app.get('/actividad/:id/resolver', (c) => withActivity(c, site, showStep))
  app.post('/actividad/:id/resolver', (c) => withActivity(c, site, saveStep))
  app.get('/actividad/:id/revisar', (c) => withActivity(c, site, showReview))
  app.post('/actividad/:id/enviar', (c) => withActivity(c, site, handIn))
  app.get('/actividad/:id/resultado', (c) => withActivity(c, site, showResult))
}

type Show = (c: AppContext, site: SiteOptions, activity: Activity) => Promise<Response> | Response

async function withActivity(c: AppContext, site: SiteOptions, show: Show): Promise<Response> {
  const id = c.req.param('id') ?? ''
  const activity = isUuid(id) ? await ownActivity(c.get('deps').db.handle, viewerOf(c).id, id) : null
  return activity ? show(c, site, activity) : errorPage(c, site, 404)
}

async function showList(c: AppContext, site: SiteOptions): Promise<Response> {
  const { handle } = c.get('deps').db
  const viewer = viewerOf(c)
  const total = await countActivities(handle, viewer.id)
  const { page, pagesTotal, limit, offset } = pageOf(c.req.query('page'), total, PAGE_SIZE)
  const rows = await ownActivities(handle, viewer.id, { limit, offset })
  const chrome = await chromeOf(c, site)
  const review = await reviewStanding(c.get('deps'), viewer.id)
  const shown = { activities: rows.map((row) => cardOf(c, row)), page, pagesTotal, toReview: review.total - review.done }
  return render(c, <ActivitiesPage chrome={chrome} {...shown} />)
}

/** A made exercise has the objective of its class for a description, which is worded in the language of the page. */
function descriptionOf(c: AppContext, { generator, description }: Pick<ActivityRow, 'generator' | 'description'>): string {
  if (generator === 'manual' || description === '') return description
  return textIn(c.get('locale'), { es, en }).ACTIVITY.objective(description)
}

function cardOf(c: AppContext, row: ActivityRow): ActivityCard {
  return {
    id: row.id,
    title: row.title,
    preview: descriptionOf(c, row),
    classStartsAt: row.classStartsAt,
    participants: row.participants,
    state: row.submittedAt ? 'done' : row.startedAt ? 'begun' : 'new',
    score: row.score === null || row.total === null ? null : toldScore(row.score, row.total, row.marks, row.bestMarks),
  }
}

function headOf(c: AppContext, activity: Activity): ActivityHead {
  const { id, title, type, difficulty, level, generator } = activity
  return { id, title, description: descriptionOf(c, activity), type, difficulty, level, generator }
}

const showIntro: Show = async (c, site, activity) => {
  const { work } = activity
  return render(
    c,
    <IntroPage
      chrome={await chromeOf(c, site)}
      activity={headOf(c, activity)}
      steps={activity.exercise?.items.length ?? 0}
      content={activity.content}
      state={work?.submittedAt ? 'done' : work ? 'begun' : 'new'}
      score={
        work?.score == null || work.total === null || work.total === 0
          ? null
          : toldScore(work.score, work.total, work.marks, work.bestMarks)
      }
    />,
  )
}

/** Without a step: the first that is not answered yet, so that one goes on where one left. Work begins with the first answer that is kept. */
const showStep: Show = async (c, site, activity) => {
  const { exercise } = activity
  if (!exercise) return c.redirect(`/actividad/${activity.id}`)
  const asked = Number(c.req.query('paso'))
  const open = exercise.items.findIndex((item) => !isAnswered(activity.work?.answers[item.id]))
  const step = exercise.items[asked - 1] ? asked : open + 1 || 1
  return renderStep(c, site, activity, step, null)
}

async function renderStep(
  c: AppContext,
  site: SiteOptions,
  activity: Activity,
  step: number,
  error: string | null,
  typed?: readonly string[],
) {
  const items = activity.exercise?.items ?? []
  const item = items[step - 1]
  if (!item) return errorPage(c, site, 404)
  return render(
    c,
    <StepPage
      chrome={await chromeOf(c, site)}
      activity={headOf(c, activity)}
      step={step}
      steps={items.length}
      reading={activity.exercise?.reading ?? null}
      readingPlace={readingAt({ items }, step)}
      content={activity.content}
      item={openItem(item)}
      answer={typed ?? fieldsOf(activity.work?.answers[item.id] ?? null)}
      error={error}
    />,
    error === null ? 200 : 400,
  )
}

const saveStep: Show = async (c, site, activity) => {
  if (await limitRate(c, '/api/activities/{id}/answers', SAVES_PER_10_MINUTES)) return errorPage(c, site, 429)
  const form = await readForm(c)
  const step = Number(form?.get('paso'))
  const item = activity.exercise?.items[step - 1]
  if (!item) return errorPage(c, site, 404)
  const typed = typedIn(form)
  const saved = await saveAnswers(c.get('deps'), viewerOf(c).id, activity.id, { [item.id]: answerOf(item, typed) })
  if (!saved.ok && saved.reason === 'bad-answers') {
    return renderStep(c, site, activity, step, textIn(c.get('locale'), { es, en }).ACTIVITY.badAnswers, typed)
  }
  if (!saved.ok) return errorPage(c, site, 404)
  const steps = activity.exercise?.items.length ?? 0
  const base = `/actividad/${activity.id}`
  switch (form?.get('ir')) {
    case 'anterior':
      return c.redirect(`${base}/resolver?paso=${Math.max(1, step - 1)}`, 303)
    case 'salir':
      return c.redirect('/inicio/mis-actividades', 303)
    default:
      return c.redirect(step < steps ? `${base}/resolver?paso=${step + 1}` : `${base}/revisar`, 303)
  }
}

const showReview: Show = async (c, site, activity) => {
  const items = (activity.exercise?.items ?? []).map((item, index) => ({
    step: index + 1,
    label: labelOf(item),
    answered: isAnswered(activity.work?.answers[item.id]),
  }))
  if (items.length === 0) return c.redirect(`/actividad/${activity.id}`)
  return render(c, <ReviewPage chrome={await chromeOf(c, site)} activity={headOf(c, activity)} items={items} />)
}

const handIn: Show = async (c, site, activity) => {
  if (await limitRate(c, '/api/activities/{id}/submit', SUBMISSIONS_PER_10_MINUTES)) return errorPage(c, site, 429)
  const submitted = await submitActivity(c.get('deps'), viewerOf(c).id, activity.id, {})
  return submitted.ok ? c.redirect(`/actividad/${activity.id}/resultado`, 303) : errorPage(c, site, 404)
}

const showResult: Show = async (c, site, activity) => {
  const { work } = activity
  if (!work?.submittedAt) return c.redirect(`/actividad/${activity.id}`)
  const deps = c.get('deps')
  const solution = await solutionOf(deps, viewerOf(c).id, activity.id)
  const marks = new Map(work.marks.map((mark) => [mark.itemId, mark]))
  const items = (activity.exercise?.items ?? []).map((item) =>
    resultItem(item, work.submitted[item.id] ?? null, marks.get(item.id), solution.ok),
  )
  return render(
    c,
    <ResultPage
      chrome={await chromeOf(c, site)}
      activity={headOf(c, activity)}
      score={pointsOf(work.marks)}
      total={items.length}
      best={toldScore(work.score ?? 0, items.length, work.marks, work.bestMarks)}
      waiting={work.marks.filter(({ credit }) => credit === null).length}
      items={items}
      solvedContent={solution.ok && solution.value.solvedContent !== '' ? solution.value.solvedContent : null}
      answersFrom={solution.ok ? null : solutionFrom(work, deps.config.solutionDelayMinutes)}
    />,
  )
}

function resultItem(item: Item, answer: Answer, mark: ItemGrade | undefined, isOpen: boolean): ResultItem {
  return {
    label: labelOf(item),
    mark: markOf(mark?.credit ?? (mark ? null : 0)),
    yours: answerText(item, answer),
    review:
      item.kind === 'writing' && mark?.points
        ? {
            by: mark.by ?? 'teacher',
            points: item.rubric.map((text, index) => ({ text, mark: markOf(mark.points?.[index] ?? 0) })),
            comment: mark.comment ?? '',
          }
        : null,
    solution: isOpen ? { right: rightText(item), isSample: item.kind === 'writing', explanation: item.explanation } : null,
  }
}
