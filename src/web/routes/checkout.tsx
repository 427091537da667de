import type { Hono } from 'hono'
import type { PaymentOrderRow, VirtualClassRow } from '../../db/tables.ts'
import { reconcileOrder } from '../../features/payment/reconcile.ts'
import { findOrder, findOrderByPreference, primaryPaymentId } from '../../features/payment/store.ts'
import { findClass } from '../../features/virtual-class/store.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import { checkHref } from '../pages/booking/view.ts'
import { CallbackPage, type CallbackState, type CallbackView } from '../pages/checkout/callback.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { signedIn, viewerOf } from './guard.ts'

const ASKED_EVERY_MS = 5 * SECOND_MS
const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where Mercado Pago sends the buyer back to. The query only says which order to look at; the state is our own (behaviour 4.21, P17). */
export function mountCheckout(app: Hono<AppEnv>, site: SiteOptions): void {
  for (const outcome of ['success', 'failure', 'pending'] as const) {
    app.get(`/checkout/callback/${outcome}`, signedIn(site), (c) => showOutcome(c, site, outcome))
  }
}

async function showOutcome(c: AppContext, site: SiteOptions, hint: 'success' | 'failure' | 'pending'): Promise<Response> {
  const deps = c.get('deps')
  let order = await ownOrder(c)
  // The buyer usually arrives before the notification: ask now rather than show "pending".
  const mayAsk = order && (order.status === 'pending' || order.status === 'rejected')
  if (order && mayAsk && (!order.lastAskedAt || plus(order.lastAskedAt, ASKED_EVERY_MS) <= deps.clock.now())) {
    await reconcileOrder(deps, order.id)
    order = await findOrder(deps.db.handle, order.id)
  }
  const virtualClass = order?.classId ? await findClass(deps.db.handle, order.classId) : null
  const view = await callbackView(c, order, virtualClass, hint)
  return render(c, <CallbackPage chrome={await chromeOf(c, site)} {...view} />)
}

/** The caller's own order that the query points at, by preference or by our reference. */
async function ownOrder(c: AppContext): Promise<PaymentOrderRow | null> {
  const { db } = c.get('deps')
  const preferenceId = c.req.query('preference_id')
  const reference = c.req.query('external_reference')
  const found =
    (preferenceId && preferenceId !== 'null'
      ? await findOrderByPreference(db.handle, preferenceId.slice(0, 200).replaceAll('\0', ''))
      : null) ?? (reference && ORDER_ID.test(reference) ? await findOrder(db.handle, reference) : null)
  return found?.userId === viewerOf(c).id ? found : null
}

async function callbackView(
  c: AppContext,
  order: PaymentOrderRow | null,
  virtualClass: VirtualClassRow | null,
  hint: string,
): Promise<CallbackView> {
  const deps = c.get('deps')
  const now = deps.clock.now()
  const holdLives = virtualClass?.status === 'pending' && virtualClass.holdExpiresAt !== null && virtualClass.holdExpiresAt > now
  return {
    state: stateOf(order, virtualClass, hint),
    preferenceId: order?.preferenceId ?? null,
    paymentId: order ? await primaryPaymentId(deps.db.handle, order.id) : null,
    reference: order?.id ?? null,
    preparing: virtualClass?.status === 'pending' && virtualClass.paidAt !== null,
    classTimes: virtualClass ? { start: virtualClass.startsAt, end: virtualClass.endsAt } : null,
    retry:
      holdLives && virtualClass.holdExpiresAt
        ? {
            href: checkHref({
              start: virtualClass.startsAt,
              type: virtualClass.classType,
              people: virtualClass.maxParticipants,
              text: virtualClass.learningFocus ?? '',
            }),
            until: virtualClass.holdExpiresAt,
          }
        : null,
  }
}

/** Our own state first; the outcome in the address only tells "left without paying" from "not heard of yet". */
function stateOf(order: PaymentOrderRow | null, virtualClass: VirtualClassRow | null, hint: string): CallbackState {
  if (!order) return 'unknown'
  if (order.status === 'refunded' || (order.status === 'approved' && virtualClass?.status === 'cancelled')) return 'refunded-late'
  if (order.status === 'approved') return 'approved'
  if (order.status === 'rejected') return 'rejected'
  return hint === 'failure' ? 'rejected' : 'pending'
}
