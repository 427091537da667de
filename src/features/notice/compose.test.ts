import { describe, expect, it } from 'vitest'
import type { VirtualClassRow } from '../../db/tables.ts'
import { composeMail, type MailContext } from './compose.ts'
import { NOTICE_KINDS, type NoticeKind } from './kinds.ts'
import { SAMPLE_BASE_URL, SAMPLE_LINK, sampleContext } from './samples.ts'

function compose(kind: NoticeKind, change: { about?: Partial<VirtualClassRow> | null; facts?: object; reader?: object } = {}) {
  const sample = sampleContext(kind)
  const about = change.about === null ? null : sample.facts.about && { ...sample.facts.about, ...change.about }
  const context: MailContext = {
    ...sample,
    reader: { ...sample.reader, ...change.reader },
    facts: { ...sample.facts, about, ...change.facts },
  }
  return composeMail(kind, context)
}

const KINDS_AND_LANGUAGES = NOTICE_KINDS.flatMap((kind) => (['es', 'en'] as const).map((locale) => [kind, locale] as const))
const HTML_BYTES_MAX = 30_000

describe('mails (behaviour 7)', () => {
  it.each(KINDS_AND_LANGUAGES)('%s in %s: whole in text and HTML, an address of ours, never the Meet link', (kind, locale) => {
    const mail = compose(kind, { reader: { locale } })
    expect(mail?.subject.length).toBeGreaterThan(5)
    for (const body of [mail?.text, mail?.html]) {
      expect(body).toContain(locale === 'es' ? 'Hola, Ana:' : 'Hi Ana,')
      expect(body).toContain(`${SAMPLE_BASE_URL}/`)
      for (const wrong of [SAMPLE_LINK, 'meet.google', 'undefined', 'null', 'NaN', '[object', '<img', '<script', ' ,', '  ']) {
        expect(body).not.toContain(wrong)
      }
    }
    expect(mail?.text).not.toMatch(/<[a-z]/)
    expect(Buffer.byteLength(mail?.html ?? '')).toBeLessThan(HTML_BYTES_MAX)
  })

  it.each(KINDS_AND_LANGUAGES)('%s in %s: every sentence of the text is in the HTML, too', (kind, locale) => {
    const mail = compose(kind, { reader: { locale } })
    const sentences = (mail?.text.split('\n') ?? []).filter((line) => line.length > 20 && !line.includes('://') && !line.includes(': '))
    expect(sentences.length).toBeGreaterThan(0)
    const html = (mail?.html ?? '').replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
    for (const sentence of sentences) expect(html).toContain(sentence)
  })

  it.each(NOTICE_KINDS)('%s says something else in English', (kind) => {
    const [es, en] = (['es', 'en'] as const).map((locale) => compose(kind, { reader: { locale } }))
    expect(en?.subject).not.toBe(es?.subject)
    expect(en?.html).toContain('lang="en"')
    expect(en?.text).not.toMatch(/\b(clase|horario|hora|tenés|reserva)\b/i)
  })

  it('the hour is the Argentine one: 00:00Z is 21:00 of the day before', () => {
    const about = { startsAt: new Date('2026-11-27T00:00:00Z'), endsAt: new Date('2026-11-27T01:00:00Z') }
    expect(compose('class-confirmed', { about })?.subject).toBe('Clase confirmada: jueves 26 de noviembre, 21:00 a 22:00 hs')
  })

  it('what is no longer true is not said', () => {
    expect(compose('class-confirmed', { about: { status: 'cancelled' } })).toBeNull()
    expect(compose('class-confirmed', { about: null })).toBeNull()
    expect(compose('class-cancelled', { about: { status: 'scheduled' } })).toBeNull()
  })

  it('the confirmation says what was bought and with which payment', () => {
    const text = compose('class-confirmed')?.text
    for (const part of ['Clase grupal para 3 personas.', 'Objetivo: Viajes & hoteles', 'Pagaste $36.000 ARS. ID de pago: 123456789012']) {
      expect(text).toContain(part)
    }
    expect(compose('class-confirmed', { about: { classType: 'individual' } })?.text).toContain('Clase individual.')
    expect(compose('class-confirmed', { facts: { paymentId: null } })?.text).not.toContain('ID de pago')
  })

  it('a guest reads whose class it is', () => {
    const asGuest = { facts: { seat: 'guest', hostName: 'Sofía Paz' } }
    expect(compose('class-cancelled', asGuest)?.text).toContain('La clase de Sofía Paz del jueves 26 de noviembre')
    expect(compose('class-cancelled', { facts: { hostName: 'Sofía Paz' } })?.text).not.toContain('Sofía Paz')
    expect(compose('class-rescheduled', asGuest)?.text).toContain('La clase de Sofía Paz pasó a otro horario.')
    expect(compose('reminder-24h', asGuest)?.text).toContain('La clase de Sofía Paz es mañana')
  })

  it('a guest whose seat was given free reads by whom', () => {
    expect(compose('seat-released', { facts: { hostName: 'Sofía Paz' } })?.text).toContain(
      'Sofía Paz liberó tu lugar en la clase del jueves 26 de noviembre',
    )
    expect(compose('seat-released', { facts: { hostName: 'Sofía Paz', data: { by: 'admin' } } })?.text).toContain(
      'El profesor liberó tu lugar en la clase de Sofía Paz',
    )
  })

  it.each(['class-confirmed', 'class-rescheduled'] as const)('%s: the code is for the host of a group', (kind) => {
    expect(compose(kind)?.text).toContain('A3B5C7D9')
    expect(compose(kind, { about: { classType: 'individual' } })?.text).not.toContain('A3B5C7D9')
    expect(compose(kind, { facts: { code: null } })?.text).not.toMatch(/Código/)
  })

  it('names are text, on one line, whatever they hold', () => {
    const mail = compose('class-confirmed', { reader: { name: `<b>"Ana"&'x'</b>` } })
    expect(mail?.html).toContain('Hola, &#60;b&#62;&#34;Ana&#34;&#38;&#39;x&#39;&#60;/b&#62;:')
    const host = compose('class-cancelled', { facts: { seat: 'guest', hostName: 'Eva\r\nBcc: x@y.test\u202Egnirts' } })
    expect(host?.text).toContain('La clase de Eva Bcc: x@y.test gnirts del')
    expect(host?.subject).not.toMatch(/[\r\n]/)
    expect(compose('class-confirmed', { reader: { name: '\n' } })?.text).toMatch(/^Hola:\n/)
  })

  it('a reminder says today or tomorrow as the wall in Argentina does', () => {
    expect(compose('reminder-24h')?.subject).toMatch(/^Recordatorio: tu clase es mañana, jueves 26/)
    const late = { facts: { now: new Date('2026-11-26T04:00:00Z') }, about: { startsAt: new Date('2026-11-26T23:00:00Z') } }
    expect(compose('reminder-24h', late)?.text).toContain('Tu clase de inglés es hoy')
    expect(compose('reminder-60min')?.subject).toBe('Tu clase empieza a las 18:00')
  })

  it('a rejection says what to do, and until when the hour waits', () => {
    const text = compose('payment-rejected')?.text
    expect(text).toContain('no tiene saldo o límite suficiente')
    expect(text).toContain('sigue guardado hasta las 10:20 (hora de Argentina)')
    expect(text).toContain(`Reintentar el pago: ${SAMPLE_BASE_URL}/checkout/callback/pending?external_reference=`)
  })

  it('a hold that ended while its money is on its way asks for no second payment', () => {
    expect(compose('hold-expired')?.text).toContain('No se te cobró nada')
    expect(compose('hold-expired')?.subject).toBe('Tu reserva venció sin pago')
    const onItsWay = compose('hold-expired', { facts: { money: 'in-process' } })
    expect(onItsWay?.text).toContain('el horario sigue libre y no tenés otra clase a esa hora')
    expect(onItsWay?.text).toContain('No pagues de nuevo.')
    expect(onItsWay?.subject).toBe('Tu pago sigue en proceso; el horario ya no está guardado')
  })

  it('a class that nobody cancelled says what became of its payment, to the host alone', () => {
    const text = (status: string, more: object = {}) =>
      compose('class-cancelled', {
        about: { cancelReason: 'payment_refunded' },
        facts: { data: {}, order: { id: 'o', status }, ...more },
      })?.text
    expect(text('refunded')).toContain('Mercado Pago nos avisó que el pago de la clase ya te fue devuelto.')
    expect(text('approved')).toContain('Mercado Pago nos avisó que desconociste el pago de la clase.')
    expect(text('approved', { seat: 'guest', hostName: 'Sofía Paz' })).not.toContain('Mercado Pago')
    expect(text('refunded', { data: { refund: 'full' } })).not.toContain('Mercado Pago nos avisó')
  })

  it('a class that was returned in part before it was cancelled is not promised the full amount', () => {
    const text = (refund: string) => compose('class-cancelled', { facts: { data: { refund } } })?.text
    expect(text('full')).toContain('Te devolvemos el total por Mercado Pago.')
    expect(text('rest')).toContain('Te devolvemos por Mercado Pago lo que quedaba del pago.')
    expect(text('rest')).not.toContain('el total')
  })

  it('a refund says why', () => {
    const text = (reason: string) => compose('refund-made', { facts: { data: { amountCentavos: 1_500_000, reason } } })?.text
    expect(text('no_valid_hold')).toContain('Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.')
    expect(text('surplus_payment')).toContain('repetido')
    expect(text('host_cancelled')).toContain('Importe: $15.000 ARS')
    expect(text('host_cancelled')).toContain('porque la cancelaste a tiempo')
    expect(text('admin_cancelled')).toContain('porque el profesor la canceló')
    expect(text('surplus_payment')).toContain('Clase: jueves 26 de noviembre, 18:00 a 19:00 hs.')
  })
})

it.each(['activity-ready', 'activity-reminder'] as const)('%s leads to the activity itself, or to the list while there is none', (kind) => {
  const sample = sampleContext(kind)
  const withId = (activityId: string | null) => composeMail(kind, { ...sample, facts: { ...sample.facts, activityId } })?.text
  expect(withId('a1')).toContain('/actividad/a1')
  expect(withId(null)).toContain('/inicio/mis-actividades')
})
