import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatMoney, fromPesos, toPesos } from './money.ts'

describe('money', () => {
  it('is written the Argentine way', () => {
    expect(formatMoney(1_500_000)).toBe('$15.000')
    expect(formatMoney(6_000_000)).toBe('$60.000')
    expect(formatMoney(100_000)).toBe('$1.000')
    expect(formatMoney(1_500_050)).toBe('$15.000,50')
    expect(formatMoney(0)).toBe('$0')
    expect(formatMoney(123_456_789_00)).toBe('$123.456.789')
  })

  it('whole pesos become whole centavos and come back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (pesos) => {
        expect(Number.isSafeInteger(fromPesos(pesos))).toBe(true)
        expect(toPesos(fromPesos(pesos))).toBe(pesos)
      }),
    )
  })

  it('amounts with centavos survive binary fractions', () => {
    expect(fromPesos(0.1 + 0.2)).toBe(30)
    expect(fromPesos(19.99)).toBe(1_999)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (centavos) => {
        expect(fromPesos(toPesos(centavos))).toBe(centavos)
      }),
    )
  })

  it('reads back as the same amount, for every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999 }), (centavos) => {
        const digits = formatMoney(centavos).replaceAll('.', '').replace('$', '').replace(',', '.')
        expect(fromPesos(Number(digits))).toBe(centavos)
      }),
    )
  })
})
