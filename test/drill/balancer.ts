import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Whom a student says to be calling from; the balancer writes it where a proxy writes addresses. */
export const ADDRESS_HEADER = 'x-drill-address'

export interface Balancer {
  url: string
  /** Milliseconds until a notification of Mercado Pago was answered with 200, seen from here. */
  webhookTimesMs: number[]
  /** Answers of its own: nobody there, or the connection broke. */
  broken: number
  /** Requests that may have arrived before the connection broke, and that changed nothing: sent to another process without asking. */
  sentAgain: number
  /** Requests that a web process answered, with anything but an error of its own. A forgery that is turned away brings nobody on. */
  answered: number
  /** Ports of the web processes that are ready now. */
  use(ports: readonly number[]): void
  close(): Promise<void>
}

const BODY_BYTES_MAX = 1_000_000
const ANSWER_LIMIT_MS = 60_000
const HEALTH_EVERY_MS = 100
/** Whoever is slow to say that it is well is well all the same; whoever is gone refuses at once. */
const HEALTH_LIMIT_MS = 5_000
const WEBHOOK = '/api/mercado-pago/webhook'

/**
 * As plain as one in front of a real product: round robin, another process when one takes no connection, 502 when one breaks off. `asksHealth`: it
 * leaves out whoever does not say that all is well.
 */
export async function startBalancer({ asksHealth = false } = {}): Promise<Balancer> {
  let known: readonly number[] = []
  let ports: readonly number[] = []
  let turn = 0
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const server = createServer((incoming, outgoing) => {
    void readBody(incoming).then(
      (body) => forward(incoming, outgoing, body, ports.length),
      () => outgoing.destroy(),
    )
  })
  server.keepAliveTimeout = 60_000

  function forward(incoming: IncomingMessage, outgoing: ServerResponse, body: Buffer, triesLeft: number): void {
    const target = ports[turn++ % Math.max(ports.length, 1)]
    if (target === undefined || triesLeft <= 0) {
      refuse(outgoing, 503)
      return
    }
    const began = performance.now()
    const upstream = request({
      host: '127.0.0.1',
      port: target,
      agent,
      method: incoming.method ?? 'GET',
      path: incoming.url ?? '/',
      headers: headersFor(incoming, body),
      timeout: ANSWER_LIMIT_MS,
    })
    upstream.on('response', (answer) => {
      if ((answer.statusCode ?? 500) < 500 && answer.statusCode !== 401) balancer.answered += 1
      if (answer.statusCode === 200 && incoming.url?.startsWith(WEBHOOK)) balancer.webhookTimesMs.push(performance.now() - began)
      outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders)
      answer.on('error', () => outgoing.destroy())
      answer.pipe(outgoing)
    })
    upstream.on('timeout', () => upstream.destroy(new Error('no answer')))
    upstream.on('error', (error: NodeJS.ErrnoException) => {
      // Only what certainly did not arrive, or changes nothing, is sent again.
      if (outgoing.headersSent) outgoing.destroy()
      else if (error.code === 'ECONNREFUSED') forward(incoming, outgoing, body, triesLeft - 1)
      else if (incoming.method === 'GET') {
        balancer.sentAgain += 1
        forward(incoming, outgoing, body, triesLeft - 1)
      } else refuse(outgoing, 502)
    })
    upstream.end(body)
  }

  function refuse(outgoing: ServerResponse, status: number): void {
    balancer.broken += 1
    outgoing.writeHead(status, { 'content-type': 'application/json' }).end('{"error":"drill"}')
  }

  const asked = new Set<number>()
  /** One at a time of each, so that a slow one is no reason to learn late of another, and no old answer comes after a new one. */
  async function askOne(port: number): Promise<void> {
    if (asked.has(port)) return
    asked.add(port)
    const isNow = await isWell(port)
    asked.delete(port)
    ports = known.filter((one) => (one === port ? isNow : ports.includes(one)))
  }
  const askAll = () => {
    for (const port of known) void askOne(port)
  }
  const asking = asksHealth ? setInterval(askAll, HEALTH_EVERY_MS) : undefined

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const balancer: Balancer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    webhookTimesMs: [],
    broken: 0,
    sentAgain: 0,
    answered: 0,
    use(ready) {
      known = [...ready]
      ports = asksHealth ? ports.filter((one) => known.includes(one)) : known
    },
    close() {
      clearInterval(asking)
      agent.destroy()
      return new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
    },
  }
  return balancer
}

async function isWell(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(HEALTH_LIMIT_MS) })
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > BODY_BYTES_MAX) throw new Error('The body is too large')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function headersFor(incoming: IncomingMessage, body: Buffer): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = {}
  for (const [name, value] of Object.entries(incoming.headers)) if (value !== undefined) headers[name] = value
  const address = String(headers[ADDRESS_HEADER] ?? incoming.socket.remoteAddress ?? '127.0.0.1')
  for (const name of [ADDRESS_HEADER, 'connection', 'transfer-encoding', 'content-length', 'keep-alive']) delete headers[name]
  return { ...headers, 'x-forwarded-for': address, ...(body.length > 0 ? { 'content-length': String(body.length) } : {}) }
}
