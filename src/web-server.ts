import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { Doors } from './http/doors.ts'
import { MINUTE_MS, SECOND_MS } from './kernel/clock.ts'

/** How long a client may take. */
interface Patience {
  /** For its headers. */
  headersMs: number
  /** For the whole request. */
  requestMs: number
  /** Nothing goes either way on a connection in use. Live updates say a word every 20 seconds. */
  silenceMs: number
  /** Longer than a proxy keeps an idle connection: one closed in between would reset a request that was just sent, and a buyer reads 502. */
  idleMs: number
  /** How often late ones are looked for. */
  lookMs: number
}

const PATIENCE: Patience = {
  headersMs: 10 * SECOND_MS,
  requestMs: 30 * SECOND_MS,
  silenceMs: 2 * MINUTE_MS,
  idleMs: 75 * SECOND_MS,
  lookMs: 2 * SECOND_MS,
}
/** Connections at once; further ones are closed. Two thousand of them may be windows that are told of changes. */
const CONNECTIONS_MAX = 5_000
/** What is at work when the product is told to stop has this long: a checkout waits for Mercado Pago for ten seconds at most. */
export const FINISH_MS = 12 * SECOND_MS
const IDLE_LOOK_MS = 100

export interface WebServer {
  port: number
  /**
   * Ends without a failed request: `/healthz` says 503 and answers close their connections, so that a proxy goes elsewhere; after `drainMs` nothing
   * new is accepted, `onClosed` ends what would stay open, whoever waits for a place is turned away, and what is at work is finished.
   */
  stop(drainMs: number, onClosed: () => Promise<void>): Promise<void>
}

export interface WebServerOptions {
  port: number
  host: string
  doors: Doors
  patience?: Partial<Patience>
}

type Fetch = Parameters<typeof getRequestListener>[0]

/** The HTTP server around the application: everything a client may keep waiting has a limit. */
export async function openWebServer(fetch: Fetch, { port, host, doors, patience }: WebServerOptions): Promise<WebServer> {
  const limits = { ...PATIENCE, ...patience }
  const answer = getRequestListener(fetch)
  const server = createServer(
    { headersTimeout: limits.headersMs, requestTimeout: limits.requestMs, connectionsCheckingInterval: limits.lookMs },
    (incoming, outgoing) => {
      // A proxy that reads this does not send the next request over a connection that is about to end.
      if (doors.isClosing()) outgoing.setHeader('Connection', 'close')
      void answer(incoming, outgoing)
    },
  )
  server.keepAliveTimeout = limits.idleMs
  server.maxConnections = CONNECTIONS_MAX
  server.setTimeout(limits.silenceMs)
  await listen(server, port, host)
  const address = server.address()
  return {
    port: typeof address === 'object' && address ? address.port : port,
    async stop(drainMs, onClosed) {
      doors.startClosing()
      await new Promise((resolve) => setTimeout(resolve, drainMs))
      const closed = close(server)
      // They would wait as long as they may and then be at work as long as that takes: longer than there is time.
      doors.endWaiting()
      await onClosed()
      await closed
    },
  }
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`El puerto ${port} ya está en uso. Elegí otro con PORT.`) : error)
    })
    server.listen(port, host, () => resolve())
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // A connection that is at work now falls idle later, and nobody would close it then.
    const timer = setInterval(() => server.closeIdleConnections(), IDLE_LOOK_MS)
    // A client that is slow to send or to read is no reason to stay.
    const limit = setTimeout(() => server.closeAllConnections(), FINISH_MS)
    server.close(() => {
      clearInterval(timer)
      clearTimeout(limit)
      resolve()
    })
    server.closeIdleConnections()
  })
}
