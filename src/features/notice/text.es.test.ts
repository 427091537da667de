import { describe, expect, it } from 'vitest'
import type { VirtualClassRow } from '../../db/tables.ts'
import { composeMail, type NoticeKind } from './text.es.ts'

const LINK = 'https://meet.google.com/abc-defg-hij'
const about = {
  status: 'scheduled',
  classType: 'grupal',
  startsAt: new Date('2026-11-27T00:00:00Z'),
  endsAt: new Date('2026-11-27T01:00:00Z'),
  meetUrl: LINK,
  maxParticipants: 3,
  learningFocus: 'Viajes & hoteles',
  priceCentavos: 3_600_000,
} as VirtualClassRow

function compose(kind: NoticeKind, change: Partial<Parameters<typeof composeMail>[1]> = {}) {
  return composeMail(kind, {
    person: { name: 'Ana Ruiz' },
    about,
    host: { name: 'Ana Ruiz', isReader: true },
    paymentId: '123456',
    code: 'A3B5C7D9',
    data: {},
    baseUrl: 'https://clases.example.test',
    joinLeadMinutes: 60,
    ...change,
  })
}

describe('mails (behaviour 7)', () => {
  it.each(['class-confirmed', 'class-cancelled', 'refund-made', 'calendar-disconnected'] as const)(
    '%s: the same in text and HTML, greeting, an address of ours, never the Meet link',
    (kind) => {
      const mail = compose(kind, {
        about: kind === 'class-cancelled' ? { ...about, status: 'cancelled' } : about,
        data: { amountCentavos: 1_500_000, refund: 'full' },
      })
      expect(mail?.subject.length).toBeGreaterThan(5)
      for (const body of [mail?.text, mail?.html]) {
        expect(body).toContain('Hola, Ana:')
        expect(body).toContain('https://clases.example.test/')
        expect(body).not.toContain(LINK)
        expect(body).not.toContain('undefined')
      }
    },
  )

  it('the hour is the Argentine one: 00:00Z is 21:00 of the day before', () => {
    expect(compose('class-confirmed')?.subject).toBe('Clase confirmada: jueves 26 de noviembre, 21:00 a 22:00 hs')
  })

  it('what is no longer true is not said', () => {
    expect(compose('class-confirmed', { about: { ...about, status: 'cancelled' } })).toBeNull()
    expect(compose('class-confirmed', { about: null })).toBeNull()
    expect(compose('class-cancelled', { about })).toBeNull()
  })

  it('the confirmation says what was bought and with which payment', () => {
    const text = compose('class-confirmed')?.text
    for (const part of ['Clase grupal para 3 personas.', 'Objetivo: Viajes & hoteles', 'Pagaste $36.000 ARS. ID de pago: 123456']) {
      expect(text).toContain(part)
    }
    expect(compose('class-confirmed', { about: { ...about, classType: 'individual' } })?.text).toContain('Clase individual.')
    expect(compose('class-confirmed', { paymentId: null })?.text).not.toContain('ID de pago')
  })

  it('a guest reads whose class was cancelled', () => {
    const cancelled = { ...about, status: 'cancelled' as const }
    expect(compose('class-cancelled', { about: cancelled, host: { name: 'Sofía Paz', isReader: false } })?.text).toContain(
      'La clase de Sofía Paz del jueves 26 de noviembre',
    )
    expect(compose('class-cancelled', { about: cancelled })?.text).not.toContain('Sofía Paz')
  })

  it('a guest whose seat was given free reads by whom, while the class is still to come', () => {
    const host = { name: 'Sofía Paz', isReader: false }
    expect(compose('seat-released', { host })?.text).toContain('Sofía Paz liberó tu lugar en la clase del jueves 26 de noviembre')
    expect(compose('seat-released', { host, about: { ...about, status: 'cancelled' } })).toBeNull()
  })

  it('the code is for groups', () => {
    expect(compose('class-confirmed')?.text).toContain('A3B5C7D9')
    expect(compose('class-confirmed', { about: { ...about, classType: 'individual' } })?.text).not.toContain('A3B5C7D9')
  })

  it('names are text', () => {
    const mail = compose('class-confirmed', { person: { name: `<b>"Ana"&'x'</b>` } })
    expect(mail?.html).toContain('Hola, &#60;b&#62;&#34;Ana&#34;&#38;&#39;x&#39;&#60;/b&#62;:')
  })

  it('a refund says why', () => {
    const text = (reason: string) => compose('refund-made', { data: { amountCentavos: 1_500_000, reason } })?.text
    expect(text('no_valid_hold')).toContain('Recibimos tu pago, pero el horario ya no estaba disponible. Te devolvemos el total.')
    expect(text('surplus_payment')).toContain('repetido')
    expect(text('host_cancelled')).toContain('Importe: $15.000 ARS')
    expect(text('host_cancelled')).toContain('porque la cancelaste a tiempo')
    expect(text('admin_cancelled')).toContain('porque el profesor la canceló')
    expect(text('surplus_payment')).toContain('Clase: jueves 26 de noviembre, 21:00 a 22:00 hs.')
  })
})
