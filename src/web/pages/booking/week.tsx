import { type WallDate, type WallTime, wallTime, weekdayOf } from '../../../kernel/zoned-time.ts'
import { capitalize, noonOf } from '../../ui/dates.ts'
import { Icon } from '../../ui/icons.tsx'
import { keep } from '../../ui/kept.ts'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { LocalTime, useZone } from '../../ui/zone.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import type { Day, Slot } from './view.ts'

/** A weekend day without opening hours is left out; a closed weekday keeps its empty column. */
export function visibleDays(days: readonly Day[]): readonly Day[] {
  return days.filter((day) => day.slots.length > 0 || weekdayOf(day.date) < 6)
}

const PERIODS = [
  { name: 'morning', until: '13:00' },
  { name: 'afternoon', until: '20:00' },
  { name: 'evening', until: '24:00' },
] as const

/**
 * The week as one real table of radio buttons: hours down, days across. Under 540 px the style sheet shows only the
 * chosen day's cells, as a list grouped by part of the day, so every slot exists exactly once in the form.
 */
export function Week(props: {
  days: readonly Day[]
  today: WallDate
  chosen: WallDate
  selected: Date | null
  /** A class that starts before this instant is not refunded when it is cancelled; null: the page says it itself. */
  lateUntil: Date | null
}) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).WEEK
  const { spokenTime } = useDates()
  // Of two at the same time the first one counts.
  const byTime = props.days.map((day) => new Map(day.slots.toReversed().map((slot) => [wallTime(slot.start), slot])))
  const times = [...new Set(byTime.flatMap((slots) => [...slots.keys()]))].sort()
  return (
    <table class="week">
      <caption class="sr-only">
        {t.caption} {BOOKING.zone}.
      </caption>
      <thead>
        <tr>
          <td />
          {props.days.map((day) => (
            <th scope="col" class={day.date === props.today ? 'week-today' : ''}>
              <DayName date={day.date} isToday={day.date === props.today} />
            </th>
          ))}
        </tr>
      </thead>
      {periodsOf(times).map((period) => (
        <tbody>
          <tr class="week-period">
            <th scope="rowgroup" colspan={props.days.length + 1}>
              {t.periods[period.name]}
            </th>
          </tr>
          {period.times.map((time) => (
            <tr>
              <th scope="row">{spokenTime(time)}</th>
              {props.days.map((day, index) => (
                <td data-day={day.date} class={day.date === props.chosen ? 'is-shown' : ''}>
                  <SlotCell slot={byTime[index]?.get(time)} selected={props.selected} lateUntil={props.lateUntil} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      ))}
    </table>
  )
}

function SlotCell({ slot, selected, lateUntil }: { slot: Slot | undefined; selected: Date | null; lateUntil: Date | null }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).WEEK
  const { longDate } = useDates()
  const locale = useLocale()
  const zone = useZone()
  if (!slot) return null
  const time = wallTime(slot.start)
  const isChosen = selected?.getTime() === slot.start.getTime()
  // A hold that is being changed can be chosen like a free slot.
  if (slot.state === 'free' || (slot.state === 'unpaid' && isChosen)) {
    const isLate = lateUntil !== null && slot.start < lateUntil
    const choice = () => <SlotChoice slot={slot} checked={isChosen} isLate={isLate} />
    if (isChosen) return choice()
    return kept(`${slot.state} ${slot.start.getTime()} ${slot.end.getTime()} ${isLate} ${locale} ${zone}`, choice)
  }
  switch (slot.state) {
    case 'taken':
      return kept(`taken ${time} ${locale}`, () => (
        <span class="slot slot-taken">
          <span class="slot-time">{time}</span>
          <span class="slot-word">{BOOKING.taken}</span>
          <Icon name="lock" class="slot-icon" />
        </span>
      ))
    case 'mine':
    case 'unpaid':
    case 'processing':
      return (
        <a class={`slot slot-own slot-${slot.state}`} href={slot.href}>
          <span class="sr-only">{longDate(slot.start)}, </span>
          <span class="slot-time">{time}</span>
          <span class="slot-word">{BOOKING[slot.state]}</span>
          <Icon name={slot.state === 'mine' ? 'check' : 'clock'} class="slot-icon" />
        </a>
      )
    case 'current':
      return (
        <span class="slot slot-own">
          <span class="slot-time">{time}</span>
          <span class="slot-word">{BOOKING.current}</span>
          <Icon name="check" class="slot-icon" />
        </span>
      )
    case 'unavailable':
      return (
        <span class="slot slot-off">
          <span class="sr-only">{t.unavailable}</span>
        </span>
      )
  }
}

/** Slots that nobody chose look the same to everybody who reads in that language and zone. Two weeks of quarters of an hour. */
const kept = keep(1_500)

function SlotChoice({ slot, checked, isLate }: { slot: Slot; checked: boolean; isLate: boolean }) {
  const { BOOKING } = useSharedText()
  const { longDate, timeRange, shortMoment } = useDates()
  const isHeld = slot.state === 'unpaid'
  return (
    <label class="slot slot-free">
      <input
        type="radio"
        name="start"
        value={slot.start.toISOString()}
        checked={checked}
        data-date={capitalize(longDate(slot.start))}
        data-range={timeRange(slot.start, slot.end)}
        data-short={shortMoment(slot.start)}
        {...(isLate ? { 'data-late': '' } : {})}
        {...(isHeld ? { 'data-own': '' } : {})}
      />
      <span class="sr-only">{longDate(slot.start)}, </span>
      <span class="slot-time">{wallTime(slot.start)}</span>
      {isHeld ? <span class="slot-word">{BOOKING.unpaid}</span> : <span class="sr-only">, {BOOKING.free}</span>}
      <LocalTime class="slot-local" instant={slot.start} />
    </label>
  )
}

/** The days of the week in a row; phones choose with it which day the list below shows. */
export function DayStrip(props: { days: readonly Day[]; today: WallDate; chosen: WallDate; hrefOf: (date: WallDate) => string }) {
  const { days, today, chosen, hrefOf } = props
  const t = useText({ es, en }).WEEK
  return (
    <nav class="day-strip" aria-label={t.days}>
      {days.map((day) => (
        <a
          href={hrefOf(day.date)}
          data-day={day.date}
          data-keep-draft
          class={day.date === today ? 'is-today' : ''}
          {...(day.date === chosen ? { 'aria-current': 'date' as const } : {})}
        >
          <DayName date={day.date} isToday={day.date === today} />
        </a>
      ))}
    </nav>
  )
}

/** Shows "jue 26" and says "jueves 26 de noviembre". */
function DayName({ date, isToday }: { date: WallDate; isToday: boolean }) {
  const t = useText({ es, en }).WEEK
  const { weekdayShort, dayNumber, longDate } = useDates()
  const noon = noonOf(date)
  return (
    <>
      <span aria-hidden="true">{weekdayShort(noon)}</span>
      <b aria-hidden="true">{dayNumber(noon)}</b>
      <span class="sr-only">
        {longDate(noon)}
        {isToday ? t.today : ''}
      </span>
    </>
  )
}

/** `ownWord`: what the visitor's own slots are called here. */
export function Legend({ ownWord }: { ownWord: string }) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).WEEK
  return (
    <ul class="legend" aria-label={t.legend}>
      <li>
        <span class="legend-box slot-free" />
        {BOOKING.free}
      </li>
      <li>
        <span class="legend-box slot-taken" />
        {BOOKING.taken}
      </li>
      <li>
        <span class="legend-box legend-mine" />
        {t.yourChoice}
      </li>
      <li>
        <span class="legend-box legend-own" />
        {ownWord}
      </li>
      <li>
        <span class="legend-box slot-off" />
        {t.unavailable}
      </li>
    </ul>
  )
}

function periodsOf(times: readonly WallTime[]): { name: (typeof PERIODS)[number]['name']; times: WallTime[] }[] {
  return PERIODS.map((period, index) => ({
    name: period.name,
    times: times.filter((time) => time < period.until && time >= (PERIODS[index - 1]?.until ?? '')),
  })).filter((period) => period.times.length > 0)
}
