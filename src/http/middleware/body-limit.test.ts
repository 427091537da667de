import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from '../context.ts'
import { limitBody } from './body-limit.ts'

const app = new Hono<AppEnv>()
app.use(limitBody(10, (c) => c.body(null, 413)))
app.all('/', async (c) => c.text(c.req.method === 'GET' ? 'read' : await c.req.text()))

/** Chunks that arrive one by one, without saying how many will come. */
function chunked(...chunks: string[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      controller.close()
    },
  })
}

describe('how long a body may be', () => {
  const send = async (init: RequestInit) => {
    const answer = await app.request('/', { method: 'POST', ...init })
    return [answer.status, await answer.text()]
  }

  it('one that says its length is taken or refused before it is received', async () => {
    expect(await send({ body: '0123456789', headers: { 'content-length': '10' } })).toEqual([200, '0123456789'])
    expect(await send({ body: 'x', headers: { 'content-length': '11' } })).toEqual([413, ''])
  })

  it('one that does not say it, or is sent in chunks whatever it says, is counted while it arrives', async () => {
    const inChunks = (body: ReadableStream, headers: Record<string, string> = {}) => send({ body, headers, duplex: 'half' } as RequestInit)
    expect(await inChunks(chunked('01234', '56789'))).toEqual([200, '0123456789'])
    expect(await inChunks(chunked('01234', '56789', 'x'))).toEqual([413, ''])
    expect(await inChunks(chunked('01234', '56789x'), { 'content-length': '1', 'transfer-encoding': 'chunked' })).toEqual([413, ''])
  })

  it('whoever only reads is not asked for one', async () => {
    expect(await send({ method: 'GET', headers: { 'content-length': '11' } })).toEqual([200, 'read'])
  })
})
