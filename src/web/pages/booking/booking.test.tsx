import { describe, expect, it } from 'vitest'
import { fromPesos } from '../../../kernel/money.ts'
import { addDays, instantAt } from '../../../kernel/zoned-time.ts'
import { BookingPage } from './booking.tsx'
import { type BookingView, bookingHref, checkHref, type Day, EMPTY_DRAFT, type Slot } from './view.ts'

const MONDAY = '2026-11-23'
const slot = (date: string, time: string, state: 'free' | 'taken' | 'unavailable'): Slot => {
  const start = instantAt(date, time)
  return { start, end: new Date(start.getTime() + 3_600_000), state }
}
const days: Day[] = Array.from({ length: 7 }, (_, index) => {
  const date = addDays(MONDAY, index)
  const states = ['free', 'taken', 'unavailable'] as const
  return { date, slots: index === 6 ? [] : states.map((state, hour) => slot(date, `${10 + hour}:00`, state)) }
})

const view: BookingView = {
  days,
  today: MONDAY,
  lastDay: '2027-01-22',
  chosenDay: '2026-11-25',
  previousWeek: null,
  nextWeek: '2026-11-30',
  nextFree: { start: instantAt(MONDAY, '10:00') },
  draft: EMPTY_DRAFT,
  open: [],
  prices: [
    { type: 'individual', people: 1, total: fromPesos(15_000) },
    { type: 'grupal', people: 3, total: fromPesos(36_000) },
  ],
  slotMinutes: 60,
  holdMinutes: 20,
  refundUntilHours: 24,
  calendarUnreadable: false,
  alternatives: null,
}

async function render(more: Partial<BookingView> = {}): Promise<string> {
  const chrome = {
    asset: (name: string) => name,
    theme: 'light' as const,
    path: '/inicio/reservas',
    person: null,
    now: instantAt(MONDAY, '08:00'),
  }
  const page = <BookingPage chrome={chrome} {...view} {...more} />
  return String(await page)
}

const radios = (html: string) => [...html.matchAll(/<input type="radio" name="start" value="([^"]*)"[^>]*>/g)]

it('asks beside the field how many people come to a group class, once somebody went on without saying', async () => {
  const html = await render({ draft: { ...EMPTY_DRAFT, type: 'grupal', text: 'Verbos' }, asksPeople: true })
  expect(html).toContain('<p class="field-error" id="personas-error">Elegí cuántas personas</p>')
  expect(html).toMatch(/<fieldset class="field people-field" aria-describedby="personas-error">/)
  expect(await render({ draft: { ...EMPTY_DRAFT, type: 'grupal' } })).not.toContain('personas-error')
})

describe('the week', () => {
  it('has exactly one radio button for every free slot and none for the others', async () => {
    const values = radios(await render()).map(([, value]) => value)
    expect(values).toHaveLength(6)
    expect(new Set(values).size).toBe(6)
    expect(values).toContain('2026-11-25T13:00:00.000Z')
  })

  it('says in words which slots are free and which are taken', async () => {
    const html = await render()
    expect(html.match(/RESERVADO/g)).toHaveLength(7)
    expect(html.match(/DISPONIBLE/g)).toHaveLength(7)
  })

  it('checks the slot of the draft, and never one that is taken', async () => {
    const free = await render({ draft: { ...EMPTY_DRAFT, start: instantAt('2026-11-25', '10:00') } })
    expect(
      radios(free)
        .filter(([radio]) => radio.includes('checked'))
        .map(([, value]) => value),
    ).toEqual(['2026-11-25T13:00:00.000Z'])
    const taken = await render({ draft: { ...EMPTY_DRAFT, start: instantAt('2026-11-25', '11:00') } })
    expect(radios(taken).some(([radio]) => radio.includes('checked'))).toBe(false)
  })

  it('leaves out a closed Sunday and keeps a closed weekday', async () => {
    const html = await render({ days: days.map((day) => (day.date === '2026-11-25' ? { ...day, slots: [] } : day)) })
    expect(html.match(/<th scope="col"[^>]*><span aria-hidden/g)).toHaveLength(6)
    expect(html).toContain('Semana del 23 al 28 de noviembre')
  })

  it('is drawn without any slot at all, and shows the way out', async () => {
    const html = await render({ days: days.map((day) => ({ ...day, slots: [] })), nextFree: { start: instantAt('2026-12-02', '10:00') } })
    expect(html).toContain('<table class="week">')
    expect(html).toContain('No quedan horarios libres esta semana.')
    expect(html).toContain('Ver el próximo: miércoles 02/12, 10\u00a0h')
  })

  it('does not promise anything while the calendar cannot be read', async () => {
    const html = await render({ calendarUnreadable: true, days: days.map((day) => ({ ...day, slots: [] })) })
    expect(html).toContain('No podemos confirmar la agenda en este momento. Probá de nuevo en unos minutos.')
    expect(html).not.toContain('No quedan horarios libres')
  })

  it('offers at most three alternatives, with everything else kept', async () => {
    const free = ['10:00', '11:00', '12:00', '13:00'].map((time) => slot('2026-11-26', time, 'free'))
    const html = await render({ alternatives: free, draft: { start: null, type: 'grupal', people: 3, text: 'a&b' } })
    expect(html).toContain('El horario ya no está disponible')
    expect(html.match(/start=2026-11-26[^"]*&amp;type=grupal&amp;n=3&amp;text=a%26b/g)).toHaveLength(3)
  })
})

describe('what is one’s own', () => {
  const wednesday = '2026-11-25'
  const own = (state: 'mine' | 'unpaid' | 'processing'): Day[] =>
    days.map((day) =>
      day.date === wednesday ? { ...day, slots: [{ ...slot(wednesday, '10:00', 'free'), state, href: `/va-a/${state}` }] } : day,
    )

  it.each([
    ['mine', 'Tu clase'],
    ['unpaid', 'Te falta pagar'],
    ['processing', 'Pago en proceso'],
  ] as const)('%s: a link with its own word, and no radio button', async (state, word) => {
    const html = await render({ days: own(state) })
    expect(html).toMatch(new RegExp(`<a class="slot slot-own slot-${state}" href="/va-a/${state}">.*?${word}`))
    expect(radios(html).map(([, value]) => value)).not.toContain(instantAt(wednesday, '10:00').toISOString())
  })

  it('a hold that is being changed is chosen, and nothing says that it is gone', async () => {
    const html = await render({ days: own('unpaid'), draft: { ...EMPTY_DRAFT, start: instantAt(wednesday, '10:00') } })
    const checked = radios(html).filter(([radio]) => radio.includes('checked'))
    expect(checked.map(([, value]) => value)).toEqual([instantAt(wednesday, '10:00').toISOString()])
    expect(checked[0]?.[0]).toContain('data-own')
    expect(html).not.toContain('El horario ya no está disponible')
  })
})

describe('the refund rule', () => {
  it('is told for both kinds of slots, and the late ones are marked', async () => {
    const html = await render()
    expect(html).toContain('Cancelás con reembolso total hasta 24 horas antes.')
    expect(html).toContain('Faltan menos de 24 horas: si cancelás no hay reembolso.')
    const late = radios(html).filter(([radio]) => radio.includes('data-late'))
    expect(late.map(([, value]) => value)).toEqual([instantAt(MONDAY, '10:00').toISOString()])
  })
})

describe('the form', () => {
  it('keeps an objective as text, whatever it contains', async () => {
    const html = await render({ draft: { ...EMPTY_DRAFT, text: '</textarea><script>alert(1)</script>' } })
    expect(html).not.toContain('<script>')
    expect(html).toContain('&lt;/textarea&gt;&lt;script&gt;')
    expect(html).toContain('<span data-count-of="objetivo">36</span>/100')
  })

  it('shows every price once, with the price per person for groups', async () => {
    const html = await render()
    expect(html).toContain('<b>$36.000</b><span class="soft">$12.000 por persona</span>')
  })
})

describe('addresses', () => {
  it('carry the draft, and people only for groups', () => {
    const start = instantAt('2026-11-26', '22:30')
    expect(bookingHref({ start, type: 'individual', people: 3, text: '' })).toBe(
      '/inicio/reservas?dia=2026-11-26&start=2026-11-27T01%3A30%3A00.000Z',
    )
    expect(checkHref({ start, type: 'grupal', people: 3, text: 'hola' })).toBe(
      '/inicio/pre-compra?start=2026-11-27T01%3A30%3A00.000Z&type=grupal&n=3&text=hola',
    )
    expect(bookingHref(EMPTY_DRAFT)).toBe('/inicio/reservas')
  })
})
