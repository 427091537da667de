import { formatMoney } from '../../../kernel/money.ts'
import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Fact } from '../../ui/fact.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { OpenBookings, Rejection } from '../../ui/open-bookings.tsx'
import { peopleWords } from '../../ui/people.ts'
import { Ticket } from '../../ui/ticket.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { Alternatives } from '../booking/alternatives.tsx'
import { bookingHref, checkHref } from '../booking/view.ts'
import { PayForm } from './pay-form.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type CheckView, draftOf, type Selection } from './view.ts'

/** Checking a booking before it is paid. `data-fresh`: seen again later, the page asks the server what holds now. */
export function CheckPage({ chrome, ...view }: CheckView & { chrome: Chrome }) {
  const { CHECKOUT } = useSharedText()
  const t = useText({ es, en }).CHECK
  const { selection } = view
  return (
    <Document chrome={chrome} title={CHECKOUT.title}>
      <header class="page-head" data-fresh data-follow>
        <h1>{CHECKOUT.title}</h1>
        {selection ? <p class="soft">{t.lead}</p> : null}
      </header>
      <Trouble view={view} />
      {view.error === null && view.hold?.rejection ? (
        <Notice kind="error">
          <Rejection detail={view.hold.rejection} />
        </Notice>
      ) : null}
      {selection ? (
        <>
          {view.alternatives ? (
            <Notice kind="error">
              <Alternatives slots={view.alternatives} hrefOf={(slot) => checkHref(draftOf({ ...selection, start: slot.start }))} />
            </Notice>
          ) : null}
          {view.blocked === 'mine' ? (
            <Notice kind="info">
              <strong>{t.mine.title}</strong>
              <p>
                {t.mine.text} <a href="/inicio/mis-clases-virtuales">{t.mine.link}</a>
              </p>
            </Notice>
          ) : null}
          {view.waiting ? <OpenBookings bookings={[view.waiting]} now={chrome.now} /> : null}
          <Check view={view} selection={selection} now={chrome.now} />
        </>
      ) : (
        <>
          <OpenBookings bookings={view.others} now={chrome.now} />
          <NoSelection another={view.others.length > 0} />
        </>
      )}
    </Document>
  )
}

/** What went wrong, and what it means for the slot and for everything that was kept before. */
function Trouble({ view }: { view: CheckView }) {
  const t = useText({ es, en }).CHECK
  const { longDate } = useDates()
  const after = { kept: t.stillKept, 'not-kept': t.unkept, 'too-many': t.tooMany }
  const lost = view.lost.map(({ start }) => t.lost(`${longDate(start)}, ${wallTime(start)}`))
  if (view.error !== null || lost.length > 0)
    return (
      <Notice kind="error">
        {view.error === null ? null : <strong>{view.error}</strong>}
        {view.aftermath === null ? null : <p>{after[view.aftermath]}</p>}
        {lost.map((words) => (
          <p>{words}</p>
        ))}
      </Notice>
    )
  if (!view.ended || (view.blocked !== null && view.blocked !== 'taken')) return null
  return (
    <Notice kind="info">
      {t.ended} {view.blocked === null ? t.endedAgain : null}
    </Notice>
  )
}

function Check({ view, selection, now }: { view: CheckView; selection: Selection; now: Date }) {
  const { CLASS_TYPE } = useSharedText()
  const t = useText({ es, en }).CHECK
  const { date, longDate } = useDates()
  const locale = useLocale()
  const blocked = view.blocked !== null
  return (
    <>
      <Ticket
        startsAt={selection.start}
        label={t.ticket(longDate(selection.start))}
        muted={blocked}
        stub={
          <>
            <p class="pay-total">
              <span class="soft">{t.price}</span>
              <b>{formatMoney(selection.total)}</b>
              <span class="soft">
                {selection.type === 'grupal' ? t.perPerson(formatMoney(selection.total / selection.people)) : t.finalPrice}
              </span>
            </p>
            {blocked ? null : <PayForm view={view} selection={selection} now={now} />}
          </>
        }
      >
        <dl class="facts">
          {selection.teacher === undefined ? null : (
            <Fact name={t.teacher}>{view.hold?.teacher ?? selection.teacher?.name ?? <span class="soft">{t.anyTeacher}</span>}</Fact>
          )}
          <Fact name={t.type}>{CLASS_TYPE[selection.type]}</Fact>
          <Fact name={t.people}>{peopleWords(selection.people, locale)}</Fact>
          <Fact name={t.date}>{date(selection.start)}</Fact>
          <Fact name={t.time}>
            <span class="tabular whitespace-nowrap">{t.range(wallTime(selection.start), wallTime(selection.end))}</span>
            <LocalTime class="fact-local soft" instant={selection.start} />
          </Fact>
          <Fact name={t.topic} wide>
            {selection.text === '' ? <span class="soft">{t.noTopic}</span> : selection.text}
          </Fact>
        </dl>
      </Ticket>
      {blocked ? null : <CancelRule view={view} />}
      <p>
        <a class="back-link" href={bookingHref(draftOf(blocked ? { ...selection, start: null } : selection))}>
          <Icon name="left" />
          {blocked ? t.chooseOther : t.change}
        </a>
      </p>
    </>
  )
}

/** The rule in one sentence, with the one that holds for this hour. */
function CancelRule({ view }: { view: CheckView }) {
  const { MY_CLASSES } = useSharedText()
  const t = useText({ es, en }).CHECK
  if (!view.isRefundable) {
    return (
      <p class="measure">
        <strong>{MY_CLASSES.refund.wouldBeNone(view.refundUntilHours)}</strong>
      </p>
    )
  }
  return (
    <p class="measure soft">
      {t.refund(view.refundUntilHours)}
      {view.rescheduleUntilHours === null ? '' : t.move(view.rescheduleUntilHours)}.
    </p>
  )
}

function NoSelection({ another }: { another: boolean }) {
  const t = useText({ es, en }).CHECK
  return (
    <Empty title={another ? t.another : t.nothing}>
      <p class="soft">{t.nothingHint}</p>
      <a class="btn btn-primary" href="/inicio/reservas">
        {t.goBook}
      </a>
    </Empty>
  )
}
