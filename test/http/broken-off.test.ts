import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDoors } from '../../src/http/doors.ts'
import { openWebServer, type WebServer } from '../../src/web-server.ts'
import { openWorld, type World } from '../support/world.ts'

describe('a body that its sender breaks off is the sender’s doing: nothing fails here', () => {
  let world: World
  let server: WebServer
  /** Each request that is finished with, whatever came of it. */
  let finished: (status: number | Error) => void = () => {}
  beforeAll(async () => {
    world = await openWorld()
    const fetch = async (...asked: Parameters<typeof world.app.fetch>) => {
      try {
        const answer = await world.app.fetch(...asked)
        finished(answer.status)
        return answer
      } catch (error) {
        finished(error as Error)
        throw error
      }
    }
    server = await openWebServer(fetch, { port: 0, host: '127.0.0.1', doors: createDoors() })
  })
  afterAll(async () => {
    await server.stop(0, async () => {})
    await world.close()
  })

  it.each([
    ['that said how long it is', '/api/support/tickets', 'Content-Length: 900', '{"subject":'],
    ['that said nothing of its length', '/api/support/tickets', 'Transfer-Encoding: chunked', 'b\r\n{"subject":\r\n'],
    ['sent to a page', '/preferencias', 'Transfer-Encoding: chunked', 'b\r\n{"subject":\r\n'],
  ])('%s', async (_, path, headers, words) => {
    const answered = new Promise<number | Error>((resolve) => {
      finished = resolve
    })
    world.logged.length = 0
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write(`POST ${path} HTTP/1.1\r\nHost: localhost:3000\r\n${headers}\r\n\r\n${words}`, () => socket.destroy())
    expect(await answered).toBe(400)
    expect(world.logged).toEqual([{ level: 'debug', fields: { path, method: 'POST' }, message: 'body broken off' }])
  })
})
