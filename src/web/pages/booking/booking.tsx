import { HOUR_MS, plus } from '../../../kernel/clock.ts'
import { addDays, type WallDate } from '../../../kernel/zoned-time.ts'
import { BOOKING } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { spokenMoment, weekTitle } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { OpenBookings } from '../../ui/open-bookings.tsx'
import { Alternatives } from './alternatives.tsx'
import { Details } from './details.tsx'
import { type BookingView, bookingHref, type Day, type Draft } from './view.ts'
import { DayStrip, Legend, visibleDays, Week } from './week.tsx'

export function BookingPage({ chrome, ...view }: BookingView & { chrome: Chrome }) {
  const days = visibleDays(view.days)
  const anyFree = days.some((day) => day.slots.some((slot) => slot.state === 'free'))
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
          <Alternatives slots={view.alternatives} hrefOf={(slot) => bookingHref({ ...view.draft, start: slot.start })} />
        </Notice>
      ) : null}
      <form class="booking" method="get" action="/inicio/pre-compra" data-booking data-from={days[0]?.date} data-to={days.at(-1)?.date}>
        <section class="booking-week" aria-labelledby="semana">
          <WeekHead view={view} days={days} now={chrome.now} />
          <DayStrip days={days} today={view.today} chosen={view.chosenDay} draft={view.draft} />
          <Week
            days={days}
            today={view.today}
            chosen={view.chosenDay}
            selected={view.draft.start}
            lateUntil={plus(chrome.now, view.refundUntilHours * HOUR_MS)}
          />
          {anyFree ? <p class="day-empty">No quedan horarios para este día. Probá con otro.</p> : null}
          {anyFree || view.calendarUnreadable ? null : <EmptyWeek view={view} now={chrome.now} />}
          <Legend />
        </section>
        <Details view={view} />
      </form>
    </Document>
  )
}

function WeekHead({ view, days, now }: { view: BookingView; days: readonly Day[]; now: Date }) {
  const first = days[0]?.date ?? view.today
  const last = days.at(-1)?.date ?? addDays(first, 6)
  return (
    <div class="week-head">
      <div>
        <h2 id="semana">{weekTitle(first, last)}</h2>
        <p class="week-facts">
          <span class="zone soft">
            <Icon name="clock" />
            {BOOKING.zone}
          </span>
          {view.nextFree ? (
            <a href={bookingHref({ ...view.draft, start: view.nextFree.start })}>
              Próximo turno libre: {spokenMoment(view.nextFree.start, now)}
            </a>
          ) : null}
        </p>
      </div>
      <nav class="week-nav" aria-label="Semanas">
        <WeekLink label="Anterior" to={view.previousWeek} draft={view.draft} />
        <WeekLink label="Siguiente" to={view.nextWeek} draft={view.draft} />
      </nav>
    </div>
  )
}

function WeekLink({ label, to, draft }: { label: 'Anterior' | 'Siguiente'; to: WallDate | null; draft: Draft }) {
  const words = (
    <>
      {label === 'Anterior' ? <Icon name="left" /> : null}
      <span class="week-nav-word">{label}</span>
      {label === 'Siguiente' ? <Icon name="right" /> : null}
    </>
  )
  if (to === null) {
    return (
      <span class="btn btn-quiet btn-off" aria-hidden="true">
        {words}
      </span>
    )
  }
  return (
    <a class="btn btn-quiet" href={weekHref(to, draft)} data-keep-draft aria-label={`Semana ${label.toLowerCase()}`}>
      {words}
    </a>
  )
}

function EmptyWeek({ view, now }: { view: BookingView; now: Date }) {
  return (
    <p class="week-empty">
      No quedan horarios libres esta semana.{' '}
      {view.nextFree ? (
        <a href={bookingHref({ ...view.draft, start: view.nextFree.start })}>Ver el próximo: {spokenMoment(view.nextFree.start, now)}</a>
      ) : (
        'Volvé a mirar mañana: cada día se abre uno nuevo.'
      )}
    </p>
  )
}

function weekHref(first: WallDate, draft: Draft): string {
  const kept = bookingHref({ ...draft, start: null })
  return `${kept}${kept.includes('?') ? '&' : '?'}semana=${first}`
}
