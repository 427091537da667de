import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HOME, safeReturnPath } from './rules.ts'

const SITE = 'https://clases.example.test'

describe('where a sign-in may lead (behaviour 4.11)', () => {
  it.each(['/', '/inicio', '/inicio/historial?filter=all&page=2', '/admin/google#estado', '/inicio?x=//otro.example'])(
    'ours: %s',
    (path) => {
      expect(safeReturnPath(path)).toBe(path)
    },
  )

  it.each([
    null,
    undefined,
    '',
    'inicio',
    'https://otro.example',
    'HTTPS://otro.example',
    'http:otro.example',
    '//otro.example',
    '///otro.example',
    '////otro.example',
    '/\\otro.example',
    '/\\/otro.example',
    '\\/otro.example',
    '/\t/otro.example',
    '/\n/otro.example',
    '/\r\n/otro.example',
    ' //otro.example',
    '/.//otro.example',
    '/..//otro.example',
    '/a/..//otro.example',
    '/%2e%2e//otro.example',
    '//otro.example\\@clases.example.test',
    '//clases.example.test@otro.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '/inicio\0',
    '/api/auth/logout',
    '/a/../api/auth/logout',
    `/${'a'.repeat(500)}`,
  ])('not ours: %j', (target) => {
    expect(safeReturnPath(target)).toBe(HOME)
  })

  it('whatever is asked for, a browser stays on this site', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '//',
      'otro.example',
      '@',
      ':',
      '%2f',
      '%5c',
      '\t',
      '\n',
      '?',
      '#',
      'inicio',
      'https:',
      ' ',
    )
    const target = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    )
    fc.assert(
      fc.property(target, (wanted) => {
        const path = safeReturnPath(wanted)
        expect(new URL(path, SITE).origin).toBe(SITE)
        expect(path).toMatch(/^\/(?!\/)/)
        expect(path).not.toMatch(/[\\\r\n\t]/)
      }),
      { numRuns: 5_000 },
    )
  })
})
