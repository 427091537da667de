import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Reader, readWhileItFollows } from './replica.ts'

const LOOK_EVERY_MS = 5_000
const NIGHT_MS = 8 * 3_600_000

describe('which server answers a read that may be old', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  function open() {
    let follows = true
    const replica: Reader = {
      query: async (text) => (String(text).includes('pg_is_in_recovery') ? { rows: [{ follows }] } : 'replica'),
      end: async () => {},
    }
    const primary: Reader = { query: async () => 'primary', end: async () => {} }
    const reader = readWhileItFollows(replica, primary, LOOK_EVERY_MS)
    return {
      read: () => reader.query('SELECT 1'),
      stopFollowing: () => {
        follows = false
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
})
