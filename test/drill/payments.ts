import type { BookingPlan, WayToPay } from './plan.ts'
import type { Town } from './town.ts'
import { pause } from './weather.ts'

/** What somebody has to pay. */
export interface Due {
  preferenceId: string
  /** When the hold ends, in milliseconds of the sandbox's clock. */
  holdEndsAt: number
  price: number
}

/** A while on the sandbox's clock that nobody waits for longer than this, in real time. */
const LATE_WAIT_MS = 20_000
const LOOK_MS = 250
const THINK_MS = 1_200
const DAY_MS = 86_400_000

/** Pays in one of all the ways there are. Returns the address that leads back to the product, when there is one. */
export async function payAs(town: Town, way: WayToPay, due: Due, plan: BookingPlan): Promise<string | null> {
  return (await WAYS[way](town, due, plan)) ?? null
}

type Way = (town: Town, due: Due, plan: BookingPlan) => Promise<string | null | undefined>

const WAYS: Record<WayToPay, Way> = {
  card: (town, due) => atCheckout(town, due, 'APRO', 'only'),
  'rejected-then-card': async (town, due) => {
    await atCheckout(town, due, 'FUND', 'first')
    return atCheckout(town, due, 'APRO', 'second')
  },
  'account-money': async (town, due) => (await pay(town, due, { method: 'account_money' }))?.returnUrl,
  'same-attempt-twice': async (town, due) => {
    const [url] = await Promise.all([atCheckout(town, due, 'APRO', 'same'), atCheckout(town, due, 'APRO', 'same')])
    return url
  },
  'paid-twice': async (town, due) => (await pay(town, due, { times: 2 }))?.returnUrl,
  'two-halves': async (town, due) => {
    await pay(town, due, { amount: due.price / 2 })
    return (await pay(town, due, { amount: due.price / 2, force: true }))?.returnUrl
  },
  'too-much': async (town, due) => (await pay(town, due, { amount: due.price + 500 }))?.returnUrl,
  half: async (town, due) => (await pay(town, due, { amount: due.price / 2 }))?.returnUrl,
  'wrong-currency': async (town, due) => (await pay(town, due, { currency: 'USD' }))?.returnUrl,
  'other-account': async (town, due) => (await pay(town, due, { collectorId: 999_999 }))?.returnUrl,
  'unknown-reference': async (town, due) => (await pay(town, due, { externalReference: 'nothing-of-ours' }))?.returnUrl,
  'no-reference': async (town, due) => (await pay(town, due, { externalReference: null }))?.returnUrl,
  'reference-of-another': async (town, due, { slotRank }) => {
    const others = town.preferences.filter((id) => id !== due.preferenceId)
    const other = others[slotRank % Math.max(1, others.length)]
    const externalReference = other === undefined ? null : await referenceOf(town, other)
    return (await pay(town, due, { externalReference }))?.returnUrl
  },
  'cash-days-later': async (town, due, { slotRank }) => {
    const paid = await pay(town, due, { method: 'rapipago', force: true })
    if (!paid) return null
    later(town, 0.5 + (slotRank % 3), async () => {
      if (await event(town, paid.id, 'approve')) town.counts.cashLate += 1
    })
    return paid.returnUrl
  },
  cash: async (town, due) => {
    const paid = await pay(town, due, { method: 'rapipago', force: true })
    await pause(THINK_MS)
    if (paid) await event(town, paid.id, 'approve')
    return paid?.returnUrl
  },
  'cash-never-paid': async (town, due) => (await pay(town, due, { method: 'pagofacil', force: true }))?.returnUrl,
  reviewed: async (town, due) => {
    const paid = await pay(town, due, { method: 'rapipago', force: true })
    if (!paid) return null
    await event(town, paid.id, 'status', { status: 'in_process', detail: 'pending_review_manual' })
    await pause(THINK_MS)
    await event(town, paid.id, 'approve')
    return paid.returnUrl
  },
  late: async (town, due) => {
    for (let waited = 0; town.now() <= due.holdEndsAt + 60_000 && waited < LATE_WAIT_MS; waited += LOOK_MS) await pause(LOOK_MS)
    return (await pay(town, due, { force: true }))?.returnUrl
  },
  'hidden-at-first': async (town, due) => {
    const paid = await pay(town, due, {})
    if (paid) await event(town, paid.id, 'hide', { reads: 3 })
    return paid?.returnUrl
  },
  'refunded-outside': async (town, due) => {
    const paid = await pay(town, due, {})
    await pause(THINK_MS)
    if (paid) await event(town, paid.id, 'refund')
    return paid?.returnUrl
  },
  claimed: (town, due) => dispute(town, due, ['mediate']),
  'claim-won': (town, due) => dispute(town, due, ['mediate'], ['status', { status: 'approved', detail: 'accredited' }]),
  'claim-lost': (town, due) => dispute(town, due, ['mediate'], ['status', { status: 'refunded', detail: 'refunded' }]),
  'charged-back': (town, due) => dispute(town, due, ['chargeback']),
  'charge-back-won': (town, due) => dispute(town, due, ['chargeback'], ['chargeback', { outcome: 'reimbursed' }]),
  'charge-back-lost': (town, due) => dispute(town, due, ['chargeback'], ['chargeback', { outcome: 'settled' }]),
  'gives-up': async () => null,
}

type Step = [name: string, body?: Record<string, unknown>]

/** Paid, and then the buyer or the bank wants the money back; what comes of it is known a day later. Without `end` it stays open. */
async function dispute(town: Town, due: Due, [name, body]: Step, end?: Step): Promise<string | null> {
  const paid = await pay(town, due, {})
  await pause(THINK_MS)
  if (!paid || !(await event(town, paid.id, name, body))) return paid?.returnUrl ?? null
  town.counts.disputes += 1
  if (end)
    later(town, 1, async () => {
      if (await event(town, paid.id, ...end)) town.counts.disputesEnded += 1
    })
  return paid.returnUrl
}

function later(town: Town, days: number, happen: () => Promise<void>): void {
  town.afterwards.push({ dueAt: town.now() + days * DAY_MS, happen })
}

async function referenceOf(town: Town, preferenceId: string): Promise<string | null> {
  const { preference } = (await town.sandbox.control(`/mercado-pago/preferences/${encodeURIComponent(preferenceId)}`)) as {
    preference: { external_reference?: string }
  }
  return preference.external_reference ?? null
}

/** The page of Mercado Pago, as a buyer fills it in. */
async function atCheckout(town: Town, { preferenceId }: Due, holder: string, attempt: string): Promise<string | null> {
  const page = `${town.sandbox.urls.mercadoPago}/checkout/v1`
  await (await fetch(`${page}/redirect?pref_id=${encodeURIComponent(preferenceId)}`)).text()
  const form = { pref_id: preferenceId, holder, attempt }
  const answer = await fetch(`${page}/pay`, { method: 'POST', body: new URLSearchParams(form), redirect: 'follow' })
  await answer.text()
  return answer.headers.get('x-return-url')
}

/** What a buyer does by other means. Null: Mercado Pago refused, for example because the preference has expired. */
async function pay(
  town: Town,
  { preferenceId }: Due,
  more: Record<string, unknown>,
): Promise<{ id: number; returnUrl: string | null } | null> {
  const paid = await orRefused(town.sandbox.control('/mercado-pago/pay', { preferenceId, ...more }))
  return paid && { id: (paid.payment as { id: number }).id, returnUrl: paid.returnUrl as string | null }
}

/** False: the state of the payment does not allow it any more. */
async function event(town: Town, paymentId: number, name: string, body: Record<string, unknown> = {}): Promise<boolean> {
  return (await orRefused(town.sandbox.control(`/mercado-pago/payments/${paymentId}/${name}`, body))) !== null
}

/** The sandbox says 409 to what the state of a payment or preference does not allow, for example a refund of what was refunded already. */
async function orRefused<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call
  } catch (error) {
    if (error instanceof Error && error.message.includes('→ 409')) return null
    throw error
  }
}
