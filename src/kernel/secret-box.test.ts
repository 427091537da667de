import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSecretBox, fingerprint, sameSecret, sha256 } from './secret-box.ts'

const OLD = 'old-key-old-key-old-key-old-key-old'
const NEW = 'new-key-new-key-new-key-new-key-new'
const TOKEN = '1//0refresh-token'

describe('the secret box', () => {
  it('opens what it sealed, whatever the text', () => {
    const box = createSecretBox([NEW])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string({ maxLength: 40 }), (text, context) => {
        const wellFormed = text.toWellFormed()
        expect(box.open(box.seal(wellFormed, context), context)).toBe(wellFormed)
      }),
    )
  })

  it('never seals the same text to the same box, and shows nothing of it', () => {
    const box = createSecretBox([NEW])
    const [first, second] = [box.seal(TOKEN, 'row'), box.seal(TOKEN, 'row')]
    expect(first).not.toBe(second)
    for (const sealed of [first, second]) {
      expect(sealed).not.toContain(TOKEN)
      expect(sealed).not.toContain(Buffer.from(TOKEN).toString('base64url'))
      expect(sealed).not.toContain(NEW)
    }
  })

  it('after a rotation opens old boxes and seals with the new key', () => {
    const before = createSecretBox([OLD]).seal(TOKEN, 'row')
    const rotated = createSecretBox([NEW, OLD])
    expect(rotated.open(before, 'row')).toBe(TOKEN)
    const after = rotated.seal(TOKEN, 'row')
    expect(createSecretBox([NEW]).open(after, 'row')).toBe(TOKEN)
    expect(() => createSecretBox([OLD]).open(after, 'row')).toThrow()
  })

  it('refuses an unknown key, another context and what is no box', () => {
    const sealed = createSecretBox([OLD]).seal(TOKEN, 'row-1')
    expect(() => createSecretBox([NEW]).open(sealed, 'row-1')).toThrow()
    expect(() => createSecretBox([OLD]).open(sealed, 'row-2')).toThrow()
    for (const text of ['', '.', '...', sealed.split('.').slice(0, 3).join('.'), TOKEN]) {
      expect(() => createSecretBox([OLD]).open(text, 'row-1')).toThrow()
    }
  })

  it('refuses a box in which any byte was altered', () => {
    const box = createSecretBox([NEW])
    const [keyId, ...fields] = box.seal(TOKEN, 'row').split('.')
    for (const [field, text] of fields.entries()) {
      const bytes = Buffer.from(text, 'base64url')
      for (let at = 0; at < bytes.length; at++) {
        const altered = Buffer.from(bytes)
        altered[at] = (altered[at] ?? 0) ^ 1
        const forged = [keyId, ...fields.with(field, altered.toString('base64url'))].join('.')
        expect(() => box.open(forged, 'row')).toThrow()
      }
    }
  })

  it('refuses a shortened tag, which would be easier to guess', () => {
    const box = createSecretBox([NEW])
    const [keyId, nonce, tag = '', ciphertext] = box.seal(TOKEN, 'row').split('.')
    for (const bytes of [0, 1, 4, 8, 12, 15]) {
      const short = Buffer.from(tag, 'base64url').subarray(0, bytes).toString('base64url')
      expect(() => box.open([keyId, nonce, short, ciphertext].join('.'), 'row')).toThrow()
    }
  })

  it('cannot be made without a key', () => {
    expect(() => createSecretBox([])).toThrow()
  })
})

describe('fingerprints and comparison', () => {
  it('a fingerprint depends on key and secret and shows neither', () => {
    const print = fingerprint('key', 'secret')
    expect(print).toMatch(/^[0-9a-f]{64}$/)
    expect(fingerprint('key', 'secret')).toBe(print)
    expect(fingerprint('other', 'secret')).not.toBe(print)
    expect(fingerprint('key', 'other')).not.toBe(print)
    expect(print).not.toBe(sha256('secret'))
  })

  it('compares texts of any length', () => {
    expect(sameSecret('abc', 'abc')).toBe(true)
    expect(sameSecret('', '')).toBe(true)
    for (const other of ['', 'ab', 'abd', 'abcd', 'ABC']) expect(sameSecret('abc', other)).toBe(false)
  })
})
