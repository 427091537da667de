import { wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import type { ClassCard } from '../../ui/class-card.ts'
import { ClassCells, rowClass } from '../../ui/class-cells.tsx'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useLocale, useSharedText, useText } from '../../ui/language.ts'
import { Empty } from '../../ui/notice.tsx'
import { isWaiting, OpenBookings, type OpenBookingView } from '../../ui/open-bookings.tsx'
import { Pages } from '../../ui/pages.tsx'
import { namesInWords } from '../../ui/people.ts'
import * as en from './text.en.ts'
import * as es from './text.es.ts'

type HistoryFilter = 'upcoming' | 'all'

/** View of `/inicio/historial?filter=upcoming|all&q=&page=`: one page of at most 20 classes. Pages count from 1. */
export type HistoryView = {
  filter: HistoryFilter
  /** What was searched, as it was typed; empty when nothing was. */
  typed: string
  /** How long a search may be. */
  typedMax: number
  /** Of everything that the filter and the search let through. */
  totals: { total: number; scheduled: number; completed: number; cancelled: number }
  classes: readonly ClassCard[]
  /** Bookings that are no class yet; on the first page. */
  open: readonly OpenBookingView[]
  page: number
  pagesTotal: number
}

export function HistoryPage({ chrome, ...view }: HistoryView & { chrome: Chrome }) {
  const { BOOKING, HISTORY } = useSharedText()
  const { FILTERS } = useText({ es, en })
  const { filter, typed } = view
  return (
    <Document chrome={chrome} title={HISTORY.title} wide>
      <div class="stack">
        <header class="page-head">
          <h1>{HISTORY.title}</h1>
          <p class="soft measure">
            {HISTORY.lead} {BOOKING.zone}.
          </p>
        </header>
        <OpenBookings bookings={view.open} now={chrome.now} refresh />
        <div>
          <div class="history-tools">
            <nav class="tabs" aria-label={FILTERS.label}>
              {(['upcoming', 'all'] as const).map((each) => (
                <a href={hrefOf({ filter: each, typed })} {...(each === filter ? { 'aria-current': 'page' as const } : {})}>
                  {FILTERS[each]}
                </a>
              ))}
            </nav>
            <SearchForm filter={filter} typed={typed} typedMax={view.typedMax} />
          </div>
          <Totals view={view} />
          {view.classes.length > 0 ? (
            <HistoryTable view={view} now={chrome.now} />
          ) : typed === '' ? (
            <NoClasses filter={filter} waiting={isWaiting(view.open)} />
          ) : (
            <NothingFound filter={filter} typed={typed} />
          )}
          <Pages page={view.page} pagesTotal={view.pagesTotal} hrefOf={(page) => hrefOf({ filter, typed, page })} />
        </div>
      </div>
    </Document>
  )
}

function SearchForm({ filter, typed, typedMax }: Pick<HistoryView, 'filter' | 'typed' | 'typedMax'>) {
  const { SEARCH } = useText({ es, en })
  return (
    <search>
      <form method="get" action="/inicio/historial" class="field search-form">
        <input type="hidden" name="filter" value={filter} />
        <label for="q">{SEARCH.label}</label>
        <div class="search-row">
          <input
            class="input"
            type="search"
            id="q"
            name="q"
            value={typed}
            maxlength={typedMax}
            aria-describedby="q-hint"
            enterkeyhint="search"
          />
          <button type="submit" class="btn btn-quiet">
            {SEARCH.submit}
          </button>
        </div>
        <p id="q-hint" class="soft">
          {SEARCH.hint}
        </p>
      </form>
    </search>
  )
}

/** What the filter and the search let through; of each state only when there are several. */
function Totals({ view }: { view: HistoryView }) {
  const { SEARCH, TOTALS } = useText({ es, en })
  const { total } = view.totals
  if (total === 0) return null
  const states = (['scheduled', 'completed', 'cancelled'] as const).filter((state) => view.totals[state] > 0)
  const parts = states.map((state) => TOTALS[state](view.totals[state]))
  return (
    <p class="history-totals tabular" role="status">
      <strong>{view.typed === '' ? TOTALS.total(total) : SEARCH.found(total)}</strong>
      {states.length > 1 || view.filter === 'all' ? <span class="soft">{parts.join(' · ')}</span> : null}
    </p>
  )
}

function HistoryTable({ view, now }: { view: HistoryView; now: Date }) {
  const { MY_CLASSES } = useSharedText()
  const { ROW } = useText({ es, en })
  return (
    <div class="table-panel">
      <table class="class-table">
        <thead>
          <tr>
            {[...MY_CLASSES.columns.slice(0, 6), ROW.column].map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.classes.map((card) => (
            <tr class={rowClass(card)}>
              <ClassCells card={card} now={now} />
              <td data-label={ROW.column}>
                <Details card={card} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** Who and what about, and the way to everything that happened. */
function Details({ card }: { card: ClassCard }) {
  const { ROW } = useText({ es, en })
  const dates = useDates()
  const locale = useLocale()
  const isHost = card.role === 'anfitrion'
  const guestNames = card.guests.map(({ name }) => name)
  return (
    <span class="history-details">
      {card.attendance ? <span class="soft">{ROW.attendance(card.attendance.attended, card.attendance.minutes)}</span> : null}
      {card.objective !== null ? <span class="clip">{card.objective}</span> : null}
      {isHost ? null : <span class="clip soft">{ROW.invitedBy(card.hostName)}</span>}
      {guestNames.length === 0 ? null : <span class="clip soft">{ROW.withGuests(namesInWords(guestNames, locale))}</span>}
      <a class="action-link" href={`/inicio/clases/${encodeURIComponent(card.id)}`}>
        <span>
          {ROW.open}
          <span class="sr-only"> {ROW.openOf(dates.date(card.startsAt), wallTime(card.startsAt))}</span>
        </span>
        <Icon name="right" />
      </a>
    </span>
  )
}

function NothingFound({ filter, typed }: { filter: HistoryFilter; typed: string }) {
  const { SEARCH } = useText({ es, en })
  return (
    <Empty title={SEARCH.nothing(typed)}>
      <p class="soft">{SEARCH.nothingHint}</p>
      <a class="btn btn-quiet" href={hrefOf({ filter, typed: '' })}>
        {SEARCH.clear}
      </a>
    </Empty>
  )
}

function NoClasses({ filter, waiting }: { filter: HistoryFilter; waiting: boolean }) {
  const { MY_CLASSES } = useSharedText()
  const { EMPTY } = useText({ es, en })
  return (
    <Empty title={MY_CLASSES.empty}>
      <p class="soft">{waiting ? EMPTY.waiting : EMPTY[filter]}</p>
      {waiting ? null : (
        <a class="btn btn-primary" href="/inicio/reservas">
          {EMPTY.book}
        </a>
      )}
    </Empty>
  )
}

/** The address of one page, with the search that led to it. */
function hrefOf({ filter, typed, page = 1 }: { filter: HistoryFilter; typed: string; page?: number }): string {
  const query = new URLSearchParams({ filter, ...(typed === '' ? {} : { q: typed }), ...(page === 1 ? {} : { page: String(page) }) })
  return `/inicio/historial?${query}`
}
