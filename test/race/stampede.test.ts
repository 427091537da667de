import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import { type Doors, LIMITS } from '../../src/http/doors.ts'
import { createPages } from '../../src/web/index.ts'
import { openWebServer, type WebServer } from '../../src/web-server.ts'
import { doorsWith } from '../support/doors.ts'
import type { Person } from './rig/people.ts'
import { CONNECTIONS, openRig, type Rig, type Slot } from './rig/rig.ts'
import { closeTableToWriters, type Gate } from './rig/steering.ts'

const BUYERS = 300
const SLOW_CLIENTS = 200
/** Visits that another student makes while no booking comes to an end; how long they take is for the benchmark to say. */
const VISITS = 5

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

  interface Crowd {
    /** What became of the buyers, by status, once the last of them is answered. */
    statuses: Promise<Map<number, number>>
    port: number
    /** No booking comes to an end until this is opened. */
    gate: Gate
    leave(): Promise<void>
  }

  /** All buyers stand at the doors, and those who were let in cannot get on. */
  async function stampede(doors: Doors): Promise<Crowd> {
    const server = await serve(doors)
    const { port } = server
    const slow = await openSlow(port)
    const buyers = await rig.people(BUYERS)
    const [slot] = rig.slots(1) as [Slot]
    const gate = await closeTableToWriters(rig, 'virtual_class')
    const statuses = Promise.all(buyers.map((buyer) => ask(port, buyer, '/api/checkout', slot))).then((all) => {
      const counts = new Map<number, number>()
      for (const status of all) counts.set(status, (counts.get(status) ?? 0) + 1)
      return counts
    })
    return {
      statuses,
      port,
      gate,
      async leave() {
        for (const socket of slow) socket.destroy()
        await server.stop(0, async () => {})
      },
    }
  }

  async function visits(port: number): Promise<number[]> {
    const seen: number[] = []
    for (let visit = 0; visit < VISITS; visit++) seen.push(await ask(port, other, '/inicio/mis-clases-virtuales'))
    return seen
  }

  it('exactly one of them gets it, everybody is answered, and somebody else sees their pages meanwhile', async () => {
    // As in production, but however slow the machine is that this runs on, nobody goes away.
    const crowd = await stampede(doorsWith((usual) => ({ ...usual, waitMsMax: 60_000 })))
    await crowd.gate.waiting(LIMITS.booking.atWorkMax)
    expect(await visits(crowd.port)).toEqual(Array.from({ length: VISITS }, () => 200))
    await crowd.gate.open()
    expect(Object.fromEntries(await crowd.statuses)).toEqual({ 200: 1, 409: BUYERS - 1 })
    await crowd.leave()
  })

  it('control: without doors the crowd has every connection to the database, and nobody else would see anything', async () => {
    const crowd = await stampede(doorsWith((usual) => ({ ...usual, atWorkMax: BUYERS, waitMsMax: 60_000 })))
    // One of them is the gate's own.
    await crowd.gate.waiting(CONNECTIONS - 1)
    await crowd.gate.open()
    expect((await crowd.statuses).get(200)).toBe(1)
    await crowd.leave()
  })

  it('where there is room for few, the others are told to come again, and still exactly one gets it', async () => {
    const crowd = await stampede(doorsWith((usual) => ({ ...usual, atWorkMax: 4, waitingMax: 20, waitMsMax: 60_000 })))
    await crowd.gate.waiting(4)
    expect(await visits(crowd.port)).toEqual(Array.from({ length: VISITS }, () => 200))
    await crowd.gate.open()
    const statuses = await crowd.statuses
    expect(statuses.get(200)).toBe(1)
    expect(statuses.get(503)).toBeGreaterThan(0)
    expect([...statuses.keys()].every((status) => [200, 409, 503].includes(status))).toBe(true)
    await crowd.leave()
  })
})
