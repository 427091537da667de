import { describe, expect, it } from 'vitest'
import { askTogether } from './together.ts'

/** Readings that end when a test says so. */
function readings() {
  const begun: PromiseWithResolvers<string>[] = []
  return {
    begun,
    read: () => {
      const reading = Promise.withResolvers<string>()
      begun.push(reading)
      return reading.promise
    },
  }
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('reading together', () => {
  it('reads once for everybody who came while another reading was under way, and not before that has ended', async () => {
    const { begun, read } = readings()
    const owner = {}
    const first = askTogether(owner, 'a', read)
    const others = [askTogether(owner, 'a', read), askTogether(owner, 'a', read), askTogether(owner, 'a', read)]
    await turn()
    expect(begun).toHaveLength(1)
    begun[0]?.resolve('old')
    expect(await first).toBe('old')
    await turn()
    expect(begun).toHaveLength(2)
    begun[1]?.resolve('new')
    expect(await Promise.all(others)).toEqual(['new', 'new', 'new'])
  })

  it('never answers with what was read before the question', async () => {
    const owner = {}
    let value = 1
    const before = askTogether(owner, 'a', async () => value)
    value = 2
    expect(await Promise.all([before, askTogether(owner, 'a', async () => value)])).toEqual([1, 2])
    value = 3
    expect(await askTogether(owner, 'a', async () => value)).toBe(3)
  })

  it('keeps other keys apart', async () => {
    const owner = {}
    expect(await Promise.all([askTogether(owner, 'a', async () => 'one'), askTogether(owner, 'b', async () => 'two')])).toEqual([
      'one',
      'two',
    ])
  })

  it('goes on after a reading that failed, which fails for those who shared it', async () => {
    const { begun, read } = readings()
    const owner = {}
    const first = askTogether(owner, 'a', read)
    const second = askTogether(owner, 'a', read)
    begun[0]?.reject(new Error('away'))
    await expect(first).rejects.toThrow('away')
    await turn()
    begun[1]?.resolve('back')
    expect(await second).toBe('back')
  })

  it('a reading that fails before it begins keeps nobody who comes later', async () => {
    const owner = {}
    const broken = () => {
      throw new Error('broken')
    }
    const { begun, read } = readings()
    const first = askTogether(owner, 'a', read)
    const second = askTogether(owner, 'a', broken)
    const failed = second.catch((error: Error) => error.message)
    begun[0]?.resolve('first')
    expect([await first, await failed]).toEqual(['first', 'broken'])
    await turn()
    expect(await askTogether(owner, 'a', async () => 'third')).toBe('third')
  })
})
