import { connect, type Socket } from 'node:net'

/** A request as it goes over the wire. */
export type Shot = Buffer

export interface Answer {
  status: number
  body: Buffer
  milliseconds: number
}

const ANSWER_LIMIT_MS = 60_000

export interface ShotOptions {
  method?: 'GET' | 'POST'
  cookie?: string
  /** Sent as JSON. */
  json?: unknown
  headers?: Record<string, string>
}

/** One request, written once and sent as often as wanted. */
export function shot(port: number, path: string, { method = 'GET', cookie, json, headers = {} }: ShotOptions = {}): Shot {
  const body = json === undefined ? '' : JSON.stringify(json)
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `host: 127.0.0.1:${port}`,
    ...(cookie === undefined ? [] : [`cookie: ${cookie}`]),
    ...(json === undefined ? [] : ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

export interface Volley {
  /** Answers in all. */
  answers: number
  perSecond: number
  /** Of each answer, in ascending order. */
  milliseconds: readonly number[]
  /** How often each status came. */
  statuses: ReadonlyMap<number, number>
}

/**
 * Sends what `next` gives over that many connections, on each of them one request after the other, until `seconds` are over or `next` has nothing
 * left; `pauseMs` passes after each answer. Written on the bare socket, because whoever measures a server should not be busier than the server.
 */
export async function volley(
  port: number,
  { connections, seconds, pauseMs = 0, next }: { connections: number; seconds: number; pauseMs?: number; next(): Shot | null },
): Promise<Volley> {
  const milliseconds: number[] = []
  const statuses = new Map<number, number>()
  const lines = await Promise.all(Array.from({ length: connections }, () => openLine(port)))
  const began = performance.now()
  const ends = began + seconds * 1_000
  await Promise.all(
    lines.map(async (line) => {
      for (let request = next(); request && performance.now() < ends; request = next()) {
        const answer = await line.ask(request)
        milliseconds.push(answer.milliseconds)
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
        if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs))
      }
    }),
  )
  const took = (performance.now() - began) / 1_000
  for (const line of lines) line.close()
  return { answers: milliseconds.length, perSecond: milliseconds.length / took, milliseconds: milliseconds.sort((a, b) => a - b), statuses }
}

const BEGUN = {
  head: 'GET /inicio HTTP/1.1\r\nhost: ',
  body: 'POST /api/checkout HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{',
}

/** A connection on which a request was begun, up to its head or its body, that never ends. */
export async function openHalf(port: number, upTo: keyof typeof BEGUN): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  // The server may have enough of it.
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
  socket.write(BEGUN[upTo])
  return socket
}

/** One request on a connection of its own. */
export async function ask(port: number, request: Shot): Promise<Answer> {
  const line = await openLine(port)
  try {
    return await line.ask(request)
  } finally {
    line.close()
  }
}

export interface Line {
  ask(request: Shot): Promise<Answer>
  close(): void
}

/** A connection that is kept. */
export async function openLine(port: number): Promise<Line> {
  const socket: Socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject))
  let parts: Buffer[] = []
  let waiting: { resolve(answer: Answer): void; reject(error: Error): void; began: number; limit: NodeJS.Timeout } | null = null
  const fail = (error: Error) => {
    if (waiting) clearTimeout(waiting.limit)
    waiting?.reject(error)
    waiting = null
  }
  socket.on('error', fail)
  socket.on('close', () => fail(new Error('The connection was closed before the answer')))
  socket.on('data', (part: Buffer) => {
    parts.push(part)
    const whole = parts.length === 1 ? part : Buffer.concat(parts)
    const answer = readAnswer(whole)
    if (!answer) {
      parts = [whole]
      return
    }
    parts = []
    const done = waiting
    waiting = null
    if (!done) return
    clearTimeout(done.limit)
    done.resolve({ ...answer, milliseconds: performance.now() - done.began })
  })
  return {
    ask(request) {
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => socket.destroy(new Error(`No answer within ${ANSWER_LIMIT_MS} ms`)), ANSWER_LIMIT_MS)
        waiting = { resolve, reject, began: performance.now(), limit }
        socket.write(request)
      })
    },
    close: () => void socket.destroy(),
  }
}

const HEAD_END = Buffer.from('\r\n\r\n')
const CHUNKS_END = Buffer.from('\r\n0\r\n\r\n')

/** The answer once it is complete; null before. Nothing else follows it: the next request is sent after it. */
function readAnswer(bytes: Buffer): Omit<Answer, 'milliseconds'> | null {
  const headEnd = bytes.indexOf(HEAD_END)
  if (headEnd < 0) return null
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const from = headEnd + HEAD_END.length
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const to = from + Number(length)
    return bytes.length < to ? null : { status, body: bytes.subarray(from, to) }
  }
  if (/\r\ntransfer-encoding: *chunked/i.test(head)) {
    // The last chunk is an empty one; its line follows the end of the one before, or of the head.
    if (!bytes.subarray(-CHUNKS_END.length).equals(CHUNKS_END)) return null
    return { status, body: unchunked(bytes.subarray(from)) }
  }
  return { status, body: bytes.subarray(from) }
}

function unchunked(bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (!size) break
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
  return Buffer.concat(parts)
}
