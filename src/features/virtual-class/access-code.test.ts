import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODE_LENGTH, drawAccessCode, systemIds } from '../../kernel/ids.ts'
import { AccessCode } from '../enrollment/commands.ts'

const anyCode = fc
  .array(fc.nat(35), { minLength: CODE_LENGTH, maxLength: CODE_LENGTH })
  .map((chance) => drawAccessCode({ ...systemIds, number: () => chance.shift() ?? 0 }))

describe('a code as people type it', () => {
  it('is the same in any case and with blanks around it (invariant 14)', () => {
    const blanks = fc.string({ unit: fc.constantFrom(' ', '\t', '\n', '\u00a0'), maxLength: 5 })
    const cases = fc.array(fc.boolean(), { minLength: CODE_LENGTH, maxLength: CODE_LENGTH })
    fc.assert(
      fc.property(anyCode, cases, blanks, blanks, (code, lower, before, after) => {
        const typed = [...code].map((character, at) => (lower[at] ? character.toLowerCase() : character)).join('')
        expect(AccessCode.parse(`${before}${typed}${after}`)).toBe(code)
      }),
    )
  })

  it('every drawn code is one, and nothing of another length or alphabet is', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        expect(AccessCode.parse(code)).toBe(code)
      }),
    )
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), (text) => {
        expect(AccessCode.safeParse(text).success).toBe(/^[A-Z0-9]{8}$/.test(text.trim().toUpperCase()))
      }),
    )
    for (const wrong of [
      '',
      'A3B5C7D',
      'A3B5C7D9X',
      'A3B5 7D9',
      'A3B5C7D!',
      'Ñ3B5C7D9',
      '١٢٣٤٥٦٧٨',
      12345678,
      null,
      undefined,
      {},
      ['A3B5C7D9'],
    ]) {
      expect(AccessCode.safeParse(wrong).success).toBe(false)
    }
  })
})
