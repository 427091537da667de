import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, extname, join } from 'node:path'
import { MAIL_PREFIX } from './mails.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}

/** The policy of production: nothing inline, nothing from elsewhere. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

/** A mail brings its style along, and may load nothing. */
const MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'"

/** Serves a folder on the loopback address, with the strict policy that the product uses. The API answers 503. */
export async function serve(folder: string): Promise<{ origin: string; close: () => Promise<void> }> {
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://gallery')
    if (pathname.startsWith('/api/') || pathname.includes('..')) {
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":"Sin servidor"}')
      return
    }
    try {
      const body = await readFile(join(folder, pathname))
      response
        .writeHead(200, {
          'content-type': TYPES[extname(pathname)] ?? 'application/octet-stream',
          'content-security-policy': basename(pathname).startsWith(MAIL_PREFIX) ? MAIL_POLICY : POLICY,
        })
        .end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}
