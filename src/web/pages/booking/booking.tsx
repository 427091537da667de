import { HOUR_MS, plus } from '../../../kernel/clock.ts'
import type { WallDate } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { useSharedText, useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { OpenBookings } from '../../ui/open-bookings.tsx'
import { Alternatives } from './alternatives.tsx'
import { Details } from './details.tsx'
import { TeacherChoice, TeacherField } from './teacher-choice.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type BookingView, bookingHref, type Draft, draftFields, monthHref } from './view.ts'
import { visibleDays } from './week.tsx'
import { JumpForm, type WeekLinks, WeekPicker } from './week-picker.tsx'

export function BookingPage({ chrome, ...view }: BookingView & { chrome: Chrome }) {
  const { BOOKING } = useSharedText()
  const { lead } = useText({ es, en }).DETAILS
  const days = visibleDays(view.days)
  const links: WeekLinks = {
    week: (first) => weekHref(first, view.draft),
    day: (date) => bookingHref(view.draft, date),
    slot: (start) => bookingHref({ ...view.draft, start }),
  }
  return (
    <Document chrome={chrome} title={BOOKING.title} wide>
      <header class="page-head booking-head">
        <h1>{BOOKING.title}</h1>
        <p class="lead">
          {lead.before}
          <mark>{lead.marked}</mark>
          {lead.after(view.slotMinutes)}
        </p>
        <p class="soft">{BOOKING.hint}</p>
      </header>
      <OpenBookings bookings={view.open} now={chrome.now} />
      {view.calendarUnreadable ? <Notice kind="error">{BOOKING.calendarUnreadable}</Notice> : null}
      {view.alternatives ? (
        <Notice kind="error">
          <Alternatives slots={view.alternatives} hrefOf={(slot) => links.slot(slot.start)} />
        </Notice>
      ) : null}
      <form
        class="booking"
        method="get"
        action="/inicio/pre-compra"
        data-booking
        data-from={days[0]?.date}
        data-to={days.at(-1)?.date}
        {...(view.draft.teacher ? { 'data-teacher': view.draft.teacher } : {})}
      >
        <TeacherField teacher={view.draft.teacher} />
        <WeekPicker
          week={view}
          selected={view.draft.start}
          now={chrome.now}
          links={links}
          ownWord={BOOKING.mine}
          lateUntil={plus(chrome.now, view.refundUntilHours * HOUR_MS)}
          monthHref={monthHref(view.chosenDay)}
        >
          <TeacherChoice teachers={view.teachers ?? []} draft={view.draft} />
        </WeekPicker>
        <Details view={view} />
      </form>
      <JumpForm action="/inicio/reservas" kept={draftFields({ ...view.draft, start: null })} />
    </Document>
  )
}

function weekHref(first: WallDate, draft: Draft): string {
  const kept = bookingHref({ ...draft, start: null })
  return `${kept}${kept.includes('?') ? '&' : '?'}semana=${first}`
}
