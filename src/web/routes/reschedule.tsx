import type { Hono } from 'hono'
import { bookingRules } from '../../features/academy/queries.ts'
import { rescheduleClass } from '../../features/booking/reschedule/commands.ts'
import { type ClassToMove, classToMove } from '../../features/booking/reschedule/queries.ts'
import { RESCHEDULE_STATUS, type RescheduleRefusal } from '../../features/booking/reschedule/rules.ts'
import * as en from '../../features/booking/reschedule/text.en.ts'
import * as es from '../../features/booking/reschedule/text.es.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { isUuid } from '../../kernel/ids.ts'
import { textIn } from '../../kernel/locale.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { parseInstant, wallDate } from '../../kernel/zoned-time.ts'
import { ReschedulePage } from '../pages/reschedule/reschedule.tsx'
import * as pageEn from '../pages/reschedule/text.en.ts'
import * as pageEs from '../pages/reschedule/text.es.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { slotStartOf, weekOf } from './week.ts'

const RESCHEDULES_PER_10_MINUTES = 120
/** Refusals that another slot cures; the others are about the class. */
const ABOUT_THE_CLASS: ReadonlySet<RescheduleRefusal> = new Set(['unknown-class', 'guest', 'not-scheduled', 'too-late', 'used-up'])

/** The page that moves a class: one address for its people, one in the admin's area (behaviour 4.20, 4.16). */
export function mountReschedule(app: Hono<AppEnv>, site: SiteOptions): void {
  for (const { path, ...area } of [
    {
      path: '/inicio/mis-clases-virtuales',
      backHref: '/inicio/mis-clases-virtuales',
      doneHref: (start: Date | null) => `/inicio/mis-clases-virtuales?reprogramada=${encodeURIComponent(start?.toISOString() ?? '1')}`,
    },
    { path: '/admin/clases', backHref: '/admin', doneHref: () => '/admin?ok=reprogramada' },
  ]) {
    app.get(`${path}/:id/reprogramar`, (c) => show(c, site, area))
    app.post(`${path}/:id/reprogramar`, (c) => move(c, site, area))
  }
}

interface Area {
  backHref: string
  doneHref: (start: Date | null) => string
}

async function show(c: AppContext, site: SiteOptions, area: Area): Promise<Response> {
  const found = await classOf(c)
  if (!found.ok) return refusedPage(c, site, found.reason, found.detail)
  return page(c, site, area, found.value, { wish: await slotStartOf(c.get('deps'), c.req.query('start') ?? ''), error: null }, 200)
}

async function move(c: AppContext, site: SiteOptions, area: Area): Promise<Response> {
  const limited = await limitRate(c, '/api/classes/{id}/reschedule', RESCHEDULES_PER_10_MINUTES)
  if (limited) return errorPage(c, site, 429)
  const found = await classOf(c)
  if (!found.ok) return refusedPage(c, site, found.reason, found.detail)
  const deps = c.get('deps')
  const start = parseInstant(field(await readForm(c), 'start'))
  const { slotMinutes } = await bookingRules(deps, found.value.teacherId)
  const wanted = start ? succeed({ startsAt: start, endsAt: plus(start, slotMinutes * MINUTE_MS) }) : refuse('missing-dates')
  const moved = await rescheduleClass(deps, viewerOf(c), found.value.id, wanted)
  // Or the class is there already: the same form was sent twice.
  if (moved.ok || moved.reason === 'same-slot') return c.redirect(area.doneHref(moved.ok ? moved.value.startsAt : start), 303)
  if (ABOUT_THE_CLASS.has(moved.reason)) return refusedPage(c, site, moved.reason, moved.detail)
  // A slot that is taken speaks for itself: the page offers others.
  const error =
    moved.reason === 'slot-taken'
      ? null
      : moved.reason === 'missing-dates'
        ? textIn(c.get('locale'), { es: pageEs, en: pageEn }).RESCHEDULE.missing
        : refusalText(c, moved.reason, moved.detail)
  const wish = moved.reason === 'slot-taken' ? start : null
  return page(c, site, area, found.value, { wish, error }, RESCHEDULE_STATUS[moved.reason])
}

function classOf(c: AppContext): ReturnType<typeof classToMove> {
  const id = c.req.param('id') ?? ''
  return isUuid(id) ? classToMove(c.get('deps'), viewerOf(c), id) : Promise.resolve(refuse('unknown-class'))
}

function refusedPage(c: AppContext, site: SiteOptions, reason: RescheduleRefusal, detail?: es.RescheduleRefusalDetail): Promise<Response> {
  return errorPage(c, site, RESCHEDULE_STATUS[reason], refusalText(c, reason, detail))
}

function refusalText(c: AppContext, reason: RescheduleRefusal, detail?: es.RescheduleRefusalDetail): string {
  return textIn(c.get('locale'), { es, en }).rescheduleText(reason, detail)
}

async function page(
  c: AppContext,
  site: SiteOptions,
  area: Area,
  toMove: ClassToMove,
  tried: { wish: Date | null; error: string | null },
  status: 200 | ErrorStatus,
): Promise<Response> {
  const { config } = c.get('deps')
  const { selected, ...week } = await weekOf(
    c,
    tried.wish,
    async () =>
      ({ startsAt: start, endsAt: end }) =>
        start.getTime() === toMove.startsAt.getTime() ? { start, end, state: 'current' } : null,
    wallDate(toMove.startsAt),
    toMove.teacherId,
  )
  return render(
    c,
    <ReschedulePage
      chrome={await chromeOf(c, site)}
      path={c.req.path}
      backHref={area.backHref}
      current={{
        startsAt: toMove.startsAt,
        endsAt: toMove.endsAt,
        type: toMove.classType,
        hostName: toMove.hostName,
        teacherName: toMove.teacherName,
      }}
      {...(toMove.teacherName === null ? {} : { teacherId: toMove.teacherId })}
      actor={toMove.actor}
      movesLeft={toMove.movesLeft}
      refund={toMove.refund}
      untilHours={config.rescheduleHours}
      refundUntilHours={config.fullRefundHours}
      week={week}
      selected={selected}
      error={tried.error}
    />,
    status,
  )
}
