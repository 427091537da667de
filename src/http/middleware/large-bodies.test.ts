import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from '../context.ts'
import { boundTogether } from './large-bodies.ts'

describe('large bodies that are on their way', () => {
  it('take only so much together; who comes then is told to come again, until one of them is through', async () => {
    const goOn = Promise.withResolvers<void>()
    const app = new Hono<AppEnv>()
    app.use(boundTogether({ bodyBytesMax: 100, bytesMax: 150 }, (c) => c.body(null, 503)))
    app.post('/slow', async (c) => {
      await goOn.promise
      return c.body(null, 200)
    })
    app.post('/', (c) => c.body(null, 200))
    const send = async (path: string, length?: string) =>
      (await app.request(path, { method: 'POST', headers: length ? { 'content-length': length } : {} })).status
    const slow = send('/slow')
    expect(await send('/', '50')).toBe(200)
    expect(await send('/', '51')).toBe(503)
    expect(await send('/')).toBe(503)
    goOn.resolve()
    expect(await slow).toBe(200)
    expect(await send('/', '51')).toBe(200)
  })
})
