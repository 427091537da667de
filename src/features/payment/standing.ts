import { eq, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { paymentOrder } from '../../db/tables.ts'

/**
 * Money of an order that has not bought its class: Mercado Pago has not decided yet, a person has to look at it, or it goes back. Asking
 * for another payment meanwhile would take money twice.
 */
export type OpenMoney = 'in-process' | 'in-review' | 'returning'

/** The open money of `payment_order` in the surrounding query; null when no payment is on its way. */
export function openMoney(): SQL<OpenMoney | null> {
  return sql<OpenMoney | null>`(
    SELECT CASE
      WHEN bool_or(paid.status IN ('approved', 'in_mediation', 'charged_back') AND back.id IS NULL) THEN 'in-review'
      WHEN bool_or(paid.status IN ('pending', 'in_process', 'authorized')) THEN 'in-process'
      WHEN bool_or(paid.status = 'refunded' OR back.id IS NOT NULL) THEN 'returning'
    END
    FROM provider_payment AS paid
    LEFT JOIN refund AS back ON back.payment_id = paid.id AND back.state <> 'failed'
    WHERE paid.order_id = payment_order.id)`
}

export async function openMoneyOf(handle: Handle, orderId: string): Promise<OpenMoney | null> {
  const [row] = await handle.select({ money: openMoney() }).from(paymentOrder).where(eq(paymentOrder.id, orderId))
  return row?.money ?? null
}
