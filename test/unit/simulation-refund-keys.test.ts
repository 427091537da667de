import { beforeEach, describe, expect, it } from 'vitest'
import { type RefundKeys, watchRefundKeys } from '../simulation/rig/refund-keys.ts'

describe('the watch over keys of refunds', () => {
  let keys: RefundKeys
  beforeEach(() => {
    keys = watchRefundKeys()
    keys.ask('7', 'first', [])
  })

  it('has nothing against the same key again and again', () => {
    keys.ask('7', 'first', [])
    keys.hear('7', 'first', 500, null)
    keys.ask('7', 'first', [])
    expect(keys.breaches).toEqual([])
  })

  it.each([
    ['nobody has answered', 0],
    ['the answer says nothing', 500],
    ['the answer is about who asks', 403],
    ['the provider was busy', 429],
  ])('finds another key while %s', (_, status) => {
    keys.hear('7', 'first', status, null)
    keys.ask('7', 'second', [])
    expect(keys.breaches).toHaveLength(1)
  })

  it('finds another key while the provider may still make the one that it took', () => {
    keys.hear('7', 'first', 201, { id: 5 })
    keys.hear('7', 'first', 404, null)
    keys.ask('7', 'second', [4])
    expect(keys.breaches).toHaveLength(1)
  })

  it.each([
    ['was refused', 400, null, []],
    ['came to nothing', 201, { id: 5 }, [5]],
  ])('lets another key follow one that %s', (_, status, body, rejected) => {
    keys.hear('7', 'first', status, body)
    keys.ask('7', 'second', rejected)
    expect(keys.breaches).toEqual([])
  })

  it('tells payments apart', () => {
    keys.ask('8', 'second', [])
    expect(keys.breaches).toEqual([])
  })
})
