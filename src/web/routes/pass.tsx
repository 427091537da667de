import type { Hono } from 'hono'
import { type MyClass, ownClass } from '../../features/virtual-class/queries.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isUuid } from '../../kernel/ids.ts'
import type { LinkState } from '../pages/pass/pass.tsx'
import { PassPage } from '../pages/pass/pass.tsx'
import { chromeOf, errorPage, render, type SiteOptions, whoOf } from '../site.tsx'
import { viewerOf } from './guard.ts'

/** The pass of a class: a page that its person's browser keeps for the way (decision 012). */
export function mountPass(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/clases/:id/pase', (c) => showPass(c, site))
}

async function showPass(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const id = c.req.param('id') ?? ''
  const row = isUuid(id) ? await ownClass(deps.db.handle, viewerOf(c).id, id) : null
  if (!row?.wasPaid) return errorPage(c, site, 404)
  const { name, contact } = deps.config.academy
  // Whose the page is: the service worker keeps it apart from everybody else's.
  c.header('Pass-Owner', whoOf(c))
  return render(
    c,
    <PassPage
      chrome={await chromeOf(c, site)}
      startsAt={row.startsAt}
      endsAt={row.endsAt}
      type={row.classType}
      role={row.rol}
      link={linkOf(row, deps.clock.now())}
      people={row.currentParticipants}
      peopleMax={row.maxParticipants}
      hostName={row.hostName}
      teacherName={row.teacherName}
      guestNames={row.guests.map(({ name }) => name)}
      objective={row.learningFocus}
      accessCode={row.classType === 'grupal' ? row.accessCode : null}
      contact={{ name, ...contact }}
    />,
  )
}

function linkOf({ status, endsAt }: MyClass, now: Date): LinkState {
  if (status === 'cancelled') return 'cancelled'
  if (status === 'completed' || now >= endsAt) return 'over'
  return status === 'pending' ? 'preparing' : 'ready'
}
