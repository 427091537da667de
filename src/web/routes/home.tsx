import type { Hono } from 'hono'
import { openWork } from '../../features/activity/memory/queries.ts'
import { nextFree } from '../../features/booking/availability.ts'
import { openBookings } from '../../features/booking/own.ts'
import { classWithActivity, countCompleted, nextOf, upcomingClasses } from '../../features/virtual-class/queries.ts'
import type { AppEnv } from '../../http/context.ts'
import { HomePage } from '../pages/home/home.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { classCard, openBookingView } from './views.ts'

const FREE_SHOWN = 3

/** What is next for a person, and what to do about it (behaviour 4.22). */
export function mountHome(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio', async (c) => {
    const deps = c.get('deps')
    const { handle } = deps.db
    const { id } = viewerOf(c)
    const now = deps.clock.now()
    const [upcoming, open, completedTotal, activity, work] = await Promise.all([
      upcomingClasses(handle, id, now),
      openBookings(handle, id, now),
      countCompleted(handle, id),
      classWithActivity(handle, id),
      openWork(deps, id),
    ])
    const next = nextOf(upcoming)
    const free = next ? [] : await nextFree(deps, FREE_SHOWN)
    return render(
      c,
      <HomePage
        chrome={await chromeOf(c, site, null, next)}
        next={next ? classCard(next, deps.config, now) : null}
        coming={upcoming.map((row) => classCard(row, deps.config, now))}
        completedTotal={completedTotal}
        open={open.map(openBookingView)}
        activity={activity && classCard(activity, deps.config, now)}
        unsolved={work.unsolved}
        toReview={work.toReview}
        free={free.map((slot) => ({ start: slot.startsAt }))}
      />,
    )
  })
}
