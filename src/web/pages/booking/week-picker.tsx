import { addDays, type WallDate } from '../../../kernel/zoned-time.ts'
import { BOOKING } from '../../text.es.ts'
import { spokenMoment, weekTitle } from '../../ui/dates.ts'
import { Icon } from '../../ui/icons.tsx'
import type { WeekView } from './view.ts'
import { DayStrip, Legend, visibleDays, Week } from './week.tsx'

/** Addresses of the same page with another week or day shown, or with a slot chosen. */
export type WeekLinks = { week: (first: WallDate) => string; day: (date: WallDate) => string; slot: (start: Date) => string }

type HeadProps = { week: WeekView; now: Date; links: WeekLinks }
type Props = HeadProps & {
  selected: Date | null
  /** What the visitor's own slots are called here. */
  ownWord: string
  /** A class that starts before this instant is not refunded when it is cancelled; null: the page says it itself. */
  lateUntil: Date | null
}

/** The slots of a week to choose one from, as radio buttons named `start`; belongs inside the form that sends them. */
export function WeekPicker({ week, selected, now, links, ownWord, lateUntil }: Props) {
  const days = visibleDays(week.days)
  const anyFree = days.some((day) => day.slots.some((slot) => slot.state === 'free'))
  return (
    <section class="booking-week" aria-labelledby="semana">
      <WeekHead week={week} now={now} links={links} />
      <DayStrip days={days} today={week.today} chosen={week.chosenDay} hrefOf={links.day} />
      <Week days={days} today={week.today} chosen={week.chosenDay} selected={selected} lateUntil={lateUntil} />
      {anyFree ? <p class="day-empty">No quedan horarios para este día. Probá con otro.</p> : null}
      {anyFree || week.calendarUnreadable ? null : <EmptyWeek week={week} now={now} links={links} />}
      <Legend ownWord={ownWord} />
    </section>
  )
}

function WeekHead({ week, now, links }: HeadProps) {
  const days = visibleDays(week.days)
  const first = days[0]?.date ?? week.today
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
          {week.nextFree ? (
            <a href={links.slot(week.nextFree.start)}>Próximo turno libre: {spokenMoment(week.nextFree.start, now)}</a>
          ) : null}
        </p>
      </div>
      <nav class="week-nav" aria-label="Semanas">
        <WeekLink label="Anterior" href={week.previousWeek === null ? null : links.week(week.previousWeek)} />
        <WeekLink label="Siguiente" href={week.nextWeek === null ? null : links.week(week.nextWeek)} />
      </nav>
    </div>
  )
}

function WeekLink({ label, href }: { label: 'Anterior' | 'Siguiente'; href: string | null }) {
  const words = (
    <>
      {label === 'Anterior' ? <Icon name="left" /> : null}
      <span class="week-nav-word">{label}</span>
      {label === 'Siguiente' ? <Icon name="right" /> : null}
    </>
  )
  if (href === null) {
    return (
      <span class="btn btn-quiet btn-off" aria-hidden="true">
        {words}
      </span>
    )
  }
  return (
    <a class="btn btn-quiet" href={href} data-keep-draft aria-label={`Semana ${label.toLowerCase()}`}>
      {words}
    </a>
  )
}

function EmptyWeek({ week, now, links }: HeadProps) {
  return (
    <p class="week-empty">
      No quedan horarios libres esta semana.{' '}
      {week.nextFree ? (
        <a href={links.slot(week.nextFree.start)}>Ver el próximo: {spokenMoment(week.nextFree.start, now)}</a>
      ) : (
        'Volvé a mirar mañana: cada día se abre uno nuevo.'
      )}
    </p>
  )
}
