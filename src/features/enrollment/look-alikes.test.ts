import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meant, readingsOf } from './look-alikes.ts'

const anyCode = fc.string({ unit: fc.constantFrom(...'ABO0I1Z9'), minLength: 8, maxLength: 8 })

describe('characters that look alike', () => {
  it('are read as typed first, then all as the letter or all as the digit', () => {
    expect(readingsOf('A3B5C7D9')).toEqual(['A3B5C7D9'])
    expect(readingsOf('AO0BCDEF')).toEqual(['AO0BCDEF', 'AOOBCDEF', 'A00BCDEF'])
    expect(readingsOf('O1ABCDEF').toSorted()).toEqual(['01ABCDEF', '0IABCDEF', 'O1ABCDEF', 'OIABCDEF'])
    expect(readingsOf('O0I1ABCD')).toHaveLength(9)
  })

  it('never make one try stand for more than nine codes, all of which look the same', () => {
    const look = (code: string) => code.replaceAll('0', 'O').replaceAll('1', 'I')
    fc.assert(
      fc.property(anyCode, (typed) => {
        const readings = readingsOf(typed)
        expect(readings[0]).toBe(typed)
        expect(readings.length).toBeLessThanOrEqual(9)
        expect(new Set(readings).size).toBe(readings.length)
        for (const reading of readings) expect(look(reading)).toBe(look(typed))
      }),
    )
  })

  it('find every code that has no pair in both forms, however it was misread', () => {
    const oneForm = anyCode.filter((code) => !(/O/.test(code) && /0/.test(code)) && !(/I/.test(code) && /1/.test(code)))
    const swaps = fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })
    const other: Record<string, string> = { O: '0', 0: 'O', I: '1', 1: 'I' }
    fc.assert(
      fc.property(oneForm, swaps, (code, swapped) => {
        const typed = [...code].map((character, at) => (swapped[at] ? (other[character] ?? character) : character)).join('')
        expect(readingsOf(typed)).toContain(code)
      }),
    )
  })

  it('what was typed wins, and what could be two codes is neither', () => {
    const [letter, digit] = [{ code: 'AOOBCDEF' }, { code: 'A00BCDEF' }]
    expect(meant('A00BCDEF', [letter, digit])).toBe(digit)
    expect(meant('AO0BCDEF', [letter, digit])).toBeNull()
    expect(meant('AO0BCDEF', [letter])).toBe(letter)
    expect(meant('AO0BCDEF', [])).toBeNull()
  })
})
