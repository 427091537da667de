import { describe, expect, it } from 'vitest'
import { pageOf, pageOfLong } from './paging.ts'

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

describe('a page of a list that grows for ever', () => {
  /** A list with so many rows, and how far it was counted. */
  function listOf(rows: number) {
    const list = {
      countedTo: 0,
      async count(rowsMax: number) {
        list.countedTo = rowsMax
        return Math.min(rows, rowsMax)
      },
    }
    return list
  }

  it('is told exactly while the list is short', async () => {
    const page = await pageOfLong('2', 20, listOf(4_999).count)
    expect(page).toEqual({ page: 2, pagesTotal: 250, limit: 20, offset: 20, total: 4_999, more: false })
  })

  it('a long list is counted no further than it has to be, and says so', async () => {
    const list = listOf(1_000_000)
    expect(await pageOfLong(undefined, 20, list.count)).toMatchObject({ page: 1, pagesTotal: 250, total: 5_000, more: true })
    expect(list.countedTo).toBe(5_001)
  })

  it('whoever goes on is always told of the next page, until the last', async () => {
    const { count } = listOf(7_001)
    let page = await pageOfLong('1', 200, count)
    while (page.page < page.pagesTotal) page = await pageOfLong(String(page.page + 1), 200, count)
    expect(page).toMatchObject({ page: 36, pagesTotal: 36, total: 7_001, more: false })
  })

  it.each(['1e308', '99999999999999999999'])('page %s is the last one', async (asked) => {
    const list = listOf(7_001)
    expect(await pageOfLong(asked, 200, list.count)).toMatchObject({ page: 36, more: false })
    expect(list.countedTo).toBeLessThan(2 ** 31)
  })
})
