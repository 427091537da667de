import type { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { bookingRules } from '../../features/academy/queries.ts'
import { startCheckout } from '../../features/booking/checkout.ts'
import { BOOKING_STATUS, type BookingOutcome } from '../../features/booking/rules.ts'
import { parseSlotRequest, type SlotRequest } from '../../features/booking/schema.ts'
import { bookingPageText } from '../../features/booking/text.es.ts'
import { IdempotencyKey, oncePerKey } from '../../features/operation/idempotency.ts'
import { ownHolds } from '../../features/virtual-class/queries.ts'
import { headCount, priceOf } from '../../features/virtual-class/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { succeed } from '../../kernel/outcome.ts'
import { sha256 } from '../../kernel/secret-box.ts'
import { BookingPage } from '../pages/booking/booking.tsx'
import { checkHref, type Draft } from '../pages/booking/view.ts'
import { CheckPage, type CheckView, type Selection } from '../pages/checkout/check.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { pricesOf } from './views.ts'
import { slotStartOf, weekOf } from './week.ts'

const CHECKOUTS_PER_10_MINUTES = 120

/** Choosing a slot, checking it, and going to pay (behaviour 4.21). */
export function mountBooking(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/reservas', (c) => showWeek(c, site))
  app.get('/inicio/pre-compra', (c) => showCheck(c, site))
  app.post('/inicio/pre-compra', (c) => pay(c, site))
}

async function showWeek(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const draft = await draftOf(c)
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
  const selection = await selectionOf(deps, await draftOf(c))
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
  const outcome = parsed.ok ? await checkoutOnce(c, form, parsed.value) : parsed
  const draft: Draft = {
    start: await slotStartOf(deps, field(form, 'start')),
    type: field(form, 'type') === 'grupal' ? 'grupal' : 'individual',
    people: Number(field(form, 'n')) || null,
    text: field(form, 'text').slice(0, 500),
  }
  if (outcome.ok) {
    // An old page sent once more: its hold may have ended since, and its payment with it.
    const holds = await ownHolds(deps.db.handle, viewerOf(c).id, deps.clock.now())
    return c.redirect(holds.some((hold) => hold.initPoint === outcome.value) ? outcome.value : checkHref(draft), 303)
  }
  const alternatives = outcome.detail?.alternatives?.map((slot) => ({ start: new Date(slot.start), end: new Date(slot.end) })) ?? null
  const error = outcome.reason === 'slot-taken' ? null : bookingPageText(outcome.reason, outcome.detail ?? {})
  const view = await checkView(c, await selectionOf(deps, draft), { error, alternatives })
  return render(c, <CheckPage chrome={await chromeOf(c, site)} {...view} />, BOOKING_STATUS[outcome.reason])
}

/** Where to pay. The form carries a key, so that sending it twice is sending it once, as with `POST /api/checkout`. */
async function checkoutOnce(c: AppContext, form: FormData | null, request: SlotRequest): Promise<BookingOutcome<string>> {
  const deps = c.get('deps')
  const userId = viewerOf(c).id
  const run = async () => {
    const started = await startCheckout(deps, userId, request)
    return started.ok ? succeed({ initPoint: started.value.initPoint }) : started
  }
  const key = IdempotencyKey.safeParse(field(form, 'key'))
  const body = ['start', 'end', 'type', 'n', 'text'].map((name) => field(form, name))
  const bodyHash = sha256(JSON.stringify(body))
  const outcome = key.success ? await oncePerKey(deps, { userId, key: key.data, bodyHash }, run) : await run()
  return outcome.ok ? succeed(String(outcome.value.initPoint)) : outcome
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

async function draftOf(c: AppContext): Promise<Draft> {
  const type = c.req.query('type') === 'grupal' ? 'grupal' : 'individual'
  const people = Number(c.req.query('n'))
  return {
    start: await slotStartOf(c.get('deps'), c.req.query('start') ?? ''),
    type,
    people: type === 'grupal' && Number.isInteger(people) && people >= 2 && people <= 5 ? people : null,
    text: (c.req.query('text') ?? '').replaceAll('\0', '').trim().slice(0, 500),
  }
}
