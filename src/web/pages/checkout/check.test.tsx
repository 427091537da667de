import { describe, expect, it } from 'vitest'
import { fromPesos } from '../../../kernel/money.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import type { OpenBookingView } from '../../ui/open-bookings.tsx'
import { CheckPage } from './check.tsx'
import type { CheckView, Selection } from './view.ts'

const NOW = instantAt('2026-11-23', '13:36')
const selection: Selection = {
  start: instantAt('2026-11-26', '18:00'),
  end: instantAt('2026-11-26', '19:00'),
  type: 'grupal',
  people: 3,
  text: 'Verbos "irregulares"',
  total: fromPesos(36_000),
}
const view: CheckView = {
  selection,
  key: 'una-clave',
  hold: null,
  replaces: null,
  others: [],
  isFull: false,
  waiting: null,
  ended: false,
  error: null,
  aftermath: null,
  lost: [],
  alternatives: null,
  blocked: null,
  holdMinutes: 20,
  refundUntilHours: 24,
  isRefundable: true,
  rescheduleUntilHours: 12,
}

const HELD: OpenBookingView = {
  classId: 'c9',
  start: selection.start,
  end: selection.end,
  type: 'individual',
  people: 1,
  text: 'Verbos',
  standing: 'unpaid',
  slot: 'held',
  keptUntil: null,
  expiresAt: new Date(NOW.getTime() + 61_000),
  rejection: null,
  resumeHref: '/inicio/pre-compra',
}

async function render(more: Partial<CheckView> = {}): Promise<string> {
  const chrome = { asset: (name: string) => name, theme: 'light' as const, path: '/inicio/pre-compra', person: null, now: NOW }
  const page = <CheckPage chrome={chrome} {...view} {...more} />
  return String(await page)
}

describe('checking a booking', () => {
  it('shows the six facts as the contract writes them', async () => {
    const html = await render()
    for (const text of [
      'Verifica tu reserva',
      'Grupal',
      '3 personas',
      '26/11/2026',
      '18:00 - 19:00 hs',
      '$36.000',
      'Tema a tratar en la clase:',
    ]) {
      expect(html).toContain(text)
    }
  })

  it('pays with exactly these fields', async () => {
    const [, main = ''] = /<main(.*)<\/main>/s.exec(await render()) ?? []
    const fields = [...main.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value])
    expect(fields).toEqual([
      ['start', '2026-11-26T21:00:00.000Z'],
      ['end', '2026-11-26T22:00:00.000Z'],
      ['type', 'grupal'],
      ['n', '3'],
      ['text', 'Verbos &quot;irregulares&quot;'],
      ['key', 'una-clave'],
    ])
  })

  it('counts down once the slot is held, and can give it up', async () => {
    const html = await render({ hold: { classId: 'c 9', expiresAt: new Date(NOW.getTime() + 61_000), rejection: null } })
    expect(html).toContain('01:01')
    expect(html).toContain('action="/inicio/clases/c%209/cancelar"')
  })

  it('after a rejection says why, and that nothing was charged', async () => {
    const hold = { classId: 'c9', expiresAt: new Date(NOW.getTime() + 61_000), rejection: 'cc_rejected_insufficient_amount' }
    const words =
      'Tu último pago fue rechazado.</strong> Tu medio de pago no tiene saldo o límite suficiente. Probá con otro. No se te cobró nada.'
    expect(await render({ hold })).toContain(words)
    expect(await render({ selection: null, others: [{ ...HELD, rejection: hold.rejection }] })).toContain(words)
    expect(await render({ hold: { ...hold, rejection: null } })).not.toContain('rechazado')
  })

  it('cannot be paid any more once the slot is taken', async () => {
    const html = await render({
      blocked: 'taken',
      alternatives: [{ start: instantAt('2026-11-26', '17:00'), end: instantAt('2026-11-26', '18:00') }],
    })
    expect(html).not.toContain('Pagar con Mercado Pago')
    expect(html).toContain('El horario ya no está disponible')
    expect(html).toContain('start=2026-11-26T20%3A00%3A00.000Z')
  })

  it.each(['mine', 'waiting', 'refused'] as const)('is not offered for payment when it is %s', async (blocked) => {
    const html = await render({ blocked })
    expect(html).not.toContain('Pagar con Mercado Pago')
    expect(html).toContain('Elegir otro horario')
  })

  it('promises nothing back within the last day', async () => {
    expect(await render()).toContain('Podés cancelar con reembolso total hasta 24 horas antes de la clase')
    const late = await render({ isRefundable: false })
    expect(late).toContain('Faltan menos de 24 horas: si cancelás no hay reembolso.')
    expect(late).not.toContain('reembolso total')
  })

  it('says which other slot is still held, and gives it up only if the visitor says so', async () => {
    const other = { ...HELD, start: instantAt('2026-11-27', '18:00') }
    const html = await render({ others: [other] })
    expect(html).toContain('También tenés guardado viernes 27 de noviembre, 18:00 hs')
    expect(html).toContain('<input type="checkbox" name="replace" value="c9"/>')
    expect(html).toContain('al ir a pagar este')
  })

  it('proposes to give up the hold that ends first where no more can be kept, and says why', async () => {
    const other = { ...HELD, start: instantAt('2026-11-27', '18:00') }
    const sooner = { ...other, classId: 'c8', expiresAt: new Date(NOW.getTime() + 1_000) }
    const html = await render({ others: [other, sooner], isFull: true })
    expect(html).toContain('Ya tenés 2 horarios guardados sin pagar, el máximo: para guardar este hay que liberar uno.')
    expect(html).toContain('<input type="checkbox" name="replace" value="c9"/>')
    expect(html).toContain('<input type="checkbox" name="replace" value="c8" checked=""/>')
  })

  it('puts a changed booking in the place of the held one', async () => {
    const html = await render({ replaces: HELD })
    expect(html).toContain('<input type="hidden" name="replace" value="c9"/>')
    expect(html).toContain('Reemplaza tu reserva sin pagar de este horario: Individual, 1 persona, «Verbos».')
  })

  it.each([
    ['kept', 'Tu horario sigue guardado y no se te cobró nada.'],
    ['not-kept', 'El horario no quedó guardado y no se te cobró nada.'],
    ['too-many', 'Pagá o liberá alguna para poder guardar otra.'],
  ] as const)('a payment that could not be started: says what it means for the slot (%s)', async (aftermath, words) => {
    const html = await render({ error: 'No pudimos iniciar el pago. Probá de nuevo en unos minutos.', aftermath })
    expect(html).toContain(words)
    expect(html).toContain('Pagar con Mercado Pago')
  })

  it('says which holds are gone with a payment that failed', async () => {
    const html = await render({ lost: [HELD] })
    expect(html).toContain('Tu reserva sin pagar del jueves 26 de noviembre, 18:00 se liberó.')
  })

  it('a hold that ran out: says so, and offers to hold the slot again unless it is taken', async () => {
    const again = 'tocá el botón y te lo guardamos de nuevo'
    const ended = 'Se terminó el tiempo para pagar: el horario ya no está guardado.'
    expect(await render({ ended: true })).toMatch(new RegExp(`${ended}.*${again}`))
    const taken = await render({ ended: true, blocked: 'taken', alternatives: [] })
    expect(taken).toContain(ended)
    expect(taken).not.toContain(again)
    expect(await render({ ended: true, blocked: 'mine' })).not.toContain(ended)
  })

  it('without a selection leads back to a hold that waits', async () => {
    const html = await render({ selection: null, others: [HELD] })
    expect(html).toContain('Te falta pagar una clase')
    expect(html).toContain('Retomar el pago')
  })

  it('without a selection leads back to the grid', async () => {
    const html = await render({ selection: null })
    expect(html).not.toContain('Pagar con Mercado Pago')
    expect(html).toContain('href="/inicio/reservas"')
  })
})
