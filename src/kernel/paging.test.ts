import { describe, expect, it } from 'vitest'
import { pageOf } from './paging.ts'

describe('a page of a list', () => {
  it.each([
    [undefined, 45, 1, 3, 0],
    ['2', 45, 2, 3, 20],
    ['3', 45, 3, 3, 40],
    ['4', 45, 3, 3, 40],
    ['1e308', 45, 3, 3, 40],
    ['99999999999999999999', 45, 3, 3, 40],
    ['0', 45, 1, 3, 0],
    ['-7', 45, 1, 3, 0],
    ['1.5', 45, 1, 3, 0],
    ['Infinity', 45, 1, 3, 0],
    ['dos', 45, 1, 3, 0],
    ['', 45, 1, 3, 0],
    ['1', 0, 1, 1, 0],
    ['2', 20, 1, 1, 0],
    ['2', 21, 2, 2, 20],
  ])('%s of %d rows by 20 is page %d of %d', (asked, total, page, pagesTotal, offset) => {
    expect(pageOf(asked, total, 20)).toEqual({ page, pagesTotal, limit: 20, offset })
  })
})
