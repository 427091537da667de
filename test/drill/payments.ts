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
  half: async (town, due) => (await pay(town, due, { amount: due.price / 2 }))?.returnUrl,
  'wrong-currency': async (town, due) => (await pay(town, due, { currency: 'USD' }))?.returnUrl,
  'other-account': async (town, due) => (await pay(town, due, { collectorId: 999_999 }))?.returnUrl,
  'unknown-reference': async (town, due) => (await pay(town, due, { externalReference: 'nothing-of-ours' }))?.returnUrl,
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
  'charged-back': async (town, due, { slotRank }) => {
    const paid = await pay(town, due, {})
    await pause(THINK_MS)
    if (paid) await event(town, paid.id, 'chargeback', { outcome: slotRank % 2 === 0 ? 'settled' : 'in_process' })
    return paid?.returnUrl
  },
  'gives-up': async () => null,
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

async function event(town: Town, paymentId: number, name: string, body: Record<string, unknown> = {}): Promise<void> {
  await orRefused(town.sandbox.control(`/mercado-pago/payments/${paymentId}/${name}`, body))
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
