import { addDays, wallDate } from '../../src/kernel/zoned-time.ts'
import { cookiesSet, walkGoogle } from '../support/google-consent.ts'
import { type Due, payAs } from './payments.ts'
import type { BookingPlan, Doer, PersonPlan } from './plan.ts'
import { type Answer, failed, send, type Town } from './town.ts'
import { pause } from './weather.ts'

const TRIES_MAX = 5
const TRY_AGAIN_MS = 300
const TRY_AGAIN_MS_MAX = 2_000
/** As long as somebody tries while the product is away. */
const PATIENCE_MS = 90_000
const SLOTS_TRIED_MAX = 3
const LOOKS_AT_PAYMENT_MAX = 5
const LOOKS_FOR_CODE_MAX = 25
const LOOK_MS = 700
const DAYS_LOOKED_AT = 13
const HOLD_MS = 20 * 60_000
const DONE = 200
const DONE_ON_PAGE = 303

/** Everything one person does, as planned. Ends by itself; what fails is tried again a few times, as people do. */
export async function live(town: Town, person: PersonPlan): Promise<void> {
  while (town.kills < person.arrivesAfterKills && !town.signal.aborted) await pause(LOOK_MS, town.signal)
  await pause(person.arrivesMs, town.signal)
  if (town.signal.aborted) return
  const cookie = await signIn(town, person.email, addressOf(person.index))
  if (cookie) {
    town.cookies[person.index] = cookie
    town.counts.signedIn += 1
    const who = { cookie, address: addressOf(person.index) }
    await send(town, who, 'GET', '/inicio')
    if (person.guessesCode) await send(town, who, 'POST', '/api/access-code', { json: { accessCode: 'NADIE000' } })
    for (const booking of person.bookings) {
      if (town.signal.aborted) break
      await bookAndPay(town, who, booking)
    }
  }
  town.counts.done += 1
}

/** Through Google's pages. Null: it did not work, several times. */
export async function signIn(town: Town, email: string, address: string): Promise<string | null> {
  const patienceEnds = performance.now() + PATIENCE_MS
  for (let tries = 1; performance.now() < patienceEnds && !town.signal.aborted; tries++) {
    const begun = await send(town, { cookie: '', address }, 'POST', '/api/auth/login', { form: { callbackUrl: '/inicio' } })
    const location = begun.headers.get('location') ?? ''
    if (location.startsWith(town.sandbox.urls.google)) {
      const back = await walkGoogle(location, { email }, town.url).catch(() => null)
      const cookie = cookiesSet({ headers: begun.headers } as Response)
      const finished = back && (await send(town, { cookie, address }, 'GET', back.pathname + back.search))
      if (finished && ['/inicio', '/admin'].includes(finished.headers.get('location') ?? ''))
        return cookiesSet({ headers: finished.headers } as Response)
    }
    await pause(Math.min(TRY_AGAIN_MS * tries, TRY_AGAIN_MS_MAX), town.signal)
  }
  return null
}

/** Guests of every class whose door has just opened enter all at once; there are more of them than seats. */
export async function openDoors(town: Town, leadMs: number): Promise<void> {
  const now = town.now()
  const open = town.invitations.filter(({ used, startsAt, endsAt }) => !used && now >= startsAt - leadMs && now < endsAt)
  for (const invitation of open) invitation.used = true
  await Promise.all(
    open.flatMap(({ code, friends }) =>
      friends.map(async (index) => {
        const cookie = town.cookies[index]
        if (!cookie) return
        const who = { cookie, address: addressOf(index) }
        const json = { accessCode: index % 2 === 0 ? code : ` ${code.toLowerCase()} ` }
        const [answer] = await Promise.all([
          again(() => send(town, who, 'POST', '/api/access-code', { json })),
          ...(index % 3 === 0 ? [send(town, who, 'POST', '/api/access-code', { json })] : []),
        ])
        if (answer.status === 200) town.counts.joins += 1
        else town.counts.turnedAway += 1
      }),
    ),
  )
}

interface Held extends Due {
  classId: string | null
  endsAt: number
}

type Who = { cookie: string; address: string }
/** Where the admin sits. */
export const ADMIN_ADDRESS = '10.255.255.1'

async function bookAndPay(town: Town, who: Who, plan: BookingPlan): Promise<void> {
  const held = await hold(town, who, plan)
  if (!held) return
  town.counts.holds += 1
  await pause(plan.pauseMs, town.signal)
  if (plan.pay === 'gives-up') {
    // Half of them say so, the others just leave.
    if (held.classId && plan.slotRank % 2 === 0) await again(() => send(town, who, 'POST', `/api/classes/${held.classId}/cancel`))
    return
  }
  town.preferences.push(held.preferenceId)
  const returnUrl = await payAs(town, plan.pay, held, plan)
  if (plan.returns && returnUrl?.startsWith(town.url)) await send(town, who, 'GET', returnUrl.slice(town.url.length))
  await untilAnswered(town, who, held.preferenceId)
  if (!held.classId) return
  const isThere = (plan.moved !== 'no' || plan.size > 1) && (await listed(town, who, held.classId)) !== null
  // What is moved gets a new code: friends are told the one that counts.
  if (isThere && plan.moved !== 'no') await move(town, who, held.classId, plan)
  if (isThere && plan.size > 1) await invite(town, who, held.classId, plan)
  if (plan.cancelled !== 'no') await giveUp(town, who, held.classId, plan)
}

/** A slot for this booking, by one of the ways the product offers. Null: nothing was free, or it never worked. */
async function hold(town: Town, who: Who, plan: BookingPlan): Promise<Held | null> {
  const free = await freeSlots(town, who)
  const preferenceId = plan.through === 'preference-and-booking' ? await preferenceFor(town, who, plan) : null
  if (plan.through === 'preference-and-booking' && !preferenceId) return null
  for (let turn = 0; turn < SLOTS_TRIED_MAX && free.length > 0; turn++) {
    const slot = free[(plan.slotRank + turn * 7) % free.length]
    if (!slot) break
    const json = {
      start: slot.start,
      end: slot.end,
      ...(plan.size === 1 ? {} : { isGroupClass: true, studentsCount: plan.size }),
      ...(preferenceId ? { preferenceId } : {}),
    }
    const headers: Record<string, string> = plan.through === 'checkout-with-key' ? { 'idempotency-key': crypto.randomUUID() } : {}
    const ask = () => send(town, who, 'POST', preferenceId ? '/api/booking' : '/api/checkout', { json, headers })
    const answers = await Promise.all(Array.from({ length: plan.clicks }, () => again(ask)))
    const got = answers.find(({ status }) => status === 200)
    if (got) {
      const endsAt = Date.parse(slot.end)
      town.lastEndMs = Math.max(town.lastEndMs, endsAt)
      return heldBy(got, preferenceId, town, plan, endsAt)
    }
  }
  // Somebody who has a preference and no class may pay all the same.
  return preferenceId && plan.slotRank % 3 === 0
    ? { preferenceId, classId: null, holdEndsAt: town.now() + HOLD_MS, price: town.priceOf(plan.size), endsAt: 0 }
    : null
}

function heldBy({ body }: Answer, preferenceId: string | null, town: Town, plan: BookingPlan, endsAt: number): Held {
  return {
    preferenceId: preferenceId ?? String(body.preferenceId),
    classId: String(body.classId),
    holdEndsAt: typeof body.holdExpiresAt === 'string' ? Date.parse(body.holdExpiresAt) : town.now() + HOLD_MS,
    price: town.priceOf(plan.size),
    endsAt,
  }
}

async function preferenceFor(town: Town, who: Who, { size }: BookingPlan): Promise<string | null> {
  const json = { type: size === 1 ? 'individual' : 'grupal', ...(size === 1 ? {} : { studentsCount: size }) }
  const made = await again(() => send(town, who, 'POST', '/api/mercado-pago/create-preference', { json }))
  return made.status === 200 ? String(made.body.preferenceId) : null
}

async function untilAnswered(town: Town, who: Who, preferenceId: string): Promise<void> {
  for (let looks = 0; looks < LOOKS_AT_PAYMENT_MAX && !town.signal.aborted; looks++) {
    const answer = await send(town, who, 'GET', `/api/payments/${encodeURIComponent(preferenceId)}`)
    const { status } = (answer.body.response ?? {}) as { status?: string }
    if (status === 'approved' || status === 'refunded') return
    await pause(LOOK_MS, town.signal)
  }
}

async function freeSlots(town: Town, who: Who): Promise<readonly { start: string; end: string }[]> {
  const today = wallDate(new Date(town.now()))
  const path = `/api/availability?from=${today}&to=${addDays(today, DAYS_LOOKED_AT)}`
  const looked = await again(() => send(town, who, 'GET', path))
  const slots = (looked.body.slots ?? []) as { start: string; end: string; state: string }[]
  const free = slots.filter(({ state }) => state === 'free')
  if (free.length > 0) town.free = free
  return free
}

/** The host waits for the class to be in the list. Null: it never came. */
async function listed(town: Town, who: Who, classId: string): Promise<Mine | null> {
  for (let looks = 0; looks < LOOKS_FOR_CODE_MAX && !town.signal.aborted; looks++) {
    const answer = await send(town, who, 'GET', '/api/my-classes')
    const mine = ((answer.body.response ?? []) as Mine[]).find(({ id }) => id === classId)
    if (mine?.accessCode) return mine
    await pause(LOOK_MS, town.signal)
  }
  return null
}

interface Mine {
  id: string
  accessCode?: string
  startTime: string
  endTime: string
}

/** The host gives the code to friends. */
async function invite(town: Town, who: Who, classId: string, { friends }: BookingPlan): Promise<void> {
  const mine = await listed(town, who, classId)
  if (!mine?.accessCode) return
  const times = { startsAt: Date.parse(mine.startTime), endsAt: Date.parse(mine.endTime) }
  town.invitations.push({ code: mine.accessCode, ...times, friends, used: false })
}

/** To another hour that is free, as the API or the page has it. Two who do it at once want different ones. */
async function move(town: Town, who: Who, classId: string, { moved, onPages, slotRank }: BookingPlan): Promise<void> {
  const free = await freeSlots(town, who)
  await doneBy(town, who, moved, async (actor, isAdmin) => {
    const slot = free[(slotRank + (isAdmin ? 5 : 3)) % Math.max(1, free.length)]
    if (!slot) return
    const { start, end } = slot
    const page = `${isAdmin ? '/admin/clases' : '/inicio/mis-clases-virtuales'}/${classId}/reprogramar`
    const [path, content] = onPages ? [page, { form: { start } }] : [`/api/classes/${classId}/reschedule`, { json: { start, end } }]
    const { status } = await again(() => send(town, actor, 'POST', path, content))
    if (status !== DONE && status !== DONE_ON_PAGE) town.counts.movesRefused += 1
    else {
      town.counts.moved += 1
      town.lastEndMs = Math.max(town.lastEndMs, Date.parse(end))
    }
  })
}

async function giveUp(town: Town, who: Who, classId: string, { cancelled, onPages }: BookingPlan): Promise<void> {
  await doneBy(town, who, cancelled, async (actor, isAdmin) => {
    const [path, content] = onPages
      ? [`${isAdmin ? '/admin' : '/inicio'}/clases/${classId}/cancelar`, { form: {} }]
      : [`/api/classes/${classId}/cancel`, {}]
    const { status } = await again(() => send(town, actor, 'POST', path, content))
    if (status === DONE || status === DONE_ON_PAGE) town.counts.cancelled += 1
  })
}

async function doneBy(town: Town, host: Who, by: Doer, deed: (actor: Who, isAdmin: boolean) => Promise<void>): Promise<void> {
  await Promise.all([
    ...(by === 'host' || by === 'both-at-once' ? [deed(host, false)] : []),
    ...(by === 'admin' || by === 'both-at-once' ? [deed({ cookie: town.admin, address: ADMIN_ADDRESS }, true)] : []),
  ])
}

/** Tries again what got lost: a few times when there was an answer, and longer while nobody is there. */
export async function again(request: () => Promise<Answer>): Promise<Answer> {
  const patienceEnds = performance.now() + PATIENCE_MS
  for (let tries = 1; ; tries++) {
    const answer = await request()
    const isAway = answer.status === 0 || answer.status === 502 || answer.status === 503
    if (!failed(answer) || performance.now() > patienceEnds || (!isAway && tries >= TRIES_MAX)) return answer
    await pause(Math.min(TRY_AGAIN_MS * tries, TRY_AGAIN_MS_MAX))
  }
}

/** Everybody has an address of their own. */
function addressOf(index: number): string {
  return `10.0.${Math.floor(index / 250)}.${(index % 250) + 1}`
}
