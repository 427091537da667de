import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

export interface Rewriter {
  /** Connection string that leads through it. */
  url: string
  /** Pieces of text that were changed so far. */
  rewritten(): number
  close(): Promise<void>
}

/**
 * Stands between the product and PostgreSQL and changes statements on their way: how a sabotage forgets a lock without touching the product.
 * What `pattern` finds becomes blanks of the same length, so that the protocol's own lengths stay true.
 */
export async function openRewriter(serverUrl: string, pattern: RegExp): Promise<Rewriter> {
  let rewritten = 0
  const blank = (text: string) =>
    text.replace(pattern, (found) => {
      rewritten += 1
      return ' '.repeat(found.length)
    })
  const target = new URL(serverUrl)
  const open = new Set<Socket>()
  const keep = (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
    // Whoever is killed cuts his connection; the other end goes, too.
    socket.on('error', () => socket.destroy())
    return socket
  }
  const server = createServer((client) => {
    const upstream = keep(connect(Number(target.port), target.hostname))
    keep(client)
    client.on('data', (chunk) => upstream.write(Buffer.from(blank(chunk.toString('latin1')), 'latin1')))
    upstream.pipe(client)
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  const url = new URL(serverUrl)
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    rewritten: () => rewritten,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
