import type { OpenItem } from '../../../features/activity/rules.ts'
import { addDays, wallDate } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useDates, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { Status } from '../../ui/status.tsx'
import { ItemFieldset, ReadingText } from '../activity/item-fields.tsx'
import type { AnswerFields, Reading } from '../activity/view.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** One item of today's review, to be answered. */
export type QuestionView = {
  cardId: string
  /** From 1. */
  position: number
  total: number
  reading: Reading | null
  item: OpenItem
  answer: AnswerFields
  error: string | null
}

/** What came of an answer. */
export type FeedbackView = {
  position: number
  total: number
  prompt: string
  mark: 'right' | 'partly' | 'wrong'
  yours: string
  right: string
  explanation: string
  comesBackAt: Date
}

/** Nothing to answer: today's is done, or there never was anything. */
export type ReviewedView = { done: number; nextDueAt: Date | null }

/** `/inicio/repaso`: one item after the other. */
export function QuestionPage({ chrome, ...view }: QuestionView & { chrome: Chrome }) {
  const t = useText({ es, en }).REVIEW
  return (
    <Document chrome={chrome} title={t.position(view.position, view.total)}>
      <Head position={view.position} total={view.total} />
      <ReadingText reading={view.reading} place="later" />
      <form method="post" action="/inicio/repaso" class="activity-item" data-online data-once>
        <input type="hidden" name="tarjeta" value={view.cardId} />
        <ItemFieldset item={view.item} answer={view.answer} error={view.error} />
        <p class="actions">
          <button type="submit" class="btn btn-primary">
            {t.answer}
          </button>
        </p>
      </form>
    </Document>
  )
}

const MARK = {
  right: { tone: 'good', icon: 'check-circle' },
  partly: { tone: 'wait', icon: 'info' },
  wrong: { tone: 'bad', icon: 'cross-circle' },
} as const

/** `/inicio/repaso?hecha=`: what was right, and why. */
export function FeedbackPage({ chrome, ...view }: FeedbackView & { chrome: Chrome }) {
  const t = useText({ es, en }).REVIEW
  const dates = useDates()
  return (
    <Document chrome={chrome} title={t.position(view.position, view.total)}>
      <Head position={view.position} total={view.total} />
      <div class="panel review-feedback">
        <p class="activity-prompt" lang="en">
          {view.prompt}
        </p>
        <p role="status">
          <Status {...MARK[view.mark]} text={t[view.mark]} />
        </p>
        <p>
          {t.yours} {view.yours === '' ? <i>{t.none}</i> : <span lang="en">{view.yours}</span>}
        </p>
        {view.mark === 'right' ? null : (
          <p>
            {t.correct} <strong lang="en">{view.right}</strong>
          </p>
        )}
        <p class="measure" lang="es">
          {view.explanation}
        </p>
        <p class="soft">{t.comesBack(dates.date(view.comesBackAt))}</p>
      </div>
      <p class="actions">
        <a class="btn btn-primary" href="/inicio/repaso">
          {view.position < view.total ? t.next : t.finish}
        </a>
      </p>
    </Document>
  )
}

export function ReviewedPage({ chrome, done, nextDueAt }: ReviewedView & { chrome: Chrome }) {
  const t = useText({ es, en }).REVIEW
  const dates = useDates()
  // Today's are done: what is due already comes back tomorrow.
  const tomorrow = addDays(wallDate(chrome.now), 1)
  const nextWords = (dueAt: Date) => (wallDate(dueAt) <= tomorrow ? t.nextTomorrow : t.nextOn(dates.date(dueAt)))
  return (
    <Document chrome={chrome} title={t.title}>
      <header class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </header>
      <Empty title={done > 0 ? t.allDone : t.nothing}>
        <p class="soft">{nextDueAt === null ? t.nothingYet : nextWords(nextDueAt)}</p>
        <p class="actions">
          <a class="btn btn-quiet" href="/inicio/progreso">
            {t.toProgress}
          </a>
          <a class="btn btn-quiet" href="/inicio/mis-actividades">
            {t.toActivities}
          </a>
        </p>
      </Empty>
    </Document>
  )
}

function Head({ position, total }: { position: number; total: number }) {
  const t = useText({ es, en }).REVIEW
  return (
    <header class="page-head">
      <h1>{t.position(position, total)}</h1>
      <progress class="activity-progress" value={position} max={total} aria-label={t.position(position, total)} />
    </header>
  )
}
