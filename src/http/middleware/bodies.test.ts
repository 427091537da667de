import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import { openWebServer, type WebServer } from '../../web-server.ts'
import type { AppEnv } from '../context.ts'
import { createDoors } from '../doors.ts'
import { boundTogether } from './bodies.ts'

describe('bodies that are on their way', () => {
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

describe('bodies over real connections', () => {
  const sockets: Socket[] = []
  let server: WebServer
  let reached: PromiseWithResolvers<void>
  let left: PromiseWithResolvers<void>

  async function open(requestMs: number): Promise<void> {
    const app = new Hono<AppEnv>()
    app.use(async (c, next) => {
      if (c.req.path !== '/slow') return next()
      await next()
      left.resolve()
    })
    app.use(boundTogether({ bodyBytesMax: 100, bytesMax: 150 }, (c) => c.body(null, 503, { 'Retry-After': '5' })))
    app.post('/slow', async (c) => {
      reached.resolve()
      return c.text(
        await c.req.text().then(
          () => 'all',
          () => 'broken off',
        ),
      )
    })
    app.post('/', async (c) => c.text(String((await c.req.text()).length)))
    reached = Promise.withResolvers<void>()
    left = Promise.withResolvers<void>()
    const patience = { headersMs: requestMs, requestMs, lookMs: 25 }
    server = await openWebServer(app.fetch, { port: 0, host: '127.0.0.1', doors: createDoors(), patience })
  }
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy()
    await server.stop(0, async () => {})
  })

  function say(words: string): Socket {
    const socket = connect(server.port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => {})
    socket.write(words)
    return socket
  }
  const post = (path: string, headers: string, body: string) => `POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`
  async function ask(bytes: number): Promise<{ status: number; retryAfter: string | null }> {
    const answer = await fetch(`http://127.0.0.1:${server.port}/`, { method: 'POST', body: 'x'.repeat(bytes) })
    await answer.text()
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
  }
  const BUSY = { status: 503, retryAfter: '5' }
  const WELCOME = { status: 200, retryAfter: null }

  it.each([
    ['says how large it is', 'Content-Length: 100', 'half of it'],
    ['comes in pieces', 'Transfer-Encoding: chunked', '4\r\nhalf\r\n'],
  ])('one that %s and is not all there yet counts whole, until its sender has gone', async (_, headers, begun) => {
    await open(60_000)
    const slow = say(post('/slow', headers, begun))
    await reached.promise
    expect([await ask(50), await ask(51)]).toEqual([WELCOME, BUSY])
    slow.destroy()
    await left.promise
    expect(await ask(51)).toEqual(WELCOME)
  })

  it('one that takes too long is ended, and counts no more', async () => {
    await open(300)
    const slow = say(post('/slow', 'Content-Length: 100', 'half of it'))
    let heard = ''
    slow.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    await reached.promise
    expect(await ask(51)).toEqual(BUSY)
    await once(slow, 'close')
    await left.promise
    expect([heard.split('\r\n')[0], await ask(51)]).toEqual(['HTTP/1.1 408 Request Timeout', WELCOME])
  })
})
