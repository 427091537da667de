import { type Context, Hono } from 'hono'
import { TEST_CARDS } from '../catalog.ts'
import { nextUuid } from '../ids.ts'
import { findOpenOrder, openOrder, ordersOf } from '../order/commands.ts'
import { findPayment } from '../payment/find.ts'
import { type PaymentInput, pay, type Refusal } from '../payment/pay.ts'
import { moveTo } from '../payment/transitions.ts'
import { availability, termsOf } from '../preference/terms.ts'
import type { Payment, Preference, World } from '../world.ts'
import { type CardFields, cardFieldsOf, offeredCards } from './card-form.ts'
import { type Html, STYLES } from './layout.ts'
import { checkoutPage, messagePage, resultPage, ticketPage } from './pages.ts'
import { returnUrl } from './return-url.ts'
import { REFUSAL_TEXT } from './text.es.ts'

const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

/** The buyer's side: pages and forms, no token, no script. */
export function checkoutRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })
  routes.use('*', async (c, next) => {
    await next()
    c.header('content-security-policy', CONTENT_SECURITY_POLICY)
    c.header('cache-control', 'no-store')
    c.header('referrer-policy', 'no-referrer')
    c.header('x-content-type-options', 'nosniff')
  })

  routes.get('/checkout.css', (c) => c.body(STYLES, 200, { 'content-type': 'text/css; charset=utf-8' }))

  routes.get('/redirect', (c) => {
    const preference = world.state.preferences.get(c.req.query('pref_id') ?? '')
    if (!preference) return unknownPreference(c)
    // Model choice: the first view of a payable preference opens its merchant order.
    const payable = availability(termsOf(preference), world.now()) === 'open'
    if (payable && ordersOf(world, preference.id).length === 0) openOrder(world, preference)
    const number = c.req.query('card_number')
    const offered = offeredCards(termsOf(preference))
    const card = offered.find((candidate) => candidate.number === number) ?? offered[0] ?? TEST_CARDS[0]
    return c.html(renderCheckout(world, preference, cardFieldsOf(card, c.req.query('holder')?.slice(0, 70) || 'APRO'), null))
  })

  routes.post('/pay', async (c) => {
    const form = await readForm(c)
    const preference = world.state.preferences.get(form['pref_id'] ?? '')
    if (!preference) return unknownPreference(c)
    const input = readPayment(form)
    if (!input)
      return c.html(messagePage('No entendimos el pago', 'Falta el campo method: card, account_money, rapipago o pagofacil.'), 400)
    const outcome = pay(world, preference, input)
    if (!outcome.ok) return c.html(renderCheckout(world, preference, typedCard(form), outcome.reason), 422)
    return c.redirect(`/checkout/v1/result?payment_id=${outcome.payment.id}`, 303)
  })

  routes.get('/result', (c) => {
    const found = findResult(world, c.req.query('payment_id'))
    if (!found) return c.html(messagePage('No encontramos ese pago', 'Revisá el link.'), 404)
    const { payment, preference } = found
    const url = returnUrl(preference, payment)
    const returns = payment.status === 'approved' && termsOf(preference).autoReturn
    if (url) c.header('x-return-url', url)
    return c.html(
      resultPage({ preference, payment, returnUrl: url, returnsAfterSeconds: returns ? world.state.settings.autoReturnSeconds : null }),
    )
  })

  routes.get('/ticket', (c) => {
    const payment = findPayment(world, c.req.query('payment_id') ?? '')
    return payment ? c.html(ticketPage(payment)) : c.html(messagePage('No encontramos ese cupón', 'Revisá el link.'), 404)
  })

  routes.post('/ticket', async (c) => {
    const payment = findPayment(world, (await readForm(c))['payment_id'] ?? '')
    if (!payment) return c.html(messagePage('No encontramos ese cupón', 'Revisá el link.'), 404)
    if (payment.status === 'pending') moveTo(world, payment, 'approved', 'accredited')
    return c.redirect(`/checkout/v1/ticket?payment_id=${payment.id}`, 303)
  })
  return routes
}

function renderCheckout(world: World, preference: Preference, card: CardFields, refusal: Refusal | null): Html {
  const terms = termsOf(preference)
  const orders = ordersOf(world, preference.id)
  return checkoutPage({
    preference,
    terms,
    availability: availability(terms, world.now()),
    seller: 'TESTVENDEDOR',
    card,
    attempt: nextUuid(world.state.numbering, 'attempt'),
    alreadyPaid: orders.some((order) => order.closed) && !findOpenOrder(world, preference.id),
    problem: refusal && refusal !== 'expired' && refusal !== 'not-started' ? REFUSAL_TEXT[refusal] : null,
    returnUrl: returnUrl(preference, null),
  })
}

const unknownPreference = (c: Context): Response | Promise<Response> =>
  c.html(messagePage('No encontramos esta compra', 'El link de pago no existe. Volvé al sitio para empezar de nuevo.'), 404)

/** First text value of each field. */
async function readForm(c: Context): Promise<Record<string, string>> {
  const type = c.req.header('content-type') ?? ''
  if (!/^(application\/x-www-form-urlencoded|multipart\/form-data)/i.test(type)) return {}
  const body = await c.req.parseBody()
  return Object.fromEntries(Object.entries(body).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
}

const typedCard = (form: Record<string, string>): CardFields => ({
  cardNumber: form['card_number'] ?? TEST_CARDS[0].number,
  holder: form['holder'] ?? 'APRO',
  expiry: form['expiry'] ?? TEST_CARDS[0].expiry,
  securityCode: form['security_code'] ?? TEST_CARDS[0].securityCode,
  dni: form['dni'] ?? '12345678',
  installments: Number(form['installments'] ?? 1),
})

/** A card form that leaves fields out pays with the approved test card. */
function readPayment(form: Record<string, string>): PaymentInput | null {
  const attempt = form['attempt'] || undefined
  const email = form['email'] || undefined
  const method = form['method'] ?? 'card'
  if (method === 'account_money' || method === 'rapipago' || method === 'pagofacil') return { method: { kind: method }, attempt, email }
  if (method !== 'card') return null
  const { cardNumber, holder, expiry, securityCode, dni, installments } = typedCard(form)
  return { method: { kind: 'card', card: { number: cardNumber, holder, expiry, securityCode, dni }, installments }, attempt, email }
}

function findResult(world: World, id: string | undefined): { payment: Payment; preference: Preference } | null {
  const payment = findPayment(world, id ?? '')
  const preference = payment && world.state.preferences.get(payment.preferenceId)
  return payment && preference ? { payment, preference } : null
}
