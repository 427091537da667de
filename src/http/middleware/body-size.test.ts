import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import type { AppEnv } from '../context.ts'
import { receiveBodies } from './bodies.ts'

const ROOM = { bytesMax: 1_000, addressBytesMax: 1_000, slowMax: 1, slowAfterMs: 60_000 }
const app = new Hono<AppEnv>()
app.use(receiveBodies({ ...ROOM, bodyBytesMax: 10 }, { tooLarge: (c) => c.body(null, 413), busy: (c) => c.body(null, 503) }))
app.post('/', async (c) => c.text(await c.req.text()))
app.post('/form', async (c) => c.json([...(await c.req.formData())]))

/** Chunks that arrive one by one, without saying how many will come. */
function chunked(...chunks: (string | Uint8Array)[]): ReadableStream {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk)
      controller.close()
    },
  })
}

const inChunks = (...chunks: (string | Uint8Array)[]): RequestInit => ({ body: chunked(...chunks), duplex: 'half' }) as RequestInit

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
    expect(await send(inChunks('01234', '56789'))).toEqual([200, '0123456789'])
    expect(await send(inChunks('01234', '56789', 'x'))).toEqual([413, ''])
    const headers = { 'content-length': '1', 'transfer-encoding': 'chunked' }
    expect(await send({ ...inChunks('01234', '56789x'), headers })).toEqual([413, ''])
  })

  it('one that is not there is empty', async () => {
    expect(await send({})).toEqual([200, ''])
    expect(await send({ headers: { 'content-length': '0' } })).toEqual([200, ''])
  })

  it('a form is read of what was received, and wide characters are whole however they come', async () => {
    const form = await app.request('/form', { method: 'POST', body: new URLSearchParams({ a: 'ñ' }) })
    expect(await form.json()).toEqual([['a', 'ñ']])
    const bytes = [...new TextEncoder().encode('€ñ')].map((byte) => Uint8Array.of(byte))
    expect(await send(inChunks(...bytes))).toEqual([200, '€ñ'])
  })
})
