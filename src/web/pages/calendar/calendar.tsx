import { addDays, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { capitalize, noonOf } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { bookingHref, EMPTY_DRAFT, type Slot } from '../booking/view.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { type CalendarView, calendarHref, type MonthDay, OWN_MARKS, type OwnMark, openingRuns, weeksOf } from './view.ts'

/** A Monday, for the names of the weekdays. */
const MONDAY = '2026-11-23'
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const

export function CalendarPage({ chrome, ...view }: CalendarView & { chrome: Chrome }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).CALENDAR
  return (
    <Document chrome={chrome} title={t.title} wide>
      <header class="page-head">
        <h1>{t.title}</h1>
        <p class="lead">{t.lead}</p>
      </header>
      {view.calendarUnreadable ? <Notice kind="error">{BOOKING.calendarUnreadable}</Notice> : null}
      <div class="calendar">
        <section aria-labelledby="mes">
          <MonthHead view={view} />
          <MonthTable view={view} />
          <OwnLegend days={view.days} />
        </section>
        <div class="calendar-side">
          <Opened view={view} />
          <OpeningHours view={view} />
          <HowTo view={view} />
        </div>
      </div>
    </Document>
  )
}

function useMonthTitle(month: string): string {
  const t = useText({ es, en }).CALENDAR
  return t.monthTitle(useDates().month(noonOf(`${month}-01`)), month.slice(0, 4))
}

function MonthHead({ view }: { view: CalendarView }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).CALENDAR
  const title = useMonthTitle(view.month)
  return (
    <div class="week-head">
      <div>
        <h2 id="mes">{capitalize(title)}</h2>
        <p class="week-facts">
          <span class="zone soft">
            <Icon name="clock" />
            {BOOKING.zone}
          </span>
        </p>
      </div>
      <nav class="week-nav" aria-label={t.months}>
        <MonthLink label={t.previous} icon="left" month={view.previousMonth} />
        <MonthLink label={t.next} icon="right" month={view.nextMonth} />
      </nav>
    </div>
  )
}

function MonthLink({ label, icon, month }: { label: string; icon: 'left' | 'right'; month: string | null }) {
  if (month === null) {
    return (
      <span class="btn btn-quiet btn-off" aria-hidden="true">
        <Icon name={icon} />
      </span>
    )
  }
  return (
    <a class="btn btn-quiet" href={calendarHref(month)} aria-label={label}>
      <Icon name={icon} />
    </a>
  )
}

/** How many slots of each day are free: a number, a word and a look. */
function MonthTable({ view }: { view: CalendarView }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).CALENDAR
  const { weekday, weekdayShort } = useDates()
  const title = useMonthTitle(view.month)
  return (
    <table class="month">
      <caption class="sr-only">{t.caption(title, BOOKING.zone)}</caption>
      <thead>
        <tr>
          {WEEKDAYS.map((day) => {
            const noon = noonOf(addDays(MONDAY, day - 1))
            return (
              <th scope="col">
                <span aria-hidden="true">{weekdayShort(noon)}</span>
                <span class="sr-only">{weekday(noon)}</span>
              </th>
            )
          })}
        </tr>
      </thead>
      <tbody>
        {weeksOf(view.days).map((week) => (
          <tr class={week.every((day) => !day || day.state === 'over') ? 'is-over' : ''}>
            {week.map((day) => (
              <td>{day ? <DayCell day={day} view={view} /> : null}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function DayCell({ day, view }: { day: MonthDay; view: CalendarView }) {
  const t = useText({ es, en }).CALENDAR
  const { dayNumber } = useDates()
  const isToday = day.date === view.today
  const looks = `month-day month-${day.state}${isToday ? ' is-today' : ''}`
  const words = (
    <>
      <b>{dayNumber(noonOf(day.date))}</b>
      {isToday ? <span class="sr-only">{t.today}, </span> : null}
      <DayWord day={day} />
      {day.own === null ? null : <OwnMarkOf own={day.own} />}
    </>
  )
  if (day.state !== 'free' && day.state !== 'full' && day.state !== 'closed') return <span class={looks}>{words}</span>
  return (
    <a
      class={looks}
      href={`${calendarHref(view.month, day.date)}#dia`}
      {...(view.opened?.date === day.date ? { 'aria-current': 'date' as const } : {})}
    >
      {words}
      <span class="sr-only">, {t.see}</span>
    </a>
  )
}

const MARK_ICON = { unpaid: 'clock', processing: 'refresh', mine: 'check' } as const

/** In the corner of a day, where a phone has room for a sign only; the legend says what it means, and so does its word. */
function OwnMarkOf({ own }: { own: OwnMark }) {
  const { BOOKING } = useSharedText()
  return (
    <span class={`month-own own-${own}`}>
      <Icon name={MARK_ICON[own]} />
      <span class="sr-only">, {BOOKING[own]}</span>
    </span>
  )
}

/** Only what the month shows. */
function OwnLegend({ days }: { days: readonly MonthDay[] }) {
  const { BOOKING } = useSharedText()
  const shown = OWN_MARKS.filter((mark) => days.some(({ own }) => own === mark))
  if (shown.length === 0) return null
  return (
    <ul class="month-legend">
      {shown.map((mark) => (
        <li>
          <span class={`month-own own-${mark}`} aria-hidden="true">
            <Icon name={MARK_ICON[mark]} />
          </span>
          {BOOKING[mark]}
        </li>
      ))}
    </ul>
  )
}

function DayWord({ day }: { day: MonthDay }) {
  const t = useText({ es, en }).CALENDAR
  switch (day.state) {
    case 'free':
      return (
        <span class="month-word">
          {day.free} {t.free(day.free)}
        </span>
      )
    case 'full':
    case 'closed':
      return <span class="month-word">{t[day.state]}</span>
    case 'over':
    case 'beyond':
    case 'unknown':
      return <span class="sr-only">{t[day.state]}</span>
  }
}

function Opened({ view }: { view: CalendarView }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).CALENDAR
  const { longDate } = useDates()
  const { opened } = view
  if (!opened) return <p class="soft calendar-hint">{t.hint}</p>
  const state = view.days.find((day) => day.date === opened.date)?.state
  const nothing = { over: t.dayOver, beyond: t.dayBeyond, closed: t.dayClosed, full: t.dayFull, unknown: BOOKING.calendarUnreadable }
  return (
    <section class="panel day-slots" aria-labelledby="dia">
      <h2 id="dia">{t.opened(longDate(noonOf(opened.date)))}</h2>
      {state && state !== 'free' ? <p class="soft">{nothing[state]}</p> : null}
      {opened.slots.length > 0 ? (
        <ul>
          {opened.slots
            .filter((slot) => slot.state !== 'unavailable')
            .map((slot) => (
              <li>
                <DaySlot slot={slot} />
              </li>
            ))}
        </ul>
      ) : null}
      {state === 'free' ? (
        <a class="btn btn-primary" href={bookingHref(EMPTY_DRAFT, opened.date)}>
          {t.book}
        </a>
      ) : null}
    </section>
  )
}

/** To look at: what is free leads to Reservas, with the slot chosen. */
function DaySlot({ slot }: { slot: Slot }) {
  const { BOOKING } = useSharedText()
  const { timeRange } = useDates()
  const range = timeRange(slot.start, slot.end)
  const time = (
    <>
      <span class="tabular">{range}</span>
      <LocalTime class="slot-local soft" instant={slot.start} />
    </>
  )
  switch (slot.state) {
    case 'free':
      return (
        <>
          {time}
          <a href={bookingHref({ ...EMPTY_DRAFT, start: slot.start })} aria-label={`${wallTime(slot.start)}, ${BOOKING.free}`}>
            {BOOKING.free}
          </a>
        </>
      )
    case 'mine':
    case 'unpaid':
    case 'processing':
      return (
        <>
          {time}
          <a href={slot.href}>{BOOKING[slot.state]}</a>
        </>
      )
    default:
      return (
        <>
          {time}
          <span class="day-taken">
            <Icon name="lock" />
            {BOOKING.taken}
          </span>
        </>
      )
  }
}

function OpeningHours({ view }: { view: CalendarView }) {
  const t = useText({ es, en }).CALENDAR
  const { weekday } = useDates()
  const nameOf = (day: number) => weekday(noonOf(addDays(MONDAY, day - 1)))
  const runs = openingRuns(view.opening)
  return (
    <section aria-labelledby="atencion">
      <h2 id="atencion">{t.hours}</h2>
      {runs.length === 0 ? <p class="soft">{t.noHours}</p> : null}
      <dl class="opening">
        {runs.map((run) => (
          <div>
            <dt>{capitalize(t.days(nameOf(run.from), nameOf(run.to)))}</dt>
            <dd class="tabular">{run.hours.map((hours) => t.interval(hours.opens, hours.closes)).join(t.and)}</dd>
          </div>
        ))}
      </dl>
      <p class="soft">{t.hoursZone}</p>
    </section>
  )
}

function HowTo({ view }: { view: CalendarView }) {
  const t = useText({ es, en }).CALENDAR
  return (
    <section aria-labelledby="instrucciones">
      <h2 id="instrucciones">{t.howTo}</h2>
      <ol class="how-to">
        {t.steps(view.slotMinutes, view.holdMinutes).map((step) => (
          <li>{step}</li>
        ))}
      </ol>
      <a class="btn btn-quiet" href="/inicio/reservas">
        {t.goBook}
      </a>
    </section>
  )
}
