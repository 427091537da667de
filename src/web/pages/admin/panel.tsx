import type { Waiting } from '../../../features/activity/teacher/waiting.ts'
import { formatDate, wallDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { ClassStatus } from '../../text.es.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Icon } from '../../ui/icons.tsx'
import { Empty } from '../../ui/notice.tsx'
import { Pages } from '../../ui/pages.tsx'
import { AdminDocument } from './admin-document.tsx'
import { Attention } from './attention.tsx'
import { ClassFacts, headCountWords } from './class-facts.tsx'
import { AdminClassTable } from './class-table.tsx'
import { GoogleCard } from './google-card.tsx'
import { Today } from './today.tsx'
import type { AdminClass, AttentionList, GoogleSummary } from './view.ts'

export type AdminFilter = ClassStatus | 'all'

/** View of `/admin?status=&page=&casos=`. Pages count from 1. */
export type AdminPanelView = {
  attention: AttentionList
  /** Exercises that wait for somebody to look at them. */
  waiting: Waiting
  /** Classes of today, ascending, cancelled ones left out. */
  today: readonly AdminClass[]
  /** The next classes after today, ascending; a handful. */
  coming: readonly AdminClass[]
  google: GoogleSummary
  filter: AdminFilter
  /** The classes of the filter, start descending. */
  classes: readonly AdminClass[]
  page: number
  pagesTotal: number
  /** There are more pages than were counted. */
  more: boolean
}

const FILTERS: readonly { filter: AdminFilter; label: string }[] = [
  { filter: 'scheduled', label: 'Reservadas' },
  { filter: 'completed', label: 'Completadas' },
  { filter: 'cancelled', label: 'Canceladas' },
  { filter: 'pending', label: 'Pendientes' },
  { filter: 'all', label: 'Todas' },
]

export function AdminPanelPage({ chrome, ...view }: AdminPanelView & { chrome: Chrome }) {
  return (
    <AdminDocument chrome={chrome} title="Panel de admin">
      <header>
        <h1>PANEL DE ADMIN</h1>
        <p class="lead soft clip">Bienvenido, {chrome.person?.name ?? ''}</p>
      </header>
      <Attention
        list={view.attention}
        google={view.google.state}
        now={chrome.now}
        path="/admin"
        waitingTickets={chrome.waitingTickets ?? 0}
        waiting={view.waiting}
      />
      <div class={view.today.length === 0 ? 'admin-day admin-day-free' : 'admin-day'}>
        <Today classes={view.today} now={chrome.now} />
        <div class="admin-aside">
          <Coming classes={view.coming} now={chrome.now} />
          <GoogleCard google={view.google} />
        </div>
      </div>
      <section aria-labelledby="clases">
        <h2 id="clases">Clases</h2>
        <nav class="tabs" aria-label="Filtro por estado">
          {FILTERS.map(({ filter, label }) => (
            <a href={hrefOf(filter, 1)} {...(filter === view.filter ? { 'aria-current': 'page' as const } : {})}>
              {label}
            </a>
          ))}
        </nav>
        {view.classes.length === 0 ? (
          <Empty title="No hay clases por mostrar.">
            <p class="soft">Cuando haya clases con este estado, van a estar acá.</p>
          </Empty>
        ) : (
          <AdminClassTable classes={view.classes} back={{ list: view.filter, page: view.page }} />
        )}
        <Pages page={view.page} pagesTotal={view.pagesTotal} more={view.more} hrefOf={(page) => hrefOf(view.filter, page)} />
      </section>
    </AdminDocument>
  )
}

function Coming({ classes, now }: { classes: readonly AdminClass[]; now: Date }) {
  const today = wallDate(now)
  return (
    <section class="panel" aria-labelledby="proximas">
      <h2 id="proximas">Próximos días</h2>
      {classes.length === 0 ? (
        <p class="soft">No hay más clases reservadas.</p>
      ) : (
        <ul class="coming">
          {classes
            .filter((each) => wallDate(each.startsAt) !== today)
            .map((each) => (
              <li>
                <span class="tabular">
                  {formatDate(each.startsAt)} {wallTime(each.startsAt)}
                </span>
                <span class="coming-who">
                  <Icon name={each.type === 'grupal' ? 'people' : 'person'} />
                  <span>{headCountWords(each)}</span>
                </span>
                <ClassFacts entry={each} />
              </li>
            ))}
        </ul>
      )}
    </section>
  )
}

function hrefOf(filter: AdminFilter, page: number): string {
  // Always said: an address without it shows the booked ones.
  const query = new URLSearchParams({ status: filter })
  if (page > 1) query.set('page', String(page))
  return `/admin?${query}`
}
