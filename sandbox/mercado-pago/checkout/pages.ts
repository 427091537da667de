import { html } from 'hono/html'
import { HOLDER_OUTCOMES, type HolderOutcome, paymentMethod, TEST_CARDS, type TestCard } from '../catalog.ts'
import { totalPaid } from '../payment/present.ts'
import type { Availability, Terms } from '../preference/terms.ts'
import { isOffered } from '../preference/terms.ts'
import type { Payment, Preference } from '../world.ts'
import { dateTime, type Html, layout, money } from './layout.ts'
import { resultText } from './text.es.ts'

/** What the card form shows: typed values after a refusal, test data otherwise. */
export interface CardFields {
  cardNumber: string
  holder: string
  expiry: string
  securityCode: string
  dni: string
  installments: number
}

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

export const cardFieldsOf = (card: TestCard, holder: string): CardFields => ({
  cardNumber: card.number,
  holder,
  expiry: card.expiry,
  securityCode: card.securityCode,
  dni: '12345678',
  installments: 1,
})

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
${cardSection(view)}
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
}`
}

/** The results of the official table; the newer names sit behind a fold. */
const HOLDERS_SHOWN = 8

function cardSection({ terms, preference, card, attempt }: CheckoutView): Html {
  const cards = TEST_CARDS.filter((candidate) => isOffered(terms, candidate.methodId))
  if (cards.length === 0) return html``
  const link = (number: string, holder: string) => {
    const query = new URLSearchParams({ pref_id: preference.id, card_number: number, holder })
    return `/checkout/v1/redirect?${query}`
  }
  const rare = HOLDER_OUTCOMES.slice(HOLDERS_SHOWN)
  const holderChips = (outcomes: readonly HolderOutcome[]) => html`<ul class="chips">${outcomes.map(
    (outcome) =>
      html`<li><a href="${link(card.cardNumber, outcome.name)}"${outcome.name === card.holder ? html` aria-current="true"` : ''}>${outcome.name}: ${outcome.label}</a></li>`,
  )}</ul>`
  const installments = [1, 3, 6, 9, 12, 18, 24, 36].filter((count) => count <= terms.installmentsMax)
  return html`<details name="medio" open>
  <summary>Tarjeta de crédito, débito o prepaga</summary>
  <h2>Tarjeta de prueba</h2>
  <ul class="chips">${cards.map(
    (candidate) =>
      html`<li><a href="${link(candidate.number, card.holder)}"${candidate.number === card.cardNumber ? html` aria-current="true"` : ''}>${candidate.label}</a></li>`,
  )}</ul>
  <h2 class="soft">Resultado según el titular</h2>
  ${holderChips(HOLDER_OUTCOMES.slice(0, HOLDERS_SHOWN))}
  <details class="inner"${rare.some((outcome) => outcome.name === card.holder) ? html` open` : ''}><summary>Otros rechazos</summary>${holderChips(rare)}</details>
  ${payForm(
    preference.id,
    attempt,
    'card',
    html`
    <label>Número de tarjeta<input name="card_number" value="${card.cardNumber}" inputmode="numeric" autocomplete="off" maxlength="23" required></label>
    <label>Nombre y apellido del titular<input name="holder" value="${card.holder}" autocomplete="off" maxlength="70" required></label>
    <div class="pair">
      <label>Vencimiento (MM/AA)<input name="expiry" value="${card.expiry}" inputmode="numeric" autocomplete="off" maxlength="7" required></label>
      <label>Código de seguridad<input name="security_code" value="${card.securityCode}" inputmode="numeric" autocomplete="off" maxlength="4" required></label>
      <label>DNI del titular<input name="dni" value="${card.dni}" inputmode="numeric" autocomplete="off" maxlength="12" required></label>
      <label>Cuotas<select name="installments">${installments.map(
        (count) => html`<option value="${count}"${count === card.installments ? html` selected` : ''}>${count === 1 ? '1 pago' : `${count} cuotas con interés`}</option>`,
      )}</select></label>
    </div>
    <button>Pagar ${money(terms.total)}</button>`,
  )}
</details>`
}

function payForm(preferenceId: string, attempt: string, method: string, fields: Html): Html {
  return html`<form method="post" action="/checkout/v1/pay">
    <input type="hidden" name="pref_id" value="${preferenceId}">
    <input type="hidden" name="attempt" value="${attempt}">
    <input type="hidden" name="method" value="${method}">
    ${fields}
  </form>`
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
