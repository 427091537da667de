import type { Hono } from 'hono'
import { type PaymentOutcome, paymentOutcome, revisionOf } from '../../features/payment/outcome.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { checkHref } from '../pages/booking/view.ts'
import { CallbackPage, type CallbackState, type CallbackView } from '../pages/checkout/callback.tsx'
import { chromeOf, render, type SiteOptions } from '../site.tsx'
import { signedIn, viewerOf } from './guard.ts'

const ORDER_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Where Mercado Pago sends the buyer back to. The query only says which order to look at; the state is our own (behaviour 4.21, P17). */
export function mountCheckout(app: Hono<AppEnv>, site: SiteOptions): void {
  for (const hint of ['success', 'failure', 'pending'] as const) {
    app.get(`/checkout/callback/${hint}`, signedIn(site), async (c) => {
      const view = callbackView(await ownOutcome(c), hint, c.get('deps').clock.now())
      return render(c, <CallbackPage chrome={await chromeOf(c, site)} {...view} />)
    })
  }
}

/** The caller's own order that the query points at, by preference or by our reference. */
async function ownOutcome(c: AppContext): Promise<PaymentOutcome | null> {
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const preferenceId = (c.req.query('preference_id') ?? '').slice(0, 200).replaceAll('\0', '')
  const reference = c.req.query('external_reference') ?? ''
  const byPreference = preferenceId && preferenceId !== 'null' ? await paymentOutcome(deps, viewer.id, { preferenceId }) : null
  return byPreference ?? (ORDER_ID.test(reference) ? paymentOutcome(deps, viewer.id, { orderId: reference }) : null)
}

function callbackView(outcome: PaymentOutcome | null, hint: string, now: Date): CallbackView {
  const bookedClass = outcome?.bookedClass ?? null
  const until = bookedClass?.status === 'pending' ? bookedClass.holdExpiresAt : null
  return {
    state: stateOf(outcome, hint),
    revision: outcome ? revisionOf(outcome) : null,
    preferenceId: outcome?.preferenceId ?? null,
    paymentId: outcome?.paymentId ?? null,
    reference: outcome?.orderId ?? null,
    preparing: bookedClass?.preparing ?? false,
    classTimes: bookedClass && bookedClass.status !== 'cancelled' ? { start: bookedClass.startsAt, end: bookedClass.endsAt } : null,
    keptUntil: until,
    paid:
      outcome?.status === 'approved' && outcome.paymentId !== null
        ? { amount: outcome.amount, receiptHref: `/inicio/facturacion/${outcome.orderId}` }
        : null,
    money: outcome?.money ?? null,
    rejection: outcome?.rejection ?? null,
    released: bookedClass?.status === 'cancelled',
    givenUp: bookedClass?.givenUp ?? false,
    wasConfirmed: bookedClass?.wasPaid ?? false,
    // Nobody is asked to pay while money of theirs is on its way.
    retry:
      bookedClass && until && until > now && outcome?.money === null
        ? {
            href: checkHref({
              start: bookedClass.startsAt,
              type: bookedClass.classType,
              people: bookedClass.maxParticipants,
              text: bookedClass.learningFocus ?? '',
            }),
            until,
            classId: bookedClass.id,
          }
        : null,
  }
}

/** Our own state first; the outcome in the address only tells "left without paying" from "not heard of yet". */
function stateOf(outcome: PaymentOutcome | null, hint: string): CallbackState {
  if (!outcome) return 'unknown'
  if (outcome.returned) return 'refunded'
  if (outcome.status === 'approved') return 'approved'
  if (outcome.money) return 'pending'
  // Nothing was paid, and the time for it is over: there is nothing to wait for.
  if (outcome.status === 'rejected' || outcome.bookedClass?.status === 'cancelled') return 'rejected'
  return hint === 'failure' ? 'rejected' : 'pending'
}
