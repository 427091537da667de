import type { Hono } from 'hono'
import { openBookings } from '../../features/booking/own.ts'
import { countHistory, historyOfClasses } from '../../features/virtual-class/history.ts'
import { parseSearch, SEARCH_CHARACTERS_MAX } from '../../features/virtual-class/search.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { pageOf } from '../../kernel/paging.ts'
import { HistoryPage } from '../pages/history/history.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { classCard, openBookingView } from './views.ts'

const PAGE_SIZE = 20

/** Every class of a person, by state and by what they remember of it (behaviour 4.22). */
export function mountHistory(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/historial', (c) => showHistory(c, site))
}

async function showHistory(c: AppContext, site: SiteOptions): Promise<Response> {
  const { db, clock, config } = c.get('deps')
  const viewer = viewerOf(c)
  const now = clock.now()
  const filter = c.req.query('filter') === 'upcoming' ? 'upcoming' : 'all'
  const typed = (c.req.query('q') ?? '').replaceAll('\0', '').trim().slice(0, SEARCH_CHARACTERS_MAX)
  const query = { filter, words: parseSearch(typed) } as const
  const totals = await countHistory(db.handle, viewer.id, query)
  const { page, pagesTotal, limit, offset } = pageOf(c.req.query('page'), totals.total, PAGE_SIZE)
  const isFirst = page === 1 && typed === ''
  const [rows, open] = await Promise.all([
    historyOfClasses(db.handle, viewer.id, query, { limit, offset }),
    isFirst ? openBookings(db.handle, viewer.id, now) : [],
  ])
  return render(
    c,
    <HistoryPage
      chrome={await chromeOf(c, site)}
      filter={filter}
      typed={typed}
      typedMax={SEARCH_CHARACTERS_MAX}
      totals={totals}
      open={open.map(openBookingView)}
      classes={rows.map((row) => classCard(row, config, now))}
      page={page}
      pagesTotal={pagesTotal}
    />,
  )
}
