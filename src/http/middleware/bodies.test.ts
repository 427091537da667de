import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Hono } from 'hono'
import { afterEach, describe, expect, it } from 'vitest'
import type { Deps } from '../../deps.ts'
import { openWebServer, type WebServer } from '../../web-server.ts'
import { SMALL_BYTES } from '../body-room.ts'
import type { AppEnv } from '../context.ts'
import { createDoors } from '../doors.ts'
import { receiveBodies } from './bodies.ts'

const LONG_MS = 60_000
const KB = 1024
/** Room for one of 64 kB and for one of 32 kB. */
const ROOM = { bodyBytesMax: 64 * KB, bytesMax: 96 * KB, addressBytesMax: 96 * KB, slowMax: 2, slowAfterMs: LONG_MS }
const BUSY = { status: 503, retryAfter: '5' }
const WELCOME = { status: 200, retryAfter: null }

describe('bodies that are on their way', () => {
  const sockets: Socket[] = []
  let server: WebServer
  /** Paths whose body has been received, and those that are done with. */
  let received: Map<string, PromiseWithResolvers<void>>
  let left: Map<string, PromiseWithResolvers<void>>
  /** Requests at work go on with it. */
  let goOn: PromiseWithResolvers<void>

  const moment = (of: Map<string, PromiseWithResolvers<void>>, path: string) => {
    const known = of.get(path) ?? Promise.withResolvers<void>()
    of.set(path, known)
    return known
  }

  async function open(room: Partial<typeof ROOM> = {}, requestMs = LONG_MS): Promise<void> {
    received = new Map()
    left = new Map()
    goOn = Promise.withResolvers<void>()
    const app = new Hono<AppEnv>()
    app.use(async (c, next) => {
      c.set('deps', { log: { debug() {} } } as unknown as Deps)
      c.set('address', c.req.header('x-from') ?? 'somebody')
      await next()
      moment(left, c.req.path).resolve()
    })
    const busy = {
      tooLarge: () => new Response(null, { status: 413 }),
      busy: () => new Response(null, { status: 503, headers: { 'Retry-After': '5' } }),
    }
    app.use(receiveBodies({ ...ROOM, ...room }, { ...busy }))
    app.post('/quick', async (c) => c.text(String((await c.req.text()).length)))
    app.post('*', async (c) => {
      moment(received, c.req.path).resolve()
      await goOn.promise
      return c.text(String((await c.req.text()).length))
    })
    const patience = { headersMs: requestMs, requestMs, lookMs: 25 }
    server = await openWebServer(app.fetch, { port: 0, host: '127.0.0.1', doors: createDoors(), patience })
  }
  afterEach(async () => {
    goOn.resolve()
    for (const socket of sockets.splice(0)) socket.destroy()
    await server.stop(0, async () => {})
  })

  /** Sends that much of a request and waits until it is read, as far as another request can tell. */
  async function begin(path: string, headers: string, body: string): Promise<Socket> {
    const socket = connect(server.port, '127.0.0.1')
    sockets.push(socket)
    socket.on('error', () => {})
    await new Promise((resolve) => socket.write(`POST ${path} HTTP/1.1\r\nHost: a\r\n${headers}\r\n\r\n${body}`, resolve))
    return socket
  }
  async function ask(bytes: number, from = 'somebody', path = '/quick'): Promise<{ status: number; retryAfter: string | null }> {
    const url = `http://127.0.0.1:${server.port}${path}`
    const answer = await fetch(url, { method: 'POST', body: 'x'.repeat(bytes), headers: { 'x-from': from } })
    await answer.text()
    return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
  }
  const x = (bytes: number) => 'x'.repeat(bytes)

  it('take only so much together, until they are answered; who comes then is told to come again', async () => {
    await open()
    const slow = ask(64 * KB, 'somebody', '/slow')
    await moment(received, '/slow').promise
    expect([await ask(32 * KB), await ask(33 * KB)]).toEqual([WELCOME, BUSY])
    goOn.resolve()
    expect(await slow).toEqual(WELCOME)
    expect(await ask(33 * KB)).toEqual(WELCOME)
  })

  it.each([
    ['says how large it is', `Content-Length: ${64 * KB}`, x(40 * KB)],
    ['comes in pieces', 'Transfer-Encoding: chunked', `${(40 * KB).toString(16)}\r\n${x(40 * KB)}\r\n`],
  ])('one that %s and is not all there yet counts, until its sender has gone', async (_, headers, begun) => {
    await open()
    const slow = await begin('/slow', headers, begun)
    await expect.poll(() => ask(64 * KB)).toEqual(BUSY)
    slow.destroy()
    await moment(left, '/slow').promise
    expect(await ask(64 * KB)).toEqual(WELCOME)
  })

  it('one that takes too long is ended, and counts no more', async () => {
    await open({}, 2_000)
    const slow = await begin('/slow', `Content-Length: ${64 * KB}`, x(40 * KB))
    let heard = ''
    slow.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    await once(slow, 'close')
    await moment(left, '/slow').promise
    expect(heard.split('\r\n')[0]).toBe('HTTP/1.1 408 Request Timeout')
    // As soon as one comes through: on a busy machine it may itself take too long.
    await expect.poll(() => ask(64 * KB).catch(String)).toEqual(WELCOME)
  })

  it('one that is only announced takes nothing from anybody', async () => {
    await open()
    for (let i = 0; i < 10; i++) await begin('/slow', `Content-Length: ${64 * KB}`, 'x')
    expect(await ask(64 * KB)).toEqual(WELCOME)
  })

  it('a small one is always received; of large ones from one address others keep room', async () => {
    await open({ addressBytesMax: 64 * KB })
    const slow = ask(64 * KB, 'somebody', '/slow')
    await moment(received, '/slow').promise
    expect([await ask(SMALL_BYTES), await ask(SMALL_BYTES + 1)]).toEqual([WELCOME, BUSY])
    expect([await ask(32 * KB, 'else'), await ask(33 * KB, 'else'), await ask(SMALL_BYTES, 'else')]).toEqual([WELCOME, BUSY, WELCOME])
    goOn.resolve()
    expect(await slow).toEqual(WELCOME)
  })

  it('only so many that arrive slowly are waited for from one address, small as they may be', async () => {
    await open({ slowMax: 2, slowAfterMs: 100 })
    const paths = ['/slow-1', '/slow-2', '/slow-3']
    const slow = new Map<string, Socket>()
    for (const path of paths) slow.set(path, await begin(path, 'Content-Length: 9\r\nX-From: slow', 'half'))
    await expect.poll(() => left.size).toBe(1)
    // The others are waited for, and whoever is quick comes through (on a busy machine perhaps not the first time).
    await expect.poll(() => ask(100, 'slow')).toEqual(WELCOME)
    const others = paths.filter((path) => !left.has(path))
    for (const path of others) slow.get(path)?.write(' more')
    await Promise.all(others.map((path) => moment(received, path).promise))
    expect(others).toHaveLength(2)
  })
})
