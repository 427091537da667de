import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { doorsWith } from '../test/support/doors.ts'
import { createDoors, type Doors } from './http/doors.ts'
import { openWebServer, type WebServer, type WebServerOptions } from './web-server.ts'

/** Longer than a test takes: only the limit that a test is about can be the one that ends something. */
const LONG_MS = 120_000
const PATIENT = { headersMs: LONG_MS, requestMs: LONG_MS, silenceMs: LONG_MS, lookMs: 50 }
const DRAIN_MS = 60_000

describe('the server around the application', () => {
  const sockets: Socket[] = []
  let server: WebServer | null = null
  let doors: Doors
  let agent: Agent

  async function open(
    answer: (asked: Request) => Response | Promise<Response>,
    { opened = createDoors(), patience = {} }: { opened?: Doors; patience?: WebServerOptions['patience'] } = {},
  ): Promise<void> {
    doors = opened
    agent = new Agent({ keepAlive: true, maxSockets: 1 })
    server = await openWebServer(answer, { port: 0, host: '127.0.0.1', doors, patience })
  }
  afterEach(async () => {
    vi.useRealTimers()
    for (const socket of sockets.splice(0)) socket.destroy()
    agent.destroy()
    await server?.stop(0, async () => {})
    server = null
  })

  /** Sends these words and nothing more; what came back until the server ended the connection. */
  async function begin(words: string): Promise<string> {
    const socket = connect(server?.port ?? 0, '127.0.0.1')
    sockets.push(socket)
    let heard = ''
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()))
    socket.on('error', () => {})
    socket.write(words)
    await once(socket, 'close')
    return heard
  }

  async function get(path = '/'): Promise<{ status: number; headers: IncomingMessage['headers']; body: string }> {
    const asking = request({ host: '127.0.0.1', port: server?.port, path, agent }).end()
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) }
  }

  it.each([
    ['headers that never end', 'GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ', { headersMs: 300 }, /^HTTP\/1.1 408 /],
    [
      'a body that never comes',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc',
      { headersMs: 300, requestMs: 300 },
      /^HTTP\/1.1 408 /,
    ],
    ['no word at all', '', { silenceMs: 300 }, /^$/],
  ])('ends a connection with %s', async (_, words, limit, heard) => {
    await open(async (asked) => new Response(await asked.text()), { patience: { ...PATIENT, ...limit } })
    expect(await begin(words)).toMatch(heard)
    // As soon as one comes through: on a busy machine it may itself be too slow for that limit.
    await expect.poll(() => get().then(({ status }) => status, String)).toBe(200)
  })

  it('refuses headers that are too large', async () => {
    await open(() => new Response('ok'))
    expect(await begin(`GET / HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`)).toContain('431')
  })

  it('is told to stop: answers what is at work and what comes meanwhile, ends each connection with it, and is gone', async () => {
    const arrived = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    await open(async ({ url }) => {
      if (url.endsWith('/slow')) {
        arrived.resolve()
        await goOn.promise
      }
      return new Response('done')
    })
    expect((await get()).headers.connection).toBe('keep-alive')
    const slow = get('/slow')
    await arrived.promise
    // What is between being told and closing the door lasts as long as this test wants.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let closed = false
    const stopped = server?.stop(DRAIN_MS, async () => {
      closed = true
      // By now nobody new comes in.
      await expect(once(connect(server?.port ?? 0, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED')
      goOn.resolve()
    })
    expect(doors.isClosing()).toBe(true)
    agent.maxSockets = 2
    const meanwhile = await get()
    expect([meanwhile.status, meanwhile.headers.connection, closed]).toEqual([200, 'close', false])
    vi.advanceTimersByTime(DRAIN_MS)
    expect(await slow).toMatchObject({ status: 200, body: 'done' })
    await stopped
  })

  it('is told to stop: whoever waits for a place is told at once, and is not begun with', async () => {
    const one = { atWorkMax: 1, waitingMax: 5, waitMsMax: 60_000 }
    const arrived = Promise.withResolvers<void>()
    await open(
      async () => {
        const place = doors.enter('booking')
        arrived.resolve()
        return new Response(null, { status: (await place) ? 200 : 503 })
      },
      { opened: doorsWith(() => one) },
    )
    await doors.enter('booking')
    const waits = get()
    await arrived.promise
    await server?.stop(0, async () => {})
    expect((await waits).status).toBe(503)
  })
})
