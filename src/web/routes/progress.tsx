import type { Hono } from 'hono'
import { answerReview } from '../../features/activity/memory/commands.ts'
import { objectiveIdeas, progressOf, reviewedToday, reviewStanding, topicTitle } from '../../features/activity/memory/queries.ts'
import { openItem } from '../../features/activity/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import { textIn } from '../../kernel/locale.ts'
import { ProgressPage } from '../pages/progress/progress.tsx'
import { FeedbackPage, QuestionPage, ReviewedPage } from '../pages/progress/review.tsx'
import * as en from '../pages/progress/text.en.ts'
import * as es from '../pages/progress/text.es.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { answerOf, answerText, labelOf, rightText, typedIn } from './answers.ts'
import { viewerOf } from './guard.ts'

const TOPICS_SHOWN = 12

/** The daily review of what was missed, and how far a person has come. */
export function mountProgress(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/repaso', (c) => showReview(c, site))
  app.post('/inicio/repaso', (c) => answer(c, site))
  app.get('/inicio/progreso', (c) => showProgress(c, site))
}

async function showReview(c: AppContext, site: SiteOptions): Promise<Response> {
  const answered = c.req.query('hecha') ?? ''
  return isUuid(answered) ? showFeedback(c, site, answered) : showQuestion(c, site, null)
}

async function showQuestion(
  c: AppContext,
  site: SiteOptions,
  refused: { cardId: string; typed: readonly string[] } | null,
): Promise<Response> {
  const { next, done, total, nextDueAt } = await reviewStanding(c.get('deps'), viewerOf(c).id)
  const chrome = await chromeOf(c, site)
  if (!next) return render(c, <ReviewedPage chrome={chrome} done={done} nextDueAt={nextDueAt} />)
  const wrong = refused?.cardId === next.cardId ? refused : null
  return render(
    c,
    <QuestionPage
      chrome={chrome}
      cardId={next.cardId}
      position={done + 1}
      total={total}
      reading={next.reading}
      item={openItem(next.item)}
      answer={wrong?.typed ?? []}
      error={wrong ? textIn(c.get('locale'), { es, en }).REVIEW.badAnswer : null}
    />,
    wrong ? 400 : 200,
  )
}

async function showFeedback(c: AppContext, site: SiteOptions, cardId: string): Promise<Response> {
  const deps = c.get('deps')
  const reviewed = await reviewedToday(deps, viewerOf(c).id, cardId)
  if (!reviewed) return showQuestion(c, site, null)
  const { done, total } = await reviewStanding(deps, viewerOf(c).id)
  const { item, credit } = reviewed
  return render(
    c,
    <FeedbackPage
      chrome={await chromeOf(c, site)}
      position={done}
      total={total}
      prompt={labelOf(item)}
      mark={credit >= 1 ? 'right' : credit > 0 ? 'partly' : 'wrong'}
      yours={answerText(item, reviewed.answer)}
      right={rightText(item)}
      explanation={item.explanation}
      comesBackAt={reviewed.dueAt}
    />,
  )
}

async function answer(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const form = await readForm(c)
  const cardId = field(form, 'tarjeta')
  const { next } = await reviewStanding(deps, viewerOf(c).id)
  // Answered before, in another window or by a second click: what came of it.
  if (next?.cardId !== cardId) return isUuid(cardId) ? c.redirect(`/inicio/repaso?hecha=${cardId}`, 303) : errorPage(c, site, 404)
  const typed = typedIn(form)
  const answered = await answerReview(deps, viewerOf(c).id, cardId, answerOf(next.item, typed))
  if (answered.ok) return c.redirect(`/inicio/repaso?hecha=${cardId}`, 303)
  return answered.reason === 'bad-answers' ? showQuestion(c, site, { cardId, typed }) : errorPage(c, site, 404)
}

async function showProgress(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const [progress, ideas, standing] = await Promise.all([
    progressOf(deps, viewer.id),
    objectiveIdeas(deps, viewer.id),
    reviewStanding(deps, viewer.id),
  ])
  return render(
    c,
    <ProgressPage
      chrome={await chromeOf(c, site)}
      streak={progress.streak}
      bestStreak={progress.bestStreak}
      due={standing.total - standing.done}
      rest={standing.done > 0 ? 'done' : standing.nextDueAt === null ? 'none' : 'later'}
      level={progress.level}
      topics={progress.topics.slice(0, TOPICS_SHOWN).map(({ topic, ...line }) => ({ title: topicTitle(topic), ...line }))}
      ideas={ideas}
    />,
  )
}
