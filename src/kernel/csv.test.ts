import { describe, expect, it } from 'vitest'
import { csvOf } from './csv.ts'

const body = (text: string) => text.replace(/^\uFEFF/, '')

describe('a CSV file', () => {
  it('begins with a byte order mark, and every line ends with CRLF, the last one too', () => {
    expect(
      csvOf([
        ['Número', 'Estado'],
        [1, 'Aprobado'],
      ]),
    ).toBe('\uFEFFNúmero,Estado\r\n1,Aprobado\r\n')
    expect(csvOf([])).toBe('\uFEFF')
  })
  it.each([
    ['a,b', '"a,b"'],
    ['dice "hola"', '"dice ""hola"""'],
    ['dos\r\nrenglones', '"dos\r\nrenglones"'],
    ['a;b', 'a;b'],
    ['', ''],
    [null, ''],
    [15000.5, '15000.5'],
  ])('%j becomes %s', (cell, text) => expect(body(csvOf([[cell]]))).toBe(`${text}\r\n`))

  it.each(['=1+1', '+54 11', '-2', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x";"y")'])(
    'a text that begins like a formula is none: %j',
    (text) => {
      expect(body(csvOf([[text]])).replace(/^"/, '')).toMatch(/^'/)
    },
  )
  it('an Argentine spreadsheet gets semicolons and decimal commas', () => {
    expect(body(csvOf([['a,b', 'c;d', 15000.5]], 'excel'))).toBe('a,b;"c;d";15000,5\r\n')
  })
})
