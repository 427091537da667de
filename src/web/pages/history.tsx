import { HISTORY, MY_CLASSES } from '../text.es.ts'
import type { Chrome } from '../ui/chrome.ts'
import type { ClassCard } from '../ui/class-card.ts'
import { ClassCells, rowClass } from '../ui/class-cells.tsx'
import { Document } from '../ui/document.tsx'
import { Empty } from '../ui/notice.tsx'
import { isWaiting, OpenBookings, type OpenBookingView } from '../ui/open-bookings.tsx'
import { Pages } from '../ui/pages.tsx'

export type HistoryFilter = 'upcoming' | 'all'

/** View of `/inicio/historial?filter=upcoming|all&page=`: one page of at most 20 classes. Pages count from 1. */
export type HistoryView = {
  filter: HistoryFilter
  classes: readonly ClassCard[]
  /** Bookings that are no class yet; on the first page. */
  open: readonly OpenBookingView[]
  page: number
  pagesTotal: number
}

const FILTERS: readonly { filter: HistoryFilter; label: string }[] = [
  { filter: 'upcoming', label: 'Próximas' },
  { filter: 'all', label: 'Todas' },
]

export function HistoryPage({ chrome, ...view }: HistoryView & { chrome: Chrome }) {
  return (
    <Document chrome={chrome} title={HISTORY.title} wide>
      <div class="stack">
        <header class="page-head">
          <h1>{HISTORY.title}</h1>
          <p class="soft measure">{HISTORY.lead}</p>
        </header>
        <OpenBookings bookings={view.open} now={chrome.now} refresh />
        <div>
          <nav class="tabs" aria-label="Filtro">
            {FILTERS.map(({ filter, label }) => (
              <a href={hrefOf(filter, 1)} {...(filter === view.filter ? { 'aria-current': 'page' as const } : {})}>
                {label}
              </a>
            ))}
          </nav>
          {view.classes.length === 0 ? (
            <NoClasses filter={view.filter} waiting={isWaiting(view.open)} />
          ) : (
            <HistoryTable view={view} now={chrome.now} />
          )}
          <Pages page={view.page} pagesTotal={view.pagesTotal} hrefOf={(page) => hrefOf(view.filter, page)} />
        </div>
      </div>
    </Document>
  )
}

function HistoryTable({ view, now }: { view: HistoryView; now: Date }) {
  return (
    <div class="table-panel">
      <table class="class-table">
        <thead>
          <tr>
            {MY_CLASSES.columns.slice(0, 6).map((column) => (
              <th scope="col">{column}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {view.classes.map((card) => (
            <tr class={rowClass(card)}>
              <ClassCells card={card} now={now} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function NoClasses({ filter, waiting }: { filter: HistoryFilter; waiting: boolean }) {
  return (
    <Empty title={MY_CLASSES.empty}>
      <p class="soft">
        {waiting
          ? 'Cuando tu reserva quede confirmada, la vas a ver acá.'
          : filter === 'upcoming'
            ? 'No tenés clases reservadas por ahora.'
            : 'Acá van a quedar tus clases, también las canceladas.'}
      </p>
      {waiting ? null : (
        <a class="btn btn-primary" href="/inicio/reservas">
          Reservar una clase
        </a>
      )}
    </Empty>
  )
}

function hrefOf(filter: HistoryFilter, page: number): string {
  return page === 1 ? `/inicio/historial?filter=${filter}` : `/inicio/historial?filter=${filter}&page=${page}`
}
