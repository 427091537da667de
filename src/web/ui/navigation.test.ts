import { describe, expect, it } from 'vitest'
import { initialsOf } from './navigation.tsx'

describe('initials', () => {
  it('are of the first and the last word', () => expect(initialsOf('  Ana María de la Fuente ')).toBe('AF'))
  it('are one letter for one word', () => expect(initialsOf('élida')).toBe('É'))
  it('survive an empty name', () => expect(initialsOf('  ')).toBe('?'))
  it('do not split a character in half', () => expect(initialsOf('𝒜na Ruiz')).toBe('𝒜R'))
})
