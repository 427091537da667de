import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AnyJson, MINUTE, PREFERENCE, type Rig, startRig } from './mercado-pago-sandbox-rig.ts'

let rig: Rig
beforeEach(async () => {
  rig = await startRig()
})
afterEach(() => rig.close())

const view = (preferenceId: string) => rig.page(`/checkout/v1/redirect?pref_id=${preferenceId}`)
const submit = (preferenceId: string, fields: Record<string, string> = {}) =>
  rig.submit('/checkout/v1/pay', { pref_id: preferenceId, method: 'card', ...fields })
const idIn = (location: string) => Number(new URL(location, rig.origin).searchParams.get('payment_id'))

/** Pays through the form and reads the payment through the API. */
async function payByForm(preferenceId: string, fields: Record<string, string> = {}): Promise<AnyJson> {
  const { status, location, text } = await submit(preferenceId, fields)
  if (status !== 303) throw new Error(`refused with ${status}: ${text.match(/role="alert"><h2>([^<]*)/)?.[1]}`)
  return (await rig.api('GET', `/v1/payments/${idIn(location)}`)).body
}

const linkBack = (text: string) => text.match(/id="volver" href="([^"]*)"/)?.[1]?.replaceAll('&amp;', '&') ?? ''

const PARAMETERS =
  'collection_id collection_status payment_id status external_reference payment_type merchant_order_id preference_id site_id processing_mode merchant_account_id'

describe('the checkout page', () => {
  test('shows what is bought, works without script and loads nothing from elsewhere', async () => {
    const preference = await rig.preference({ items: [{ title: 'Clase <script>alert(1)</script>', quantity: 1, unit_price: 15_000 }] })
    const { status, text, headers } = await view(preference.id)
    expect(status).toBe(200)
    expect(text).toContain('$ 15.000')
    expect(text).toContain('Clase &lt;script&gt;')
    expect(text).not.toMatch(/<script|\son\w+=|style="/)
    expect([...text.matchAll(/(?:src|href)="(https?:[^"]*)"/g)].map((match) => new URL(match[1] ?? '').host)).toEqual(['clases.example'])
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect((await rig.page('/checkout/v1/checkout.css')).headers.get('content-type')).toContain('text/css')
  })

  test('offers the holder names and cards as links that fill the form', async () => {
    const preference = await rig.preference()
    expect((await view(preference.id)).text).toContain('value="APRO"')
    const { text } = await rig.page(`/checkout/v1/redirect?pref_id=${preference.id}&holder=FUND&card_number=4509953566233704`)
    expect(text).toContain('name="holder" value="FUND"')
    expect(text).toContain('name="card_number" value="4509953566233704"')
  })

  test('an unknown preference is a page that says so', async () => {
    expect((await view('nope')).status).toBe(404)
    expect((await submit('nope')).status).toBe(404)
    expect((await rig.page('/checkout/v1/result?payment_id=1')).status).toBe(404)
  })
})

describe('the holder decides', () => {
  test.each([
    ['APRO', 'approved', 'accredited'],
    ['OTHE', 'rejected', 'cc_rejected_other_reason'],
    ['CONT', 'in_process', 'pending_contingency'],
    ['CALL', 'rejected', 'cc_rejected_call_for_authorize'],
    ['FUND', 'rejected', 'cc_rejected_insufficient_amount'],
    ['SECU', 'rejected', 'cc_rejected_bad_filled_security_code'],
    ['EXPI', 'rejected', 'cc_rejected_bad_filled_date'],
    ['FORM', 'rejected', 'cc_rejected_bad_filled_other'],
    ['CARD', 'rejected', 'cc_rejected_bad_filled_card_number'],
    ['INST', 'rejected', 'cc_rejected_invalid_installments'],
    ['DUPL', 'rejected', 'cc_rejected_duplicated_payment'],
    ['LOCK', 'rejected', 'cc_rejected_card_disabled'],
    ['CTNA', 'rejected', 'cc_rejected_card_type_not_allowed'],
    ['ATTE', 'rejected', 'cc_rejected_max_attempts'],
    ['BLAC', 'rejected', 'cc_rejected_blacklist'],
    ['fund perez', 'rejected', 'cc_rejected_insufficient_amount'],
    ['Ana Fund', 'approved', 'accredited'],
  ])('%s: %s / %s', async (holder, status, detail) => {
    expect(await payByForm((await rig.preference()).id, { holder })).toMatchObject({ status, status_detail: detail })
  })

  test('binary mode turns a review into a rejection and offers no cash', async () => {
    const preference = await rig.preference({ binary_mode: true })
    expect(await payByForm(preference.id, { holder: 'CONT' })).toMatchObject({ status: 'rejected', binary_mode: true })
    expect((await view(preference.id)).text).not.toContain('Rapipago')
    expect((await submit(preference.id, { method: 'rapipago' })).status).toBe(422)
  })

  test.each([
    ['5031 7557 3453 0604', 'master', 'credit_card'],
    ['4509953566233704', 'visa', 'credit_card'],
    ['3711 803032 57522', 'amex', 'credit_card'],
    ['5287338310253304', 'debmaster', 'debit_card'],
    ['4002 7686 9439 5619', 'debvisa', 'debit_card'],
  ])('card %s is %s', async (number, method, type) => {
    const payment = await payByForm((await rig.preference()).id, { card_number: number, security_code: method === 'amex' ? '1234' : '123' })
    expect(payment).toMatchObject({ payment_method_id: method, payment_type_id: type, status: 'approved' })
  })
})

describe('what the form refuses', () => {
  test.each([
    [{ card_number: '1234' }, 'número de la tarjeta'],
    [{ card_number: '9999999999999995' }, 'número de la tarjeta'],
    [{ holder: ' ' }, 'nombre'],
    [{ expiry: '13/30' }, 'vencimiento'],
    [{ expiry: '10/26' }, 'vencimiento'],
    [{ security_code: '12' }, 'código de seguridad'],
    [{ dni: 'abc' }, 'DNI'],
    [{ installments: '37' }, 'cuotas'],
    [{ card_number: '5287338310253304', installments: '3' }, 'cuotas'],
  ])('%o keeps what was typed and makes no payment', async (fields, word) => {
    const preference = await rig.preference()
    const { status, text } = await submit(preference.id, { holder: 'Ana', ...fields } as Record<string, string>)
    expect(status).toBe(422)
    expect(text.match(/role="alert"><h2>([^<]*)/)?.[1]).toContain(word)
    if (!('holder' in fields)) expect(text).toContain('value="Ana"')
    expect((await rig.api('GET', '/v1/payments/search')).body.paging.total).toBe(0)
  })

  test('a method that is not offered, and amounts under the minimum of a method', async () => {
    const excluded = await rig.preference({
      payment_methods: { excluded_payment_types: [{ id: 'ticket' }, { id: 'debit_card' }], excluded_payment_methods: [{ id: 'visa' }] },
    })
    expect((await view(excluded.id)).text).not.toMatch(/Rapipago|Visa|débito</)
    expect((await submit(excluded.id, { method: 'rapipago' })).status).toBe(422)
    expect((await submit(excluded.id, { card_number: '4509953566233704' })).status).toBe(422)
    expect((await payByForm(excluded.id, { method: 'account_money' })).payment_type_id).toBe('account_money')

    const cheap = await rig.preference({ items: [{ title: 'Clase', quantity: 1, unit_price: 49.99 }] })
    expect((await view(cheap.id)).text).not.toContain('Rapipago')
    expect((await submit(cheap.id, { method: 'pagofacil' })).status).toBe(422)
    expect((await payByForm(cheap.id)).status).toBe('approved')
    const tiny = await rig.preference({ items: [{ title: 'Clase', quantity: 1, unit_price: 2 }] })
    expect((await submit(tiny.id)).status).toBe(422)
  })

  test('a form nobody knows and a body that is no form', async () => {
    const preference = await rig.preference()
    expect((await submit(preference.id, { method: 'bitcoin' })).status).toBe(400)
    const answer = await fetch(`${rig.origin}/checkout/v1/pay`, { method: 'POST', body: JSON.stringify({ pref_id: preference.id }) })
    expect(answer.status).toBe(404)
  })

  test('the same rendering of the form pays once; leaving the field out pays each time', async () => {
    const preference = await rig.preference()
    const attempt = (await view(preference.id)).text.match(/name="attempt" value="([^"]+)"/)?.[1] ?? ''
    const clicks = [await submit(preference.id, { attempt }), await submit(preference.id, { attempt })]
    expect(clicks.map(({ status }) => status)).toEqual([303, 303])
    expect(clicks[0]?.location).toBe(clicks[1]?.location)
    expect((await submit(preference.id)).location).not.toBe(clicks[0]?.location)
  })
})

describe('the window of a preference', () => {
  const window = { expires: true, expiration_date_from: '2026-11-26T15:01:00Z', expiration_date_to: '2026-11-26T15:20:00Z' }

  test('before, inside and after, on the virtual clock', async () => {
    const { id } = await rig.preference(window)
    expect((await view(id)).text).toContain('todavía no está disponible')
    expect((await submit(id)).status).toBe(422)
    await rig.advance(MINUTE)
    expect((await view(id)).text).toContain('Podés pagar hasta el 26 de noviembre de 2026 a las 12:20 h')
    expect((await payByForm(id, { holder: 'OTHE' })).status).toBe('rejected')
    await rig.advance(19 * MINUTE)
    const late = await view(id)
    expect(late.text).toContain('Este link de pago venció')
    expect(late.text).not.toContain('<form')
    expect(linkBack(late.text)).toContain('/checkout/callback/failure?')
    expect((await submit(id)).status).toBe(422)
    expect((await rig.control('POST', '/pay', { preferenceId: id })).body).toEqual({ error: 'expired' })
  })

  test('a payment under way arrives after the end when forced, and an update can close or reopen the link', async () => {
    const { id } = await rig.preference(window)
    await rig.advance(60 * MINUTE)
    const late = await rig.pay(id, { force: true })
    expect(late).toMatchObject({ status: 'approved', date_approved: '2026-11-26T12:00:00.000-04:00' })
    await rig.api('PUT', `/checkout/preferences/${id}`, { expires: false })
    expect((await payByForm(id)).status).toBe('approved')
  })
})

describe('going back to the site', () => {
  async function resultOf(preferenceId: string, fields: Record<string, string>) {
    const { location } = await submit(preferenceId, fields)
    const page = await rig.page(location)
    return { page, url: new URL(linkBack(page.text)), paymentId: String(idIn(location)) }
  }

  test('approved: the success URL with every parameter in order, linked at once and followed by itself', async () => {
    const preference = await rig.preference()
    const { page, url, paymentId } = await resultOf(preference.id, {})
    const payment = (await rig.api('GET', `/v1/payments/${paymentId}`)).body
    expect(url.origin + url.pathname).toBe(PREFERENCE.back_urls.success)
    expect([...url.searchParams.keys()].join(' ')).toBe(PARAMETERS)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      collection_id: paymentId,
      collection_status: 'approved',
      payment_id: paymentId,
      status: 'approved',
      external_reference: PREFERENCE.external_reference,
      payment_type: 'credit_card',
      merchant_order_id: payment.order.id,
      preference_id: preference.id,
      site_id: 'MLA',
      processing_mode: 'aggregator',
      merchant_account_id: 'null',
    })
    expect(page.text).toContain(`<meta http-equiv="refresh" content="5;url=${url.href.replaceAll('&', '&amp;')}">`)
    expect(page.headers.get('x-return-url')).toBe(url.href)
  })

  test.each([
    ['rejected', { holder: 'FUND' }, 'failure', 'rejected', 'credit_card'],
    ['in review', { holder: 'CONT' }, 'pending', 'in_process', 'credit_card'],
    ['cash', { method: 'rapipago' }, 'pending', 'pending', 'ticket'],
  ] as const)('%s: no automatic return', async (_, fields, target, status, type) => {
    const { page, url, paymentId } = await resultOf((await rig.preference()).id, fields)
    expect(url.pathname).toBe(`/checkout/callback/${target}`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      payment_id: paymentId,
      status,
      collection_status: status,
      payment_type: type,
    })
    expect(page.text).not.toContain('http-equiv="refresh"')
  })

  test('leaving without paying: the failure URL, with the literal text null', async () => {
    const preference = await rig.preference({
      external_reference: undefined,
      back_urls: { ...PREFERENCE.back_urls, failure: 'https://clases.example/no?x=1' },
    })
    const url = linkBack((await view(preference.id)).text)
    expect(url).toBe(
      `https://clases.example/no?x=1&collection_id=null&collection_status=null&payment_id=null&status=null&external_reference=null&payment_type=null&merchant_order_id=null&preference_id=${preference.id}&site_id=MLA&processing_mode=aggregator&merchant_account_id=null`,
    )
  })

  test('without back URLs there is nowhere to go; without auto_return nothing happens by itself', async () => {
    const closed = await rig.preference({ back_urls: undefined, auto_return: undefined })
    expect((await view(closed.id)).text).not.toContain('id="volver"')
    const manual = await rig.preference({ auto_return: undefined })
    const { page } = await resultOf(manual.id, {})
    expect(page.text).toContain('id="volver"')
    expect(page.text).not.toContain('http-equiv="refresh"')
  })

  test('a coupon can be paid on its page', async () => {
    const payment = await payByForm((await rig.preference()).id, { method: 'pagofacil' })
    expect(payment).toMatchObject({ status: 'pending', status_detail: 'pending_waiting_payment', payment_method_id: 'pagofacil' })
    const ticket = new URL(payment.transaction_details.external_resource_url)
    expect((await rig.page(ticket.pathname + ticket.search)).text).toContain('Pago Fácil')
    await rig.submit('/checkout/v1/ticket', { payment_id: String(payment.id) })
    expect((await rig.api('GET', `/v1/payments/${payment.id}`)).body.status).toBe('approved')
  })
})
