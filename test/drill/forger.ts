import type { ForgeryPlan } from './plan.ts'
import type { Town } from './town.ts'
import { pause } from './weather.ts'

/** Far above any number that the sandbox gives to a payment. */
const INVENTED_FROM = 777_000_000_000_000
/** Signed that long ago: a copy of somebody else's notification. */
const TOO_OLD_SECONDS = 3_600
const REFUSED = 401
const OK = 200
/** The product, or the way to it, is not there at the moment. */
const AWAY: readonly (number | null)[] = [null, 502, 503]

/** Sends notifications that Mercado Pago never sent, until `signal`. Each is refused, or, in the old form, a hint about nothing. */
export async function forge(town: Town, plan: readonly ForgeryPlan[], signal: AbortSignal): Promise<void> {
  for (let turn = 0; !signal.aborted; turn++) {
    const next = plan[turn % plan.length]
    if (!next) return
    await pause(next.afterMs, signal)
    if (!signal.aborted) await forgeOne(town, next, turn)
  }
}

async function forgeOne(town: Town, { forgery, aboutReal, rank }: ForgeryPlan, turn: number): Promise<void> {
  const isOld = forgery === 'old-form'
  const id = aboutReal && !isOld ? await realPayment(town, rank) : String(INVENTED_FROM + turn)
  // In the old form anybody may name an order, which is then looked for.
  if (!aboutReal && !isOld) town.forged.invented.push(id)
  const url = `${town.url}/api/mercado-pago/webhook?source_news=webhooks`
  const { answer } = (await town.sandbox.control('/mercado-pago/notifications/forge', {
    ...{ url, id, format: isOld ? 'ipn' : 'webhook', type: isOld ? 'merchant_order' : 'payment' },
    ...(forgery === 'too-old' ? { signature: 'valid', ageSeconds: -TOO_OLD_SECONDS } : { signature: isOld ? 'none' : forgery }),
  })) as { answer: { status: number | null } }
  if (AWAY.includes(answer.status)) return
  if (answer.status === (isOld ? OK : REFUSED)) town.forged.refused += 1
  else town.forged.taken.push(`${forgery} about ${id} was answered ${answer.status}`)
}

async function realPayment(town: Town, rank: number): Promise<string> {
  const { payments } = (await town.sandbox.control('/mercado-pago/payments')) as { payments: { id: number }[] }
  return String(payments[rank % Math.max(1, payments.length)]?.id ?? INVENTED_FROM)
}
