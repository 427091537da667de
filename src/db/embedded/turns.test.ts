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

  /** A loop whose time and turns are given by the test. */
  function handLoop() {
    const waiting: (() => void)[] = []
    const loop = { time: 0, now: () => loop.time, afterTurn: (goOn: () => void) => void waiting.push(goOn) }
    return { loop, turn: () => waiting.splice(0).forEach((goOn) => void goOn()) }
  }

  it('after a stretch of a crowd the event loop has its turn, and whoever was heard in it goes first', async () => {
    const { loop, turn } = handLoop()
    const turns = createTurns(loop)
    const order: string[] = []
    const come = async (name: string, canWait: boolean) => {
      await turns.take(canWait)
      order.push(name)
      loop.time += 4
      turns.give()
    }
    const crowd = ['b1', 'b2', 'b3', 'b4', 'b5'].map((name) => come(name, true))
    await settled()
    expect(order, 'ten milliseconds are over').toEqual(['b1', 'b2', 'b3'])

    const page = come('page', false)
    await settled()
    expect(order, 'nobody takes it in between').toHaveLength(3)

    turn()
    await Promise.all([page, ...crowd])
    expect(order).toEqual(['b1', 'b2', 'b3', 'page', 'b4', 'b5'])
  })

  it('what is given back late is free once the event loop had its turn', async () => {
    const { loop, turn } = handLoop()
    const turns = createTurns(loop)
    await turns.take(false)
    loop.time += 1_000
    turns.give()
    turn()
    await turns.take(true)
  })
})

/** Whatever can go on has done so. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
