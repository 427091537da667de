import { createServer } from 'node:net'

/**
 * Below those that systems hand out to whoever connects somewhere or asks for any port: one that is free now stays so until it is opened, unless
 * somebody draws the same.
 */
const FIRST_PORT = 20_000
const PORTS = 12_000
const DRAWS_MAX = 50
const TRIES_MAX = 5
const TAKEN = /EADDRINUSE|already in use|ya está en uso|could not bind/

/** A port of 127.0.0.1 on which nothing listens just now. */
export function freePort(): Promise<number> {
  return freePorts(1)
}

/** The first of so many in a row. */
export async function freePorts(count: number): Promise<number> {
  for (let draws = 0; draws < DRAWS_MAX; draws++) {
    const first = FIRST_PORT + Math.floor(Math.random() * (PORTS - count))
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)))
    if (free.every(Boolean)) return first
  }
  throw new Error(`No ${count} free ports in a row`)
}

/** Opens something on free ports, and on others when somebody else was faster: only the opening itself can tell. */
export async function onFreePorts<Opened>(count: number, open: (first: number) => Promise<Opened>): Promise<Opened> {
  for (let tries = 1; ; tries++) {
    try {
      return await open(await freePorts(count))
    } catch (error) {
      if (tries === TRIES_MAX || !(error instanceof Error && TAKEN.test(error.message))) throw error
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
