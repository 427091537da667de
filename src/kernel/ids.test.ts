import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODE_LENGTH, drawAccessCode, type Ids, systemIds } from './ids.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

describe('access codes (D18, A1)', () => {
  it('are always eight characters of A–Z0–9, whatever chance says', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { minLength: CODE_LENGTH, maxLength: CODE_LENGTH }), (chance) => {
        let drawn = 0
        const ids: Ids = { ...systemIds, number: (below) => (chance[drawn++] ?? 0) % below }
        expect(drawAccessCode(ids)).toMatch(/^[A-Z0-9]{8}$/)
        expect(drawn).toBe(CODE_LENGTH)
      }),
    )
  })

  it('reach every character in every place, and none more than its share', () => {
    const draws = 20_000
    const seen = Array.from({ length: CODE_LENGTH }, () => new Map<string, number>())
    for (let i = 0; i < draws; i++) {
      for (const [place, character] of [...drawAccessCode(systemIds)].entries()) {
        seen[place]?.set(character, (seen[place]?.get(character) ?? 0) + 1)
      }
    }
    const share = draws / ALPHABET.length
    for (const counts of seen) {
      expect([...counts.keys()].sort().join('')).toBe([...ALPHABET].sort().join(''))
      // Eight standard deviations: a fair source fails once in more runs than there will ever be.
      for (const count of counts.values()) expect(Math.abs(count - share)).toBeLessThan(8 * Math.sqrt(share))
    }
  })

  it('do not repeat in practice', () => {
    const codes = new Set(Array.from({ length: 5_000 }, () => drawAccessCode(systemIds)))
    expect(codes.size).toBeGreaterThan(4_998)
  })
})

describe('secrets', () => {
  it('carry 256 bits unless told otherwise, and fit into an address', () => {
    expect(systemIds.secret()).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(Buffer.from(systemIds.secret(16), 'base64url')).toHaveLength(16)
    expect(systemIds.secret()).not.toBe(systemIds.secret())
  })

  it('numbers stay below their bound', () => {
    for (let i = 0; i < 500; i++) expect([0, 1, 2]).toContain(systemIds.number(3))
  })
})
