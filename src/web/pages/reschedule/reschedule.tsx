import { HOUR_MS, plus } from '../../../kernel/clock.ts'
import { wallDate } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { withTeacher } from '../../ui/class-card.ts'
import { capitalize } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { Alternatives } from '../booking/alternatives.tsx'
import * as bookingEn from '../booking/text.en.ts'
import * as bookingEs from '../booking/text.es.ts'
import { visibleDays } from '../booking/week.tsx'
import { JumpForm, type WeekLinks, WeekPicker } from '../booking/week-picker.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type RescheduleView, rescheduleHref } from './view.ts'

/** Moving a class: where it stands, what moving it means, the free slots, and one button. Works as a plain form. */
export function ReschedulePage({ chrome, ...view }: RescheduleView & { chrome: Chrome }) {
  const { current, path, week } = view
  const { BOOKING, CLASS_TYPE } = useSharedText()
  const t = useText({ es, en }).RESCHEDULE
  const { longDate, timeRange } = useDates()
  const locale = useLocale()
  const days = visibleDays(week.days)
  // A refund that is lost anyway is told above, whatever is chosen; the admin's moves never touch it.
  const keepsRefund = view.actor === 'host' && view.refund === 'kept'
  const links: WeekLinks = {
    week: (semana) => rescheduleHref(path, { semana }),
    day: (dia) => rescheduleHref(path, { dia, start: view.selected }),
    slot: (start) => rescheduleHref(path, { dia: wallDate(start), start }),
  }
  return (
    <Document chrome={chrome} title={t.title} wide>
      <header class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">
          {withTeacher(CLASS_TYPE[current.type], current.teacherName, locale)}
          {view.actor === 'admin' ? t.now.with(current.hostName) : ''}
          {t.now.on}
          <strong>{longDate(current.startsAt)}</strong>
          {t.now.from}
          <span class="whitespace-nowrap">{timeRange(current.startsAt, current.endsAt)}</span>.
        </p>
      </header>
      {view.error === null ? null : <Notice kind="error">{view.error}</Notice>}
      {week.calendarUnreadable ? <Notice kind="error">{BOOKING.calendarUnreadable}</Notice> : null}
      {week.alternatives ? (
        <Notice kind="error">
          <Alternatives slots={week.alternatives} hrefOf={(slot) => links.slot(slot.start)} />
        </Notice>
      ) : null}
      <Policy view={view} />
      <form
        class="booking"
        method="post"
        action={path}
        data-booking
        data-once
        data-from={days[0]?.date}
        data-to={days.at(-1)?.date}
        {...(view.teacherId === undefined ? {} : { 'data-teacher': view.teacherId })}
      >
        <WeekPicker
          week={week}
          selected={view.selected}
          now={chrome.now}
          links={links}
          ownWord={BOOKING.current}
          lateUntil={keepsRefund ? plus(chrome.now, view.refundUntilHours * HOUR_MS) : null}
          monthHref={null}
        />
        <Choice view={view} />
      </form>
      <JumpForm action={path} kept={[]} />
      <p>
        <a class="back-link" href={view.backHref}>
          <Icon name="left" />
          {t.leave}
        </a>
      </p>
    </Document>
  )
}

/** What moving the class means, read before anything is clicked. */
function Policy({ view }: { view: RescheduleView }) {
  const t = useText({ es, en }).RESCHEDULE.policy
  return (
    <section class="panel move-policy" aria-labelledby="reglas-titulo">
      <h2 id="reglas-titulo">{t.title}</h2>
      <ul id="reglas">
        {view.actor === 'host' ? <HostRules view={view} /> : <AdminRules />}
        {view.current.type === 'grupal' ? (
          <>
            <li>{t.same}</li>
            <li>{t.code}</li>
          </>
        ) : (
          <li>{t.sameAlone}</li>
        )}
      </ul>
    </section>
  )
}

function HostRules({ view }: { view: RescheduleView }) {
  const t = useText({ es, en }).RESCHEDULE.policy
  const { movesLeft, untilHours, refundUntilHours } = view
  return (
    <>
      <li>{t.movesLeft(movesLeft, untilHours)}</li>
      <li>
        {view.refund === 'kept' ? (
          t.refundKept(refundUntilHours)
        ) : (
          <strong>{view.refund === 'lapses' ? t.refundLapses(refundUntilHours) : t.refundLapsed}</strong>
        )}
      </li>
    </>
  )
}

function AdminRules() {
  const t = useText({ es, en }).RESCHEDULE.policy
  return (
    <>
      <li>{t.told}</li>
      <li>{t.notCounted}</li>
    </>
  )
}

/** What was chosen, and the button. The script keeps both up with the radios; without it the page shows what the address names. */
function Choice({ view }: { view: RescheduleView }) {
  const { current, selected } = view
  const t = useText({ es, en }).RESCHEDULE
  const choice = useText({ es: bookingEs, en: bookingEn }).CHOICE
  const { longDate, timeRange, shortMoment } = useDates()
  const slot = view.week.days.flatMap((day) => day.slots).find((candidate) => candidate.start.getTime() === selected?.getTime())
  const chosen = slot?.state === 'free' ? slot : undefined
  return (
    <div class="details">
      <section class="details-fields" id="detalles" aria-labelledby="detalles-titulo">
        <h2 id="detalles-titulo">{t.change.title}</h2>
        <dl class="chosen">
          <div>
            <dt>{t.change.from}</dt>
            <dd class="move-from">{capitalize(shortMoment(current.startsAt))}</dd>
          </div>
          <div>
            <dt>{t.change.to}</dt>
            <dd data-out="date">{chosen ? capitalize(longDate(chosen.start)) : choice.choose}</dd>
          </div>
          <div>
            <dt>{choice.time}</dt>
            <dd>
              <span data-out="range">{chosen ? timeRange(chosen.start, chosen.end) : choice.none}</span>
              <span class="chosen-local soft" data-out="local" hidden />
            </dd>
          </div>
        </dl>
        <p class="refund-rule" role="status">
          <strong class="rule-late">{view.actor === 'host' ? t.policy.slotTooSoon(view.refundUntilHours) : null}</strong>
        </p>
      </section>
      <div class="booking-bar">
        <div class="booking-total move-total" role="status">
          <span class="booking-moment">{t.change.time}</span>
          <b data-out="short" hidden={!chosen}>
            {chosen ? shortMoment(chosen.start) : ''}
          </b>
        </div>
        <button type="submit" class="btn btn-primary" data-submit data-move aria-describedby="reglas">
          {t.submit}
        </button>
        <p class="booking-missing soft" data-missing hidden />
      </div>
    </div>
  )
}
