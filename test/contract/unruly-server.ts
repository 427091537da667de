import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Log } from '../../src/kernel/log.ts'

/** A provider in trouble: answers that no well-behaved server, and no sandbox, would give. */
export interface UnrulyServer {
  url: string
  requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[]
  /** How every further request is answered. */
  behave(behaviour: Behaviour): void
  close(): Promise<void>
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage) => void

export const answer =
  (status: number, body: unknown, headers: Record<string, string> = {}): Behaviour =>
  (response) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    response.writeHead(status, { 'content-type': typeof body === 'string' ? 'text/html' : 'application/json', ...headers }).end(text)
  }

/** Sends the headers and the first bytes, then nothing more. */
export const stall: Behaviour = (response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":')
}

export const silence: Behaviour = () => undefined

export const reset: Behaviour = (response) => {
  response.destroy()
}

const BODY_BYTES_MAX = 1_000_000

export async function startUnrulyServer(behaviour: Behaviour = answer(500, {})): Promise<UnrulyServer> {
  let current = behaviour
  const requests: UnrulyServer['requests'] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => {
      body += chunk
      if (body.length > BODY_BYTES_MAX) request.destroy()
    })
    request.on('end', () => {
      requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body })
      current(response, request)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave(next) {
      current = next
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** A log that keeps its lines as JSON, to prove what never gets into one. */
export function recordingLog() {
  const lines: string[] = []
  const write = (...parts: unknown[]) => {
    lines.push(JSON.stringify(parts))
  }
  const log = { info: write, warn: write, error: write, debug: write, child: () => log }
  return { log: log as unknown as Log, lines }
}
