import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Reader, readWhileItFollows } from './replica.ts'

const LOOK_EVERY_MS = 5_000
const NIGHT_MS = 8 * 3_600_000

describe('which server answers a read that may be old', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function open() {
    let follows = true
    let refusal: string | null = null
    const replica: Reader = {
      async query(text) {
        if (String(text).includes('pg_is_in_recovery')) return { rows: [{ follows }] }
        if (refusal !== null) throw Object.assign(new Error('refused'), { code: refusal })
        return 'replica'
      },
      end: async () => {},
    }
    const primary: Reader = { query: async () => 'primary', end: async () => {} }
    const reader = readWhileItFollows(replica, primary, LOOK_EVERY_MS)
    return {
      read: () => reader.query('SELECT 1'),
      stopFollowing: () => {
        follows = false
      },
      refuseWith: (code: string | null) => {
        refusal = code
      },
      /** Time in which nobody reads; what was asked is answered. */
      pass: (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds),
    }
  }

  it('the replica, while it was heard to follow a moment ago', async () => {
    const { read, pass } = open()
    expect(await read()).toBe('primary')
    await pass(0)
    expect(await read()).toBe('replica')
    await pass(LOOK_EVERY_MS)
    expect(await read()).toBe('replica')
    await pass(LOOK_EVERY_MS)
    expect(await read()).toBe('replica')
  })

  it('after a quiet night the server itself, until the replica was heard again', async () => {
    const { read, pass } = open()
    await pass(0)
    expect(await read()).toBe('replica')
    await pass(NIGHT_MS)
    expect(await read()).toBe('primary')
    await pass(0)
    expect(await read()).toBe('replica')
  })

  it('never a replica that stopped following while nobody read', async () => {
    const { read, pass, stopFollowing } = open()
    await pass(0)
    stopFollowing()
    await pass(NIGHT_MS)
    expect(await read()).toBe('primary')
    await pass(0)
    expect(await read()).toBe('primary')
  })

  it.each([
    ['a column', '42703'],
    ['a table', '42P01'],
    ['a function', '42883'],
  ])('the server itself, while the replica does not know %s of the last migration yet', async (_, code) => {
    const { read, pass, refuseWith } = open()
    await pass(0)
    refuseWith(code)
    expect(await read()).toBe('primary')
    refuseWith(null)
    await pass(LOOK_EVERY_MS)
    expect(await read()).toBe('primary')
    await pass(0)
    expect(await read()).toBe('replica')
  })

  it('neither, where the statement itself is refused', async () => {
    const { read, pass, refuseWith } = open()
    await pass(0)
    refuseWith('22P02')
    await expect(read()).rejects.toMatchObject({ code: '22P02' })
  })
})
