import { describe, expect, it } from 'vitest'
import { instantAt } from '../../../kernel/zoned-time.ts'
import { CallbackPage, type CallbackState, type CallbackView } from './callback.tsx'

const NOW = instantAt('2026-11-23', '13:36')

async function render(state: CallbackState, more: Partial<CallbackView> = {}): Promise<string> {
  const chrome = { asset: (name: string) => name, theme: 'light' as const, path: '/checkout/callback/success', person: null, now: NOW }
  const page = (
    <CallbackPage
      chrome={chrome}
      state={state}
      revision="pending.pending"
      preferenceId="pref 1"
      paymentId="123"
      reference="abc"
      preparing={false}
      classTimes={null}
      paid={null}
      retry={null}
      keptUntil={null}
      money={null}
      rejection={null}
      released={false}
      givenUp={false}
      wasConfirmed={false}
      {...more}
    />
  )
  return String(await page)
}

describe('coming back from the payment', () => {
  it('approved: says so first, with both numbers, and leads on', async () => {
    const html = await render('approved')
    for (const text of ['¡Tu pago fue exitoso!', 'ID de pago: 123', 'Referencia: abc', 'Ir ahora', 'Quedarme en esta página'])
      expect(html).toContain(text)
    expect(html).not.toContain('data-payment')
  })

  it('approved: names the amount, and leads to its receipt', async () => {
    const html = await render('approved', { paid: { amount: 1_500_000, receiptHref: '/inicio/facturacion/abc' } })
    expect(html).toContain('Pagaste <b class="tabular">$15.000</b>.')
    expect(html).toContain('<a href="/inicio/facturacion/abc">Ver comprobante</a>')
  })

  it('left without paying: no alarm, which is for a payment that was refused', async () => {
    expect(await render('rejected')).not.toContain('outcome-bad')
    expect(await render('rejected', { rejection: 'cc_rejected_high_risk' })).toContain('outcome-bad')
  })

  it('approved but without its link yet: does not call the class confirmed', async () => {
    const html = await render('approved', { preparing: true })
    expect(html).toContain('Tu pago fue aprobado. Estamos preparando el enlace de tu clase.')
    expect(html).not.toContain('tu clase está confirmada')
  })

  it('rejected: can be paid again only while the slot is held', async () => {
    expect(await render('rejected')).not.toContain('Reintentar el pago')
    const held = await render('rejected', { retry: { href: '/inicio/pre-compra', until: new Date(NOW.getTime() + 60_000), classId: 'c9' } })
    for (const text of ['El pago falló', 'Intentá nuevamente más tarde.', 'Reintentar el pago', '01:00']) expect(held).toContain(text)
  })

  it.each([
    ['cc_rejected_insufficient_amount', 'Tu medio de pago no tiene saldo o límite suficiente. Probá con otro.'],
    ['cc_rejected_bad_filled_security_code', 'Algún dato de la tarjeta no coincide.'],
    ['cc_rejected_call_for_authorize', 'Tu banco pide que autorices el pago.'],
    ['cc_rejected_card_disabled', 'Tu tarjeta no está habilitada'],
    ['cc_rejected_duplicated_payment', 'un pago igual'],
    ['cc_rejected_high_risk', 'Mercado Pago no aceptó este medio de pago.'],
    ['something_new', 'Mercado Pago no aprobó el pago. Probá con otro medio de pago.'],
  ])('rejected with %s: why, in plain words', async (rejection, words) => {
    expect(await render('rejected', { rejection })).toContain(words)
  })

  it('rejected and the hold over: says that the slot is free again', async () => {
    const html = await render('rejected', { released: true })
    expect(html).toContain('El horario ya no está guardado: quedó libre para todos.')
    expect(html).not.toContain('Liberar este horario')
  })

  it('rejected while held: says that the slot stays held, and offers to give it up', async () => {
    const html = await render('rejected', { retry: { href: '/x', until: new Date(NOW.getTime() + 60_000), classId: 'c 9' } })
    expect(html).toContain('Si elegís otro, este sigue guardado')
    expect(html).toContain('action="/inicio/clases/c%209/cancelar"')
  })

  it.each([
    ['in-process', 'Tu pago está en proceso'],
    ['in-review', 'Estamos revisando tu pago'],
  ] as const)('money %s: nobody is asked to pay again', async (money, words) => {
    const html = await render('pending', { money })
    expect(html).toContain(words)
    expect(html).toContain('No hace falta pagar de nuevo.')
    expect(html).not.toContain('Retomar el pago')
  })

  it('in process: says which class, and until when its slot is kept', async () => {
    const classTimes = { start: instantAt('2026-11-26', '18:00'), end: instantAt('2026-11-26', '19:00') }
    const html = await render('pending', { money: 'in-process', classTimes, keptUntil: instantAt('2026-11-23', '13:55') })
    expect(html).toContain('18:00')
    expect(html).toContain('El horario queda guardado hasta las 13:55.')
  })

  it('in process after the hold ended: says that the slot is no longer kept, and what becomes of the money', async () => {
    const html = await render('pending', { money: 'in-process', released: true })
    expect(html).toContain('El horario ya no está guardado.')
    expect(html).toContain(
      'Si se aprueba, el horario sigue libre y no tenés otra clase a esa hora, la clase es tuya; si no, te devolvemos el total.',
    )
    const givenUp = await render('pending', { money: 'in-process', released: true, givenUp: true })
    expect(givenUp).toContain('Liberaste el horario: si se aprueba, te devolvemos el total.')
    expect(await render('pending', { money: 'in-process' })).not.toContain('ya no está guardado')
  })

  it('pending: keeps asking, and offers a link where there is no script', async () => {
    const html = await render('pending')
    expect(html).toContain('data-payment="pref 1" data-revision="pending.pending"')
    expect(html).toMatch(/<noscript>.*preference_id=pref%201.*<\/noscript>/)
    expect(html).toContain('Estamos procesando tu transacción.')
  })

  it('unknown: is never blank', async () => {
    const html = await render('unknown', { preferenceId: null, paymentId: null, reference: null })
    expect(html).toContain('Pago pendiente')
    expect(html).toContain('href="/inicio/mis-clases-virtuales"')
    expect(html).toContain('href="/inicio/facturacion"')
    expect(html).not.toContain('data-payment')
  })

  it('paid and cancelled later: says that, and not that the slot was gone', async () => {
    const html = await render('refunded', { wasConfirmed: true })
    expect(html).toContain('La clase se canceló y te devolvemos el total.')
    expect(html).not.toContain('ya no estaba disponible')
  })

  it('left without paying until the hold was over: no payment is waited for', async () => {
    const html = await render('rejected', { released: true })
    expect(html).toContain('No recibimos ningún pago.')
    expect(html).not.toContain('Reintentar el pago')
  })

  it('approved and still being prepared: the page goes on asking', async () => {
    expect(await render('approved', { preparing: true })).toContain('data-payment="pref 1"')
  })

  it('pending and not paid yet: how long it can still be paid', async () => {
    const html = await render('pending', { retry: { href: '/x', until: new Date(NOW.getTime() + 61_000), classId: 'c9' } })
    expect(html).toContain('Si todavía no pagaste, podés retomar el pago: te quedan')
    expect(html).toContain('01:01')
  })

  it('too late: says that everything is given back', async () => {
    expect(await render('refunded')).toContain('Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.')
  })
})
