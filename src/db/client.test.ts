import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { createDatabase } from './client.ts'

describe('closing the database', () => {
  it('does not wait for a read that hangs on the replica before it gives the connections of the server back', async () => {
    const hanging = Promise.withResolvers<void>()
    const ended: string[] = []
    const pool = { end: async () => void ended.push('server') } as unknown as Pool
    const storage = { listen: () => async () => {}, isDiskLow: () => false, close: async () => void ended.push('storage') }
    const replica = {
      query: async () => {},
      async end() {
        await hanging.promise
        ended.push('replica')
      },
    }
    const closed = createDatabase(pool, storage, replica).close()
    expect(ended).toEqual(['server'])
    hanging.resolve()
    await closed
    expect(ended).toEqual(['server', 'replica', 'storage'])
  })
})
