import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { freePorts, onFreePorts } from './ports.ts'

const listenOn = async (port: number) => {
  const server = createServer()
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

it('what is opened on free ports takes others when somebody was faster', async () => {
  const taken = await listenOn(await freePorts(1))
  const tried: number[] = []
  const opened = await onFreePorts(1, (port) => {
    tried.push(port)
    return listenOn(tried.length === 1 ? Number((taken.address() as { port: number }).port) : port)
  })
  expect(tried).toHaveLength(2)
  for (const server of [taken, opened]) server.close()
})

it('what cannot be opened for another reason is not tried again', async () => {
  let tries = 0
  const opening = onFreePorts(1, () => {
    tries += 1
    return Promise.reject(new Error('no such program'))
  })
  await expect(opening).rejects.toThrow('no such program')
  expect(tries).toBe(1)
})
