import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { inTurnAsked, type Leave } from './calendars.ts'

const FREE = succeed(null)
const BUSY: Leave = refuse('slot-taken')
const UNREADABLE: Leave = refuse('calendar-unreadable')
const teachers = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('calendars of several teachers for one hour', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  /** Whom the first yes comes from, who was asked, and how many at the same moment. */
  async function ask(count: number, says: (teacher: number) => Leave | 'never', known: (teacher: number) => Leave = () => UNREADABLE) {
    const asked: number[] = []
    let waiting = 0
    let mostAtOnce = 0
    const now = async (teacher: number): Promise<Leave> => {
      asked.push(teacher)
      waiting++
      mostAtOnce = Math.max(mostAtOnce, waiting)
      const said = says(teacher)
      if (said === 'never') return new Promise(() => {})
      await new Promise((resolve) => setTimeout(resolve, 100))
      waiting--
      return said
    }
    const heard = (async () => {
      const said: [number, Leave][] = []
      for await (const { candidate, leave } of inTurnAsked(teachers(count), { known: async (all) => all.map(known), now })) {
        said.push([candidate, leave])
        if (leave.ok) break
      }
      return said
    })()
    await vi.advanceTimersByTimeAsync(30_000)
    return { said: await heard, asked, mostAtOnce }
  }

  it('the one whose turn it is says yes: nobody else is asked', async () => {
    expect(await ask(30, () => FREE)).toEqual({ said: [[0, FREE]], asked: [0], mostAtOnce: 1 })
  })

  it('after a no four are asked at the same moment, heard in their turn, and no more after the first yes', async () => {
    const { said, asked, mostAtOnce } = await ask(30, (teacher) => (teacher < 3 ? BUSY : FREE))
    expect(said.map(([teacher]) => teacher)).toEqual([0, 1, 2, 3])
    expect(asked).toEqual([0, 1, 2, 3, 4])
    expect(mostAtOnce).toBe(4)
  })

  it('whoever is known to be busy is not asked', async () => {
    const { said, asked } = await ask(
      30,
      () => FREE,
      (teacher) => (teacher === 29 ? FREE : BUSY),
    )
    expect([said, asked]).toEqual([[[29, FREE]], [29]])
  })

  it('silence ends after eight seconds: then counts what is known, and nobody is asked any more', async () => {
    const { said, asked } = await ask(
      30,
      () => 'never',
      (teacher) => (teacher === 20 ? FREE : UNREADABLE),
    )
    expect(said.at(-1)).toEqual([20, FREE])
    expect(asked).toEqual([0])
  })
})
