import { atMercadoPago } from '../support/books.ts'
import type { Sandbox } from './sandbox.ts'
import type { Town } from './town.ts'
import { pause } from './weather.ts'

/** Every such refund comes to nothing. */
const REJECTED_EVERY = 4

/** Refunds that Mercado Pago left in process come to an end: most are made, some are not. Returns how many there were. */
export async function settleRefunds({ control }: Sandbox): Promise<number> {
  const { payments } = await atMercadoPago({ rows: async () => [], control })
  const waiting = payments.flatMap((payment) =>
    payment.refunds.flatMap(({ id, status }) => (status === 'in_process' ? [[payment.id, id]] : [])),
  )
  for (const [index, [paymentId, refundId]] of waiting.entries()) {
    const status = index % REJECTED_EVERY === REJECTED_EVERY - 1 ? 'rejected' : 'approved'
    await control(`/mercado-pago/payments/${paymentId}/refunds/${refundId}/settle`, { status })
  }
  return waiting.length
}

/** Well within the time in which the sandbox's log runs over. */
const LOOK_EVERY_MS = 2_000
const EVENT = /\/events\/([a-v0-9]+)/

/** Keeps, until `signal`, which events Google said not to know although they were there: whoever hears that makes another. */
export async function watchDenials(town: Town, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pause(LOOK_EVERY_MS, signal)
    const { requests } = (await town.sandbox.control('/log?part=google&method=GET&path=/events/')) as {
      requests: { path: string; fault?: string }[]
    }
    for (const { path, fault } of requests) if (fault === 'not-found-first') town.denied.add(EVENT.exec(path)?.[1] ?? '')
  }
}
