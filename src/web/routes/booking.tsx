import type { Hono } from 'hono'
import type { Deps } from '../../deps.ts'
import { bookingRules, teachersToChoose } from '../../features/academy/queries.ts'
import { objectiveIdeas } from '../../features/activity/memory/queries.ts'
import { availability, nearestFree } from '../../features/booking/availability.ts'
import { cancelClass } from '../../features/booking/cancel.ts'
import { startCheckout } from '../../features/booking/checkout.ts'
import { exchangeHolds } from '../../features/booking/exchange.ts'
import { endedHold, openBookings, ownClassTimes } from '../../features/booking/own.ts'
import { BOOKING_STATUS, type BookingOutcome, type BookingRefusal } from '../../features/booking/rules.ts'
import { parseSlotRequest, type SlotRequest } from '../../features/booking/schema.ts'
import { checkSlot } from '../../features/booking/slot.ts'
import * as en from '../../features/booking/text.en.ts'
import * as es from '../../features/booking/text.es.ts'
import { IdempotencyKey, oncePerKey } from '../../features/operation/idempotency.ts'
import { headCount, priceOf } from '../../features/virtual-class/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { textIn } from '../../kernel/locale.ts'
import { succeed } from '../../kernel/outcome.ts'
import { sha256 } from '../../kernel/secret-box.ts'
import { wallDate } from '../../kernel/zoned-time.ts'
import { BookingPage } from '../pages/booking/booking.tsx'
import { askPeopleHref, checkHref, type Draft } from '../pages/booking/view.ts'
import { CheckPage } from '../pages/checkout/check.tsx'
import type { CheckView, Selection } from '../pages/checkout/view.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import * as sharedEn from '../text.en.ts'
import * as sharedEs from '../text.es.ts'
import type { Notice } from '../ui/chrome.ts'
import type { OpenBookingView } from '../ui/open-bookings.tsx'
import { viewerOf } from './guard.ts'
import { openBookingView, pricesOf } from './views.ts'
import { ownSlots, slotStartOf, weekOf } from './week.ts'

const CHECKOUTS_PER_10_MINUTES = 120

/** Choosing a slot, checking it, and going to pay (behaviour 4.21). */
export function mountBooking(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/reservas', (c) => showWeek(c, site))
  app.get('/inicio/pre-compra', (c) => showCheck(c, site))
  app.post('/inicio/pre-compra', (c) => pay(c, site))
}

async function showWeek(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const { handle } = deps.db
  const draft = await draftOf(c)
  const opening = ownOpenBookings(c)
  const ownOf = async (from: Date, to: Date) =>
    ownSlots({ classes: await ownClassTimes(handle, viewerOf(c).id, from, to), open: await opening })
  const { OPEN_BOOKING } = textIn(c.get('locale'), { es: sharedEs, en: sharedEn })
  const released: Notice | null = c.req.query('liberado') ? { kind: 'ok', text: `${OPEN_BOOKING.released}.` } : null
  const [chrome, open, { selected, ...week }, teachers, ideas] = await Promise.all([
    chromeOf(c, site, released),
    opening,
    weekOf(c, draft.start, ownOf, null, draft.teacher),
    teachersToChoose(deps),
    objectiveIdeas(deps, viewerOf(c).id),
  ])
  return render(
    c,
    <BookingPage
      chrome={chrome}
      {...week}
      draft={{ ...draft, start: selected }}
      asksPeople={c.req.query('falta') === 'n' && headCount(draft.type, draft.people) === null}
      teachers={teachers}
      ideas={ideas}
      open={open}
      prices={pricesOf(deps.config)}
      holdMinutes={deps.config.holdMinutes}
      refundUntilHours={deps.config.fullRefundHours}
    />,
  )
}

async function ownOpenBookings(c: AppContext): Promise<OpenBookingView[]> {
  const { db, clock } = c.get('deps')
  return (await openBookings(db.handle, viewerOf(c).id, clock.now())).map(openBookingView)
}

async function showCheck(c: AppContext, site: SiteOptions): Promise<Response> {
  const draft = await draftOf(c)
  // Nothing that was chosen is lost: the form asks for what is missing.
  if (draft.start && headCount(draft.type, draft.people) === null) return c.redirect(askPeopleHref(draft), 303)
  const selection = await selectionOf(c.get('deps'), draft)
  const view = await checkView(c, selection)
  const known = selection && !view.hold && !view.replaces && !view.blocked ? await problemOf(c, selection) : null
  return render(c, <CheckPage chrome={await chromeOf(c, site)} {...view} {...known} />)
}

type Problem = Pick<CheckView, 'error' | 'alternatives' | 'blocked'>
const NO_PROBLEM = { error: null, aftermath: null, lost: [], alternatives: null, blocked: null } as const

async function checkView(
  c: AppContext,
  selection: Selection | null,
  problem: Problem & Pick<CheckView, 'lost'> & { reason: BookingRefusal | null } = { ...NO_PROBLEM, reason: null },
): Promise<CheckView> {
  const deps = c.get('deps')
  const now = deps.clock.now()
  const open = await ownOpenBookings(c)
  const ofSlot = open.find((booking) => booking.slot === 'held' && booking.start.getTime() === selection?.start.getTime())
  const unpaid = ofSlot?.standing === 'unpaid' ? ofSlot : null
  const isSame =
    unpaid?.type === selection?.type && unpaid?.people === selection?.people && unpaid?.text === selection?.text && isFor(unpaid, selection)
  const { reason, ...told } = problem
  const others = open.filter((booking) => booking !== ofSlot && (booking.standing === 'unpaid' || selection === null))
  return {
    ...told,
    selection,
    key: deps.ids.secret(16),
    hold:
      unpaid?.expiresAt && isSame
        ? { classId: unpaid.classId, expiresAt: unpaid.expiresAt, rejection: unpaid.rejection, teacher: unpaid.teacher?.name ?? null }
        : null,
    replaces: isSame ? null : unpaid,
    others,
    isFull: selection !== null && !unpaid && others.length >= deps.config.maxUnpaidHolds,
    waiting: ofSlot && !unpaid ? ofSlot : null,
    ended: selection !== null && !ofSlot && (await endedHold(deps.db.handle, viewerOf(c).id, selection.start, now)) !== null,
    aftermath: aftermathOf(reason, unpaid !== null),
    // An own hold of that hour can be exchanged for what was chosen; any other class of one's own cannot.
    blocked: problem.blocked ?? (ofSlot && !unpaid ? 'waiting' : reason === 'own-class' && !unpaid ? 'refused' : null),
    holdMinutes: deps.config.holdMinutes,
    refundUntilHours: deps.config.fullRefundHours,
    isRefundable: selection === null || now <= plus(selection.start, -deps.config.fullRefundHours * HOUR_MS),
    rescheduleUntilHours: deps.config.maxReschedules === 0 ? null : deps.config.rescheduleHours,
  }
}

/** Whoever asks for anybody is content with the teacher that was found. */
function isFor(booking: OpenBookingView | null, selection: Selection | null): boolean {
  return !selection?.teacher || booking?.teacher?.id === selection.teacher.id
}

/** What a payment that could not be started means for the slot. The other refusals say it themselves. */
function aftermathOf(reason: BookingRefusal | null, isKept: boolean): CheckView['aftermath'] {
  switch (reason) {
    case 'too-many-holds':
      return 'too-many'
    case 'provider-failed':
    case 'provider-incomplete':
    case 'not-stored':
      return isKept ? 'kept' : 'not-kept'
    default:
      return null
  }
}

/** Why a slot cannot be paid, said before the click. What can be known without asking another system; paying asks again. */
async function problemOf(c: AppContext, selection: Selection): Promise<Problem | null> {
  const deps = c.get('deps')
  const { start, end } = selection
  const viewerId = viewerOf(c).id
  if ((await ownClassTimes(deps.db.handle, viewerId, start, end)).length > 0) return { error: null, alternatives: null, blocked: 'mine' }
  const day = wallDate(start)
  const teacherId = selection.teacher?.id ?? null
  const { slots, reason } = await availability(deps, day, day, teacherId)
  const { BOOKING } = textIn(c.get('locale'), { es: sharedEs, en: sharedEn })
  if (reason === 'calendar') return { error: BOOKING.calendarUnreadable, alternatives: null, blocked: 'refused' }
  const slot = slots.find((candidate) => candidate.startsAt.getTime() === start.getTime())
  if (slot?.state === 'free') return null
  if (slot?.state === 'taken') {
    // Only by one's own hold, which ran out a moment ago: paying again settles it.
    if ((await endedHold(deps.db.handle, viewerId, start, deps.clock.now())) === 'settling') return null
    return { error: null, alternatives: await freeAround(deps, start, teacherId), blocked: 'taken' }
  }
  const allowed = await checkSlot(deps, { startsAt: start, endsAt: end }, teacherId ?? undefined)
  if (allowed.ok) return null
  return { error: refusalText(c, allowed), alternatives: null, blocked: 'refused' }
}

function refusalText(c: AppContext, { reason, detail }: Extract<BookingOutcome<unknown>, { ok: false }>): string {
  const { bookingPageText } = textIn<Pick<typeof es, 'bookingPageText'>>(c.get('locale'), { es, en })
  return bookingPageText(reason, detail ?? {})
}

async function freeAround(deps: Deps, start: Date, teacherId: string | null): Promise<{ start: Date; end: Date }[]> {
  return (await nearestFree(deps, start, teacherId)).map((slot) => ({ start: slot.startsAt, end: slot.endsAt }))
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
    teacherId: field(form, 'profe'),
  })
  const before = await ownOpenBookings(c)
  const outcome = parsed.ok ? await checkoutOnce(c, form, parsed.value) : parsed
  const draft: Draft = {
    start: await slotStartOf(deps, field(form, 'start')),
    type: field(form, 'type') === 'grupal' ? 'grupal' : 'individual',
    people: Number(field(form, 'n')) || null,
    text: field(form, 'text').slice(0, 500),
    teacher: parsed.ok ? (parsed.value.teacherId ?? null) : null,
  }
  if (outcome.ok) {
    // An old page sent once more: its hold may have ended since, and its payment with it, or have been paid.
    const open = await openBookings(deps.db.handle, viewerOf(c).id, deps.clock.now())
    const isPayable = open.some((booking) => booking.standing === 'unpaid' && booking.initPoint === outcome.value)
    return c.redirect(isPayable ? outcome.value : checkHref(draft), 303)
  }
  const { reason } = outcome
  const view = await checkView(c, await selectionOf(deps, draft), {
    reason,
    error: reason === 'slot-taken' ? null : refusalText(c, outcome),
    ...(reason === 'own-class' ? { alternatives: null, blocked: null } : alternativesOf(outcome)),
    lost: await goneSince(c, before, form),
  })
  return render(c, <CheckPage chrome={await chromeOf(c, site)} {...view} />, BOOKING_STATUS[reason])
}

function alternativesOf({ detail }: Extract<BookingOutcome<unknown>, { ok: false }>): Pick<CheckView, 'alternatives' | 'blocked'> {
  const alternatives = detail?.alternatives?.map((slot) => ({ start: new Date(slot.start), end: new Date(slot.end) })) ?? null
  return { alternatives, blocked: alternatives ? 'taken' : null }
}

/** The holds that the form offered in exchange, as far as they went although nothing was got for them. */
async function goneSince(c: AppContext, before: readonly OpenBookingView[], form: FormData | null): Promise<OpenBookingView[]> {
  const offered = (form?.getAll('replace') ?? []).map(String)
  const left = new Set((await ownOpenBookings(c)).map((booking) => booking.classId))
  return before.filter(({ classId, standing }) => standing === 'unpaid' && offered.includes(classId) && !left.has(classId))
}

/** Where to pay. The form carries a key, so that sending it twice is sending it once, as with `POST /api/checkout`. */
async function checkoutOnce(c: AppContext, form: FormData | null, request: SlotRequest): Promise<BookingOutcome<string>> {
  const replaced = (form?.getAll('replace') ?? []).map(String)
  const run = () => checkoutInsteadOf(c, request, replaced)
  const key = IdempotencyKey.safeParse(field(form, 'key'))
  const body = [...['start', 'end', 'type', 'n', 'text', 'profe'].map((name) => field(form, name)), ...replaced]
  const sent = { userId: viewerOf(c).id, bodyHash: sha256(JSON.stringify(body)) }
  const outcome = key.success ? await oncePerKey(c.get('deps'), { ...sent, key: key.data }, run) : await run()
  return outcome.ok ? succeed(String(outcome.value.initPoint)) : outcome
}

/**
 * Holds the slot and gives up the own unpaid holds that it takes the place of. One in the same hour is exchanged for it in one step; any other
 * goes after the new one stands.
 */
async function checkoutInsteadOf(
  c: AppContext,
  request: SlotRequest,
  replaced: readonly string[],
): Promise<BookingOutcome<{ initPoint: string }>> {
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const unpaid = (await ownOpenBookings(c)).filter((booking) => booking.standing === 'unpaid' && replaced.includes(booking.classId))
  const inTheWay = unpaid.filter((booking) => booking.start < request.endsAt && booking.end > request.startsAt)
  const inItsWay = inTheWay.map(({ classId }) => classId)
  const start = () => (inItsWay.length > 0 ? exchangeHolds(deps, viewer.id, request, inItsWay) : startCheckout(deps, viewer.id, request))
  const giveUp = async (bookings: readonly OpenBookingView[]) => {
    for (const { classId } of bookings) await cancelClass(deps, viewer, classId, '', { holdOnly: true })
  }
  const others = unpaid.filter((booking) => !inTheWay.includes(booking))
  let started = await start()
  if (!started.ok && started.reason === 'too-many-holds' && others.length > 0) {
    // What was to go afterwards makes the room that is missing.
    await giveUp(others)
    started = await start()
  }
  if (!started.ok) return started
  await giveUp(others)
  return succeed({ initPoint: started.value.initPoint })
}

async function selectionOf(deps: Deps, draft: Draft): Promise<Selection | null> {
  const people = headCount(draft.type, draft.people)
  if (!draft.start || people === null) return null
  const { slotMinutes } = await bookingRules(deps)
  const teachers = await teachersToChoose(deps)
  return {
    ...(teachers.length === 0 ? {} : { teacher: teachers.find(({ id }) => id === draft.teacher) ?? null }),
    start: draft.start,
    end: plus(draft.start, slotMinutes * MINUTE_MS),
    type: draft.type,
    people,
    text: draft.text,
    total: priceOf(deps.config.pricing, draft.type, people),
  }
}

async function draftOf(c: AppContext): Promise<Draft & { teacher: string | null }> {
  const type = c.req.query('type') === 'grupal' ? 'grupal' : 'individual'
  const people = Number(c.req.query('n'))
  return {
    start: await slotStartOf(c.get('deps'), c.req.query('start') ?? ''),
    type,
    people: type === 'grupal' && Number.isInteger(people) && people >= 2 && people <= 5 ? people : null,
    text: (c.req.query('text') ?? '').replaceAll('\0', '').trim().slice(0, 500),
    teacher: await teacherOf(c),
  }
}

/** One who takes no bookings any more is as good as none. */
async function teacherOf(c: AppContext): Promise<string | null> {
  const wanted = c.req.query('profe')
  if (!wanted) return null
  return (await teachersToChoose(c.get('deps'))).find(({ id }) => id === wanted)?.id ?? null
}
