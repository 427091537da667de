import { describe, expect, it } from 'vitest'
import { createTurns } from './turns.ts'

describe('turns at the one connection', () => {
  /** In which order those who come while it is taken get it. */
  async function orderOf(who: readonly { name: string; canWait: boolean }[]): Promise<string[]> {
    const turns = createTurns()
    await turns.take(false)
    const order: string[] = []
    const all = who.map(async ({ name, canWait }) => {
      await turns.take(canWait)
      order.push(name)
      turns.give()
    })
    turns.give()
    await Promise.all(all)
    return order
  }
  const job = (name: string) => ({ name, canWait: true })
  const request = (name: string) => ({ name, canWait: false })

  it('whoever can wait lets others go first; among themselves they go as they came', async () => {
    expect(await orderOf([job('j1'), request('r1'), job('j2'), request('r2')])).toEqual(['r1', 'r2', 'j1', 'j2'])
  })

  it('but not for ever: after eight others it is his turn', async () => {
    const requests = Array.from({ length: 20 }, (_, index) => request(`r${index + 1}`))
    const order = await orderOf([job('j1'), job('j2'), ...requests])
    expect([order.indexOf('j1'), order.indexOf('j2')]).toEqual([8, 17])
    expect(order).toHaveLength(22)
  })

  it('it is free again when nobody waits', async () => {
    const turns = createTurns()
    await turns.take(true)
    turns.give()
    await turns.take(true)
  })
})
