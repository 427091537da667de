import type { Child } from 'hono/jsx'
import { addDays, type WallDate } from '../../../kernel/zoned-time.ts'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useSharedText, useText } from '../../ui/language.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
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
  /** The month that shows the chosen day; null where there is none to see. */
  monthHref: string | null
  /** What stands above the week. */
  children?: Child
}

/** The form that `JumpToDate` belongs to: it stands beside the booking form, because forms cannot be nested. */
const JUMP_FORM = 'ir-a-fecha'

/** The slots of a week to choose one from, as radio buttons named `start`; belongs inside the form that sends them. */
export function WeekPicker({ week, selected, now, links, ownWord, lateUntil, monthHref, children }: Props) {
  const t = useText({ es, en }).WEEK
  const days = visibleDays(week.days)
  const anyFree = days.some((day) => day.slots.some((slot) => slot.state === 'free'))
  return (
    <section class="booking-week" aria-labelledby="semana">
      {children}
      <WeekHead week={week} now={now} links={links} />
      <DayStrip days={days} today={week.today} chosen={week.chosenDay} hrefOf={links.day} />
      <div role="radiogroup" aria-labelledby="semana">
        <Week days={days} today={week.today} chosen={week.chosenDay} selected={selected} lateUntil={lateUntil} />
        {anyFree ? <p class="day-empty">{t.emptyDay}</p> : null}
      </div>
      {anyFree || week.calendarUnreadable ? null : <EmptyWeek week={week} now={now} links={links} />}
      <Legend ownWord={ownWord} />
      <div class="week-foot">
        <p class="week-jump">
          <label for="dia">{t.jump}</label>
          <input
            class="input"
            type="date"
            id="dia"
            name="dia"
            form={JUMP_FORM}
            required
            value={week.chosenDay}
            min={week.today}
            max={week.lastDay}
          />
          <button type="submit" form={JUMP_FORM} class="btn btn-quiet">
            {t.go}
          </button>
        </p>
        {monthHref === null ? null : (
          <a class="action-link" href={monthHref}>
            <Icon name="calendar" />
            {t.month}
          </a>
        )}
      </div>
    </section>
  )
}

/** Sends the date of the week's foot to this page. `kept`: what was chosen so far; the script brings it up to date. */
export function JumpForm({ action, kept }: { action: string; kept: readonly (readonly [name: string, value: string])[] }) {
  return (
    <form id={JUMP_FORM} method="get" action={action} data-jump>
      {kept.map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </form>
  )
}

function WeekHead({ week, now, links }: HeadProps) {
  const { BOOKING } = useSharedText()
  const t = useText({ es, en }).WEEK
  const { spokenMoment, weekTitle } = useDates()
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
            <a href={links.slot(week.nextFree.start)} data-keep-draft data-slot={week.nextFree.start.toISOString()}>
              {t.nextFree(spokenMoment(week.nextFree.start, now))}
            </a>
          ) : week.calendarUnreadable ? null : (
            <span class="soft">{t.noneFree}</span>
          )}
        </p>
      </div>
      <nav class="week-nav" aria-label={t.weeks}>
        <WeekLink {...t.previous} href={week.previousWeek === null ? null : links.week(week.previousWeek)} back />
        <WeekLink {...t.next} href={week.nextWeek === null ? null : links.week(week.nextWeek)} />
      </nav>
    </div>
  )
}

function WeekLink({ word, label, href, back = false }: { word: string; label: string; href: string | null; back?: boolean }) {
  const words = (
    <>
      {back ? <Icon name="left" /> : null}
      <span class="week-nav-word">{word}</span>
      {back ? null : <Icon name="right" />}
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
    <a class="btn btn-quiet" href={href} data-keep-draft aria-label={label}>
      {words}
    </a>
  )
}

function EmptyWeek({ week, now, links }: HeadProps) {
  const t = useText({ es, en }).WEEK
  const { spokenMoment } = useDates()
  return (
    <p class="week-empty">
      {t.emptyWeek}{' '}
      {week.nextFree ? (
        <a href={links.slot(week.nextFree.start)} data-keep-draft data-slot={week.nextFree.start.toISOString()}>
          {t.emptyWeekNext(spokenMoment(week.nextFree.start, now))}
        </a>
      ) : (
        t.emptyHorizon
      )}
    </p>
  )
}
