import { html } from 'hono/html'
import { HOLDER_OUTCOMES, type HolderOutcome, TEST_CARDS, type TestCard } from '../catalog.ts'
import { isOffered, type Terms } from '../preference/terms.ts'
import { type Html, money } from './layout.ts'

/** What the card form shows: typed values after a refusal, test data otherwise. */
export interface CardFields {
  cardNumber: string
  holder: string
  expiry: string
  securityCode: string
  dni: string
  installments: number
}

export const cardFieldsOf = (card: TestCard, holder: string): CardFields => ({
  cardNumber: card.number,
  holder,
  expiry: card.expiry,
  securityCode: card.securityCode,
  dni: '12345678',
  installments: 1,
})

const INSTALLMENTS = [1, 3, 6, 9, 12, 18, 24, 36]

/** Test cards that the preference accepts. */
export const offeredCards = (terms: Terms): TestCard[] => TEST_CARDS.filter((card) => isOffered(terms, card.methodId))

export function cardSection(preferenceId: string, terms: Terms, card: CardFields, attempt: string): Html {
  if (offeredCards(terms).length === 0) return html``
  const installments = INSTALLMENTS.filter((count) => count <= terms.installmentsMax)
  return html`<details name="medio" open>
  <summary>Tarjeta de crédito, débito o prepaga</summary>
  ${payForm(
    preferenceId,
    attempt,
    'card',
    html`
    <label>Número de tarjeta<input name="card_number" value="${card.cardNumber}" inputmode="numeric" autocomplete="off" maxlength="23" required></label>
    <label>Nombre y apellido del titular<input name="holder" value="${card.holder}" autocomplete="off" maxlength="70" required></label>
    <div class="pair">
      <label>Vence (MM/AA)<input name="expiry" value="${card.expiry}" inputmode="numeric" autocomplete="off" maxlength="7" required></label>
      <label>Código (CVV)<input name="security_code" value="${card.securityCode}" inputmode="numeric" autocomplete="off" maxlength="4" required></label>
      <label>DNI del titular<input name="dni" value="${card.dni}" inputmode="numeric" autocomplete="off" maxlength="12" required></label>
      <label>Cuotas<select name="installments">${installments.map(
        (count) =>
          html`<option value="${count}"${count === card.installments ? html` selected` : ''}>${count === 1 ? '1 pago' : `${count} con interés`}</option>`,
      )}</select></label>
    </div>
    <button>Pagar ${money(terms.total)}</button>`,
  )}
</details>`
}

/** Links that fill the card form: which test card, and which result the holder's name brings. */
export function testChoices(preferenceId: string, terms: Terms, card: CardFields): Html {
  const cards = offeredCards(terms)
  if (cards.length === 0) return html``
  const chip = (number: string, holder: string, label: string, isCurrent: boolean) => {
    const query = new URLSearchParams({ pref_id: preferenceId, card_number: number, holder })
    return html`<li><a href="/checkout/v1/redirect?${query}"${isCurrent ? html` aria-current="true"` : ''}>${label}</a></li>`
  }
  const holderChip = ({ name, label }: HolderOutcome) => chip(card.cardNumber, name, `${name}: ${label}`, name === card.holder)
  const isUntouched = card.holder === 'APRO' && card.cardNumber === cards[0]?.number
  return html`<details${isUntouched ? '' : html` open`}>
  <summary>Datos de prueba</summary>
  <h2>Tarjeta</h2>
  <ul class="chips">${cards.map((candidate) => chip(candidate.number, card.holder, candidate.label, candidate.number === card.cardNumber))}</ul>
  <h2>El nombre del titular decide el resultado</h2>
  <ul class="chips">${HOLDER_OUTCOMES.map(holderChip)}</ul>
</details>`
}

export function payForm(preferenceId: string, attempt: string, method: string, fields: Html): Html {
  return html`<form method="post" action="/checkout/v1/pay">
    <input type="hidden" name="pref_id" value="${preferenceId}">
    <input type="hidden" name="attempt" value="${attempt}">
    <input type="hidden" name="method" value="${method}">
    ${fields}
  </form>`
}
