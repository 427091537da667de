import { describe, expect, it } from 'vitest'
import { DEFAULT_OPENING } from '../../../features/academy/rules.ts'
import { instantAt } from '../../../kernel/zoned-time.ts'
import { CalendarPage } from './calendar.tsx'
import { type CalendarView, daysOf, type MonthDay, monthFrom, openingRuns, weeksOf } from './view.ts'

const TODAY = '2026-11-23'
const day = (date: string): MonthDay => ({ date, state: date < TODAY ? 'over' : 'free', free: 3, own: null })

describe('a month', () => {
  it('has its own days only, in rows from Monday on', () => {
    const weeks = weeksOf(daysOf('2026-11').map(day))
    expect(weeks).toHaveLength(6)
    expect(weeks[0]?.map((cell) => cell?.date ?? null)).toEqual([null, null, null, null, null, null, '2026-11-01'])
    expect(weeks.at(-1)?.map((cell) => cell?.date ?? null)).toEqual(['2026-11-30', null, null, null, null, null, null])
    expect([daysOf('2027-02').length, daysOf('2028-02').length, daysOf('2026-12').length]).toEqual([28, 29, 31])
  })

  it('is followed and preceded across the end of a year', () => {
    expect([monthFrom('2026-12', 1), monthFrom('2027-01', -1), monthFrom('2027-01', 1)]).toEqual(['2027-01', '2026-12', '2027-02'])
  })
})

describe('opening hours in words', () => {
  const open = (weekday: number, opens: string, closes: string) => ({ weekday, opens, closes })

  it('join the days that follow each other with the same hours', () => {
    expect(openingRuns(DEFAULT_OPENING)).toEqual([{ from: 1, to: 6, hours: [{ opens: '09:00', closes: '21:00' }] }])
  })

  it('keep apart what differs, and leave closed days out', () => {
    const runs = openingRuns([open(1, '09:00', '13:00'), open(1, '15:00', '21:00'), open(3, '09:00', '21:00'), open(4, '09:00', '21:00')])
    expect(runs.map(({ from, to, hours }) => [from, to, hours.length])).toEqual([
      [1, 1, 2],
      [3, 4, 1],
    ])
  })
})

describe('the page', () => {
  const start = instantAt('2026-11-27', '18:00')
  const end = instantAt('2026-11-27', '19:00')
  const view: CalendarView = {
    month: '2026-11',
    days: daysOf('2026-11').map(day),
    today: TODAY,
    previousMonth: null,
    nextMonth: '2026-12',
    opened: {
      date: '2026-11-27',
      slots: [
        { start, end, state: 'free' },
        { start: end, end: instantAt('2026-11-27', '20:00'), state: 'taken' },
      ],
    },
    opening: DEFAULT_OPENING,
    slotMinutes: 60,
    holdMinutes: 20,
    calendarUnreadable: false,
  }
  async function render(more: Partial<CalendarView> = {}): Promise<string> {
    const chrome = {
      asset: (name: string) => name,
      theme: 'light' as const,
      path: '/inicio/calendario',
      person: null,
      now: instantAt(TODAY, '08:00'),
    }
    const page = <CalendarPage chrome={chrome} {...view} {...more} />
    return String(await page)
  }

  it('says of every slot of a day whether it is free, and leads to Reservas', async () => {
    const html = await render()
    expect(html).toContain('Horarios del viernes 27 de noviembre')
    expect(html).toContain('href="/inicio/reservas?dia=2026-11-27&amp;start=2026-11-27T21%3A00%3A00.000Z" aria-label="18:00, DISPONIBLE"')
    expect(html.match(/RESERVADO/g)).toHaveLength(1)
    expect(html).toContain('Instrucciones para reservar tu clase')
  })

  it('opens no day that is over, and none beyond the horizon', async () => {
    const html = await render({ days: view.days.map((each) => (each.date > '2026-11-28' ? { ...each, state: 'beyond', free: 0 } : each)) })
    expect(html.match(/ver horarios disponibles/g)).toHaveLength(6)
    expect(html).not.toContain('dia=2026-11-22')
    expect(html).not.toContain('dia=2026-11-30')
  })

  it("marks what is one's own, in words too, and says what the signs mean", async () => {
    const own = { '2026-11-12': 'mine', '2026-11-27': 'unpaid' } as const
    const html = await render({ days: view.days.map((each) => ({ ...each, own: own[each.date as keyof typeof own] ?? null })) })
    const cell = (date: number) => html.match(new RegExp(`<td>(?:(?!</td>).)*<b>${date}</b>.*?</td>`))?.[0]
    expect(cell(12)).toContain(', Tu clase')
    expect(cell(27)).toContain(', Te falta pagar')
    expect(cell(26)).not.toMatch(/Tu clase|Te falta pagar/)
    expect(html.match(/<ul class="month-legend">.*?<\/ul>/)?.[0]).toMatch(/Te falta pagar.*Tu clase/)
    expect(await render()).not.toContain('month-legend')
  })

  it('claims nothing while the calendar cannot be read', async () => {
    const html = await render({
      days: view.days.map((each) => ({ ...each, state: 'unknown', free: 0 })),
      opened: null,
      calendarUnreadable: true,
    })
    expect(html).toContain('No podemos confirmar la agenda en este momento.')
    expect(html).not.toMatch(/libres|lleno/)
  })
})
