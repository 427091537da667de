import { atMercadoPago } from '../support/books.ts'
import type { Sandbox } from './sandbox.ts'

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
