import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { createDoors, type Doors, LIMITS } from '../../src/http/doors.ts'
import { createPages } from '../../src/web/index.ts'
import { openWebServer, type WebServer } from '../../src/web-server.ts'
import type { Person } from './rig/people.ts'
import { openRig, type Rig, type Slot } from './rig/rig.ts'

const BUYERS = 300
const SLOW_CLIENTS = 200
/** Visits that another student makes while the crowd is served; how long they take is for the benchmark to say. */
const VISITS_MIN = 5

describe(`${BUYERS} people want one slot while ${SLOW_CLIENTS} others hardly send anything`, () => {
  let rig: Rig
  let other: Person
  beforeAll(async () => {
    rig = await openRig({ processes: 1, calendar: false })
    ;[other] = (await rig.people(1)) as [Person]
  })
  afterAll(() => rig.close())

  async function serve(doors: Doors): Promise<WebServer> {
    const [process] = rig.processes
    if (!process) throw new Error('There is a process')
    const app = createApp(process.deps, createPages({ asset: (name) => `/assets/${name}`, sandbox: null }), undefined, doors)
    return openWebServer(app.fetch, { port: 0, host: '127.0.0.1', doors })
  }

  /** One request over a connection of its own, to the address by which the product goes. Its status. */
  async function ask(port: number, { cookie }: Person, path: string, body?: unknown): Promise<number> {
    const headers = { host: 'localhost:3000', cookie, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
    const asking = request({ host: '127.0.0.1', port, path, headers, agent: false, method: body === undefined ? 'GET' : 'POST' })
    asking.end(body === undefined ? undefined : JSON.stringify(body))
    const [answer] = (await once(asking, 'response')) as [IncomingMessage]
    await once(answer.resume(), 'end')
    return answer.statusCode ?? 0
  }

  /** Clients that began a request and do not end it. */
  async function openSlow(port: number): Promise<Socket[]> {
    const begun = ['POST /api/checkout HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{', 'GET /inicio HTTP/1.1\r\nHost: ']
    return Promise.all(
      Array.from({ length: SLOW_CLIENTS }, async (_, index) => {
        const socket = connect(port, '127.0.0.1')
        socket.on('error', () => {})
        await once(socket, 'connect')
        socket.write(begun[index % begun.length] ?? '')
        return socket
      }),
    )
  }

  /** What became of the buyers, and how many pages the other student saw until the last of them was answered. */
  async function stampede(doors: Doors): Promise<{ statuses: Map<number, number>; visits: number; refused: number }> {
    const server = await serve(doors)
    const { port } = server
    const slow = await openSlow(port)
    const buyers = await rig.people(BUYERS)
    const [slot] = rig.slots(1) as [Slot]
    const statuses = new Map<number, number>()
    let crowded = true
    const crowd = Promise.all(
      buyers.map(async (buyer) => {
        const status = await ask(port, buyer, '/api/checkout', slot)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    ).finally(() => {
      crowded = false
    })
    let visits = 0
    let refused = 0
    while (crowded) {
      const status = await ask(port, other, '/inicio/mis-clases-virtuales')
      if (crowded && status === 200) visits += 1
      if (status !== 200) refused += 1
    }
    await crowd
    for (const socket of slow) socket.destroy()
    await server.stop(0, async () => {})
    return { statuses, visits, refused }
  }

  it('exactly one of them gets it, everybody is answered, and somebody else sees their pages meanwhile', async () => {
    // As in production, but however slow the machine is that this runs on, nobody goes away.
    const patient = { waitMsMax: 60_000 }
    const { read, asking, write, booking, notification } = LIMITS
    const { statuses, visits, refused } = await stampede(
      createDoors({
        read: { ...read, ...patient },
        asking: { ...asking, ...patient },
        write: { ...write, ...patient },
        booking: { ...booking, ...patient },
        notification: { ...notification, ...patient },
      }),
    )
    expect(Object.fromEntries(statuses)).toEqual({ 200: 1, 409: BUYERS - 1 })
    expect(refused).toBe(0)
    expect(visits).toBeGreaterThanOrEqual(VISITS_MIN)
  })

  it('where there is room for few, the others are told to come again, and still exactly one gets it', async () => {
    const few = { atWorkMax: 4, waitingMax: 20, waitMsMax: 3_000 }
    const { statuses, refused } = await stampede(createDoors({ read: few, asking: few, write: few, booking: few, notification: few }))
    expect(statuses.get(200)).toBe(1)
    expect(statuses.get(503)).toBeGreaterThan(0)
    expect([...statuses.keys()].every((status) => [200, 409, 503].includes(status))).toBe(true)
    expect(refused).toBe(0)
  })
})
