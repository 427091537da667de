import { describe, expect, it } from 'vitest'
import { normalizeCode } from './code.ts'

describe('a code while it is typed', () => {
  it('turns to upper case', () => expect(normalizeCode('a3b5c7d9')).toBe('A3B5C7D9'))
  it('loses the spaces of a pasted text before it is cut', () => expect(normalizeCode(' a3b5 c7d9 ')).toBe('A3B5C7D9'))
  it('keeps at most eight characters', () => expect(normalizeCode('A3B5C7D9X')).toBe('A3B5C7D9'))
})
