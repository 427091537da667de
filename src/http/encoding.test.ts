import { describe, expect, it } from 'vitest'
import { bestEncoding } from './encoding.ts'

describe('the encoding of an answer', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['GZIP;q=0.5, br;q=0', 'gzip'],
    ['br;q=0.0, gzip; q=0', null],
    ['identity', null],
    ['*', 'br'],
    ['', null],
    [undefined, null],
  ])('%s → %s', (accepts, encoding) => expect(bestEncoding(accepts)).toBe(encoding))

  it('only what is offered', () => expect(bestEncoding('br, gzip', ['gzip'])).toBe('gzip'))
})
