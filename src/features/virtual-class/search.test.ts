import { describe, expect, it } from 'vitest'
import { FOLDING, fold, parseSearch, SEARCH_CHARACTERS_MAX } from './search.ts'

const only = (typed: string) => {
  const words = parseSearch(typed)
  expect(words).toHaveLength(1)
  return words[0]!
}

describe('a search of one’s history', () => {
  it.each([
    ['26/11', { day: 26, month: 11 }],
    ['26/11/2026', { day: 26, month: 11, year: 2026 }],
    ['26-11-26', { day: 26, month: 11, year: 2026 }],
    ['2026-11-26', { day: 26, month: 11, year: 2026 }],
    ['11/2026', { month: 11, year: 2026 }],
    ['26', { day: 26 }],
    ['2026', { year: 2026 }],
    ['Noviembre', { month: 11 }],
    ['nov', { month: 11 }],
    ['setiembre', { month: 9 }],
    ['November', { month: 11 }],
    ['Miércoles', { weekday: 3 }],
    ['thu', { weekday: 4 }],
    ['no', null],
    ['viajes', null],
  ])('reads the date in %s', (typed, date) => expect(only(typed).date).toEqual(date))

  it.each([
    ['Reservada', ['scheduled'], []],
    ['completada', ['completed'], []],
    ['CANCELADA', ['cancelled'], ['host_cancelled', 'admin_cancelled']],
    ['booked', ['scheduled'], []],
    ['vencida', [], ['hold_expired']],
    ['rechazado', [], ['payment_rejected']],
    ['ca', [], []],
  ])('reads the state in %s', (typed, statuses, reasons) => expect(only(typed)).toMatchObject({ statuses, reasons }))

  it('takes a sentence word by word, without the words that say nothing, each once', () => {
    expect(parseSearch('  El 26 de noviembre con Mateo  con mateo').map(({ text }) => text)).toEqual(['26', 'noviembre', 'mateo'])
  })
  it('is bounded, and nothing is no word', () => {
    expect(parseSearch('')).toEqual([])
    expect(parseSearch(' \t\n de la ')).toEqual([])
    expect(parseSearch('abcdefg '.repeat(1_000))).toHaveLength(1)
    expect(parseSearch('a1 b2 c3 d4 e5 f6 g7 h8 i9 j10 k11')).toHaveLength(8)
    expect(parseSearch('x'.repeat(500))[0]?.text).toHaveLength(SEARCH_CHARACTERS_MAX)
    expect(parseSearch('\0')).toEqual([])
  })
  it('knows no accents and no capitals, on both sides alike', () => {
    expect(fold('NÚÑEZ Etchegaray')).toBe('nunez etchegaray')
    expect(fold('Nu\u0301n\u0303ez')).toBe('nunez')
    const letters = Array.from(FOLDING.from).slice(0, FOLDING.to.length)
    expect(letters.map(fold)).toEqual(Array.from(FOLDING.to))
    expect(FOLDING.from).toContain('Ñ')
  })
})
