import { HOUR_MS, plus } from '../../../kernel/clock.ts'
import type { WallDate } from '../../../kernel/zoned-time.ts'
import { BOOKING } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OpenBookings } from '../../ui/open-bookings.tsx'
import { Alternatives } from './alternatives.tsx'
import { Details } from './details.tsx'
import { type BookingView, bookingHref, type Draft } from './view.ts'
import { visibleDays } from './week.tsx'
import { type WeekLinks, WeekPicker } from './week-picker.tsx'

export function BookingPage({ chrome, ...view }: BookingView & { chrome: Chrome }) {
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
          Elegí cuándo querés <mark>hablar inglés</mark>. Son {view.slotMinutes} minutos por Google Meet.
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
      <form class="booking" method="get" action="/inicio/pre-compra" data-booking data-from={days[0]?.date} data-to={days.at(-1)?.date}>
        <WeekPicker
          week={view}
          selected={view.draft.start}
          now={chrome.now}
          links={links}
          ownWord={BOOKING.mine}
          lateUntil={plus(chrome.now, view.refundUntilHours * HOUR_MS)}
        />
        <Details view={view} />
      </form>
    </Document>
  )
}

function weekHref(first: WallDate, draft: Draft): string {
  const kept = bookingHref({ ...draft, start: null })
  return `${kept}${kept.includes('?') ? '&' : '?'}semana=${first}`
}
