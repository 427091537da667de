import { wallTime } from '../../../kernel/zoned-time.ts'
import { PassesAhead } from '../../ui/ahead.tsx'
import type { Chrome } from '../../ui/chrome.ts'
import { type ClassCard, joinIsOpen } from '../../ui/class-card.ts'
import { JoinControl } from '../../ui/class-parts.tsx'
import { Countdown } from '../../ui/countdown.tsx'
import { capitalize } from '../../ui/dates.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { aroundOpenClass, isWaiting, OpenBookings, type OpenBookingView } from '../../ui/open-bookings.tsx'
import { Seats, Ticket } from '../../ui/ticket.tsx'
import { LocalTime } from '../../ui/zone.tsx'
import { bookingHref, EMPTY_DRAFT } from '../booking/view.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

/** View of `/inicio`. */
export type HomeView = {
  /** The next `scheduled` class of the caller, as host or guest. */
  next: ClassCard | null
  /** Classes whose end lies ahead, ascending: their passes are kept for the way. */
  coming: readonly ClassCard[]
  completedTotal: number
  /** Own bookings that are no class yet, the soonest first. */
  open: readonly OpenBookingView[]
  /** The newest class with an activity that waits to be done. */
  activity: ClassCard | null
  /** How many activities wait, with that one. */
  unsolved: number
  /** Items of today's review that are left. */
  toReview: number
  /** The next free slots; none are asked for while a class is coming. */
  free: readonly { start: Date }[]
}

export function HomePage({ chrome, ...view }: HomeView & { chrome: Chrome }) {
  const t = useText({ es, en }).HOME
  const open = view.next !== null && joinIsOpen(view.next, chrome.now)
  const { before, after } = open ? aroundOpenClass(view.open) : { before: view.open, after: [] }
  const firstName = chrome.person?.name.trim().split(/\s+/)[0] ?? ''
  return (
    <Document chrome={chrome} title={t.title} wide>
      <PassesAhead cards={view.coming} />
      <div class="stack" data-follow>
        <header class="page-head">
          <h1>{t.title}</h1>
          {firstName === '' ? null : <p class="lead clip">{isNew(view) ? t.helloNew(firstName) : t.hello(firstName)}</p>}
        </header>
        <OpenBookings bookings={before} now={chrome.now} refresh brief={open} />
        {view.next ? (
          <NextClass card={view.next} now={chrome.now} />
        ) : isWaiting(view.open) ? null : (
          <NoClass free={view.free} now={chrome.now} />
        )}
        <OpenBookings bookings={after} now={chrome.now} refresh />
        {view.activity ? <Activity card={view.activity} unsolved={view.unsolved} /> : null}
        {view.toReview > 0 ? <Review items={view.toReview} /> : null}
        <section class="home-row" aria-label={t.yours}>
          <p class="completed">
            <span>{t.completed}</span> <b>{view.completedTotal}</b>
          </p>
          <a class="back-link" href="/inicio/historial">
            <Icon name="history" />
            {t.history}
          </a>
        </section>
      </div>
    </Document>
  )
}

/** Somebody who never had a class is not asked to go on with it. */
function isNew({ next, open, completedTotal }: HomeView): boolean {
  return next === null && open.length === 0 && completedTotal === 0
}

function NextClass({ card, now }: { card: ClassCard; now: Date }) {
  const t = useText({ es, en }).HOME
  const { date } = useDates()
  return (
    <Ticket
      startsAt={card.startsAt}
      label={t.next}
      stub={
        <>
          <JoinControl card={card} now={now} look="large" />
          <a class="btn btn-quiet" href="/inicio/mis-clases-virtuales">
            {t.classes}
          </a>
        </>
      }
    >
      <h2>
        {t.next}: <span class="tabular next-when">{t.when(date(card.startsAt), wallTime(card.startsAt))}</span>
      </h2>
      <LocalTime class="next-local soft" instant={card.startsAt} />
      {card.objective === null ? null : <p class="objective">{card.objective}</p>}
      <p class="people">
        <Seats taken={card.people} seats={card.peopleMax} />
        <span>{t.seats(card.people, card.peopleMax)}</span>
      </p>
      <p>
        <span data-live data-until={card.startsAt.toISOString()} hidden={now >= card.startsAt}>
          {t.startsIn}{' '}
        </span>
        <span class="marked">
          <Countdown until={card.startsAt} now={now} over={t.started} refresh />
        </span>
      </p>
    </Ticket>
  )
}

/** The way to a class in one tap: the next free slots, as they are offered on Reservas. */
function NoClass({ free, now }: { free: HomeView['free']; now: Date }) {
  const t = useText({ es, en }).HOME
  const { spokenMoment } = useDates()
  return (
    <Empty title={t.none}>
      <p class="soft">{free.length > 0 ? t.firstStep : t.noneFree}</p>
      {free.length > 0 ? (
        <ul class="alternatives">
          {free.map(({ start }) => (
            <li>
              <a class="btn btn-quiet" href={bookingHref({ ...EMPTY_DRAFT, start })}>
                {capitalize(spokenMoment(start, now))}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      <a class="btn btn-primary" href="/inicio/reservas">
        {free.length > 0 ? t.all : t.book}
      </a>
    </Empty>
  )
}

/** Drawn only when there is something to open. */
function Activity({ card, unsolved }: { card: ClassCard; unsolved: number }) {
  const t = useText({ es, en }).HOME.activity
  const { longDate } = useDates()
  if (card.activity.state !== 'available' || card.activity.href === null) return null
  return (
    <section class="panel home-activity" aria-labelledby="actividad">
      <div>
        <h2 id="actividad">{t.title}</h2>
        <p class="soft">{t.text(longDate(card.startsAt))}</p>
        {unsolved > 1 ? (
          <a class="action-link" href="/inicio/mis-actividades">
            {t.all(unsolved)}
          </a>
        ) : null}
      </div>
      <a class="btn btn-quiet" href={card.activity.href}>
        <Icon name="pen" />
        {t.open}
      </a>
    </section>
  )
}

/** What was missed and is due today. */
function Review({ items }: { items: number }) {
  const t = useText({ es, en }).HOME.review
  return (
    <section class="panel home-activity" aria-labelledby="repaso">
      <div>
        <h2 id="repaso">{t.title}</h2>
        <p class="soft">{t.text(items)}</p>
      </div>
      <a class="btn btn-quiet" href="/inicio/repaso">
        <Icon name="refresh" />
        {t.open}
      </a>
    </section>
  )
}
