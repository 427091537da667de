import type { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { bookingRules } from '../../features/academy/queries.ts'
import { startCheckout } from '../../features/booking/checkout.ts'
import { BOOKING_STATUS } from '../../features/booking/rules.ts'
import { parseSlotRequest } from '../../features/booking/schema.ts'
import { bookingPageText } from '../../features/booking/text.es.ts'
import { ownHolds } from '../../features/virtual-class/queries.ts'
import { headCount, priceOf } from '../../features/virtual-class/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { parseInstant } from '../../kernel/zoned-time.ts'
import { BookingPage } from '../pages/booking/booking.tsx'
import type { Draft } from '../pages/booking/view.ts'
import { CheckPage, type CheckView, type Selection } from '../pages/checkout/check.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { pricesOf } from './views.ts'
import { weekOf } from './week.ts'

const CHECKOUTS_PER_10_MINUTES = 120

/** Choosing a slot, checking it, and going to pay (behaviour 4.21). */
export function mountBooking(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/reservas', (c) => showWeek(c, site))
  app.get('/inicio/pre-compra', (c) => showCheck(c, site))
  app.post('/inicio/pre-compra', (c) => pay(c, site))
}

async function showWeek(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const draft = draftOf(c)
  const holds = await ownHolds(deps.db.handle, viewerOf(c).id, deps.clock.now())
  const { selected, ...week } = await weekOf(c, draft.start, new Map(holds.map((hold) => [hold.startsAt.getTime(), 'mine' as const])))
  return render(
    c,
    <BookingPage
      chrome={await chromeOf(c, site)}
      {...week}
      draft={{ ...draft, start: selected }}
      prices={pricesOf(deps.config)}
      holdMinutes={deps.config.holdMinutes}
      refundUntilHours={deps.config.fullRefundHours}
    />,
  )
}

async function showCheck(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const selection = await selectionOf(deps, draftOf(c))
  return render(c, <CheckPage chrome={await chromeOf(c, site)} {...(await checkView(c, selection))} />)
}

async function checkView(
  c: AppContext,
  selection: Selection | null,
  problem: Partial<Pick<CheckView, 'error' | 'alternatives'>> = {},
): Promise<CheckView> {
  const deps = c.get('deps')
  const holds = selection ? await ownHolds(deps.db.handle, viewerOf(c).id, deps.clock.now()) : []
  const hold = holds.find(
    (candidate) =>
      candidate.startsAt.getTime() === selection?.start.getTime() &&
      candidate.classType === selection.type &&
      candidate.maxParticipants === selection.people &&
      (candidate.learningFocus ?? '') === selection.text,
  )
  return {
    selection,
    key: deps.ids.secret(16),
    hold: hold ? { classId: hold.classId, expiresAt: hold.holdExpiresAt } : null,
    error: problem.error ?? null,
    alternatives: problem.alternatives ?? null,
    holdMinutes: deps.config.holdMinutes,
    refundUntilHours: deps.config.fullRefundHours,
    rescheduleUntilHours: deps.config.maxReschedules === 0 ? null : deps.config.rescheduleHours,
  }
}

/** The one action: hold, order, preference, and off to Mercado Pago. What was typed stays when it cannot be done. */
async function pay(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const limited = await limitRate(c, '/api/checkout', CHECKOUTS_PER_10_MINUTES)
  if (limited) return errorPage(c, site, 429)
  const form = await readForm(c)
  const parsed = parseSlotRequest({
    start: field(form, 'start'),
    end: field(form, 'end'),
    isGroupClass: field(form, 'type') === 'grupal',
    studentsCount: field(form, 'n') || undefined,
    text: field(form, 'text'),
  })
  const outcome = parsed.ok ? await startCheckout(deps, viewerOf(c).id, parsed.value) : parsed
  if (outcome.ok) return c.redirect(outcome.value.initPoint, 303)
  const draft: Draft = {
    start: parseInstant(field(form, 'start')),
    type: field(form, 'type') === 'grupal' ? 'grupal' : 'individual',
    people: Number(field(form, 'n')) || null,
    text: field(form, 'text').slice(0, 500),
  }
  const alternatives = outcome.detail?.alternatives?.map((slot) => ({ start: new Date(slot.start), end: new Date(slot.end) })) ?? null
  const error = outcome.reason === 'slot-taken' ? null : bookingPageText(outcome.reason, outcome.detail ?? {})
  const view = await checkView(c, await selectionOf(deps, draft), { error, alternatives })
  return render(c, <CheckPage chrome={await chromeOf(c, site)} {...view} />, BOOKING_STATUS[outcome.reason])
}

async function selectionOf(deps: Deps, draft: Draft): Promise<Selection | null> {
  const people = headCount(draft.type, draft.people)
  if (!draft.start || people === null) return null
  const { slotMinutes } = await bookingRules(deps)
  return {
    start: draft.start,
    end: plus(draft.start, slotMinutes * MINUTE_MS),
    type: draft.type,
    people,
    text: draft.text,
    total: priceOf(deps.config.pricing, draft.type, people),
  }
}

function draftOf(c: AppContext): Draft {
  const type = c.req.query('type') === 'grupal' ? 'grupal' : 'individual'
  const people = Number(c.req.query('n'))
  return {
    start: parseInstant(c.req.query('start') ?? ''),
    type,
    people: type === 'grupal' && Number.isInteger(people) && people >= 2 && people <= 5 ? people : null,
    text: (c.req.query('text') ?? '').replaceAll('\0', '').trim().slice(0, 500),
  }
}
