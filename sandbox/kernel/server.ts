import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { refuseForeignHost } from './guard.ts'

export type PartFetch = (request: Request, env: HttpBindings) => Response | Promise<Response>

/** One HTTP server on 127.0.0.1. It is open (and its origin known) before the application behind it exists. */
export interface PartServer {
  origin: string
  answerWith(fetch: PartFetch): void
  close(): Promise<void>
}

/** Opens a port; 0 takes any free one. Throws an error that names the part and the port when it is taken. */
export async function openServer(part: string, port: number): Promise<PartServer> {
  let fetch: PartFetch = () => new Response('The sandbox is starting.', { status: 503, headers: { 'retry-after': '1' } })
  const server = createAdaptorServer({
    fetch: (request, env) => refuseForeignHost(request) ?? fetch(request, env as HttpBindings),
  }) as Server
  // Longer than a client keeps an idle connection: one closed in between would reset a request that was just sent.
  if ('keepAliveTimeout' in server) server.keepAliveTimeout = 60_000
  await listen(server, part, port)
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith(next) {
      fetch = next
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, part: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(portError(part, port, error)))
    server.listen(port, '127.0.0.1', resolve)
  })
}

export function portError(part: string, port: number, error: NodeJS.ErrnoException): Error {
  const why = error.code === 'EADDRINUSE' ? 'it is already in use' : error.message
  return new Error(`The sandbox cannot open port ${port} on 127.0.0.1 for ${part}: ${why}.`, { cause: error })
}
