import { html } from 'hono/html'
import { paymentMethod } from '../catalog.ts'
import { totalPaid } from '../payment/present.ts'
import type { Availability, Terms } from '../preference/terms.ts'
import { isOffered } from '../preference/terms.ts'
import type { Payment, Preference } from '../world.ts'
import { type CardFields, cardSection, payForm, testChoices } from './card-form.ts'
import { dateTime, type Html, layout, money } from './layout.ts'
import { resultText } from './text.es.ts'

export interface CheckoutView {
  preference: Preference
  terms: Terms
  availability: Availability
  seller: string
  card: CardFields
  /** Names this rendering of the form, so that a double click pays once. */
  attempt: string
  alreadyPaid: boolean
  problem: string | null
  returnUrl: string | null
}

export function checkoutPage(view: CheckoutView): Html {
  const { terms } = view
  return layout(
    `Pagar ${money(terms.total)}`,
    html`
<section aria-label="Tu compra">
  ${terms.items.map(
    (item) => html`<div class="sum"><h1>${item.title || 'Producto'}</h1></div>
  ${item.description ? html`<p class="soft">${item.description}</p>` : ''}
  ${item.quantity > 1 ? html`<p class="soft">${item.quantity} unidades de ${money(item.unitPrice)}</p>` : ''}`,
  )}
  <p class="amount">${money(terms.total)}</p>
  <p class="soft">Le pagás a ${view.seller}</p>
</section>
${view.availability === 'open' ? openBody(view) : closedBody(view)}
${leaveLink(view.returnUrl)}`,
  )
}

function closedBody({ availability, terms }: CheckoutView): Html {
  return html`<section class="notice bad" role="status">
  <h2>${availability === 'expired' ? 'Este link de pago venció' : 'Este link de pago todavía no está disponible'}</h2>
  ${availability === 'expired' && terms.closesAt ? html`<p>Podías pagar hasta el ${dateTime(terms.closesAt)}.</p>` : ''}
  ${availability === 'not-started' && terms.opensAt ? html`<p>Vas a poder pagar desde el ${dateTime(terms.opensAt)}.</p>` : ''}
  <p class="soft">Volvé al sitio para empezar de nuevo.</p>
</section>`
}

function openBody(view: CheckoutView): Html {
  const { terms, preference, attempt } = view
  const cash = ['rapipago', 'pagofacil'].filter((id) => isOffered(terms, id) && terms.total >= paymentMethod(id).minimum)
  return html`
${view.problem ? html`<section class="notice bad" role="alert"><h2>${view.problem}</h2></section>` : ''}
${view.alreadyPaid ? html`<section class="notice" role="status"><h2>Esta compra ya tiene un pago aprobado</h2><p class="soft">Si pagás otra vez, se cobra de nuevo.</p></section>` : ''}
${terms.closesAt ? html`<p class="soft">Podés pagar hasta el ${dateTime(terms.closesAt)}.</p>` : ''}
${cardSection(view.preference.id, terms, view.card, attempt)}
<details name="medio">
  <summary>Dinero en cuenta</summary>
  <p class="soft">Tu dinero disponible en Mercado Pago. Se acredita al instante.</p>
  ${payForm(preference.id, attempt, 'account_money', html`<button>Pagar ${money(terms.total)} con dinero en cuenta</button>`)}
</details>
${
  cash.length === 0
    ? ''
    : html`<details name="medio">
  <summary>Efectivo</summary>
  <p class="soft">Te damos un cupón y lo pagás en un local.</p>
  ${cash.map((id) => payForm(preference.id, attempt, id, html`<button>Pagar con ${paymentMethod(id).name}</button>`))}
</details>`
}
${testChoices(preference.id, terms, view.card)}`
}

const leaveLink = (url: string | null): Html =>
  url ? html`<a class="button quiet" id="volver" href="${url}">Volver al sitio</a>` : html`<p class="soft">Ya podés cerrar esta página.</p>`

export interface ResultView {
  preference: Preference
  payment: Payment
  returnUrl: string | null
  /** Seconds until the page returns by itself; null when it does not. */
  returnsAfterSeconds: number | null
}

export function resultPage({ preference, payment, returnUrl, returnsAfterSeconds }: ResultView): Html {
  const { tone, title, detail } = resultText(payment)
  const mark = { good: '✓ Aprobado', wait: '… Pendiente', bad: '✕ Rechazado' }[tone]
  const retry = `/checkout/v1/redirect?${new URLSearchParams({ pref_id: preference.id })}`
  return layout(
    title,
    html`
<section class="notice ${tone}" role="status">
  <p class="mark">${mark}</p>
  <h1>${title}</h1>
  <p>${detail}</p>
  <dl>
    <dt>Pago</dt><dd>${payment.id}</dd>
    <dt>Medio</dt><dd>${paymentMethod(payment.methodId).name}${payment.card ? ` terminada en ${payment.card.lastFour}` : ''}</dd>
    <dt>Total</dt><dd>${money(totalPaid(payment), payment.currency)}</dd>
    <dt>Fecha</dt><dd>${dateTime(payment.createdAt)}</dd>
  </dl>
</section>
${payment.status === 'pending' ? html`<a class="button" href="/checkout/v1/ticket?payment_id=${payment.id}">Ver el cupón</a>` : ''}
${tone === 'bad' ? html`<a class="button" href="${retry}">Probar con otro medio de pago</a>` : ''}
${leaveLink(returnUrl)}
${returnUrl && returnsAfterSeconds !== null ? html`<p class="soft">Te llevamos al sitio en ${returnsAfterSeconds} segundos.</p>` : ''}`,
    returnUrl && returnsAfterSeconds !== null ? { url: returnUrl, seconds: returnsAfterSeconds } : undefined,
  )
}

export function ticketPage(payment: Payment): Html {
  const unpaid = payment.status === 'pending'
  return layout(
    'Cupón de pago',
    html`
<section>
  <h1>Cupón de ${paymentMethod(payment.methodId).name}</h1>
  <p class="amount">${money(payment.amount, payment.currency)}</p>
  <dl>
    <dt>Código</dt><dd>${payment.id % 10_000_000_000}</dd>
    ${payment.expiresAt ? html`<dt>Vence</dt><dd>${dateTime(payment.expiresAt)}</dd>` : ''}
    <dt>Estado</dt><dd>${resultText(payment).title}</dd>
  </dl>
  ${
    unpaid
      ? html`<form method="post" action="/checkout/v1/ticket">
    <input type="hidden" name="payment_id" value="${payment.id}">
    <button>Pagar el cupón en el local (prueba)</button>
  </form>`
      : ''
  }
</section>`,
  )
}

export function messagePage(title: string, detail: string): Html {
  return layout(title, html`<section class="notice bad"><h1>${title}</h1><p>${detail}</p></section>`)
}
