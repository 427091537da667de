import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import type { Town } from '../drill/town.ts'
import { measureWebhooks } from '../drill/webhooks.ts'

const NOTIFICATIONS = 5

/** What comes of notifications to a product that answers each as `statusOf` says: the first is number 0. */
async function measured(statusOf: (number: number) => number): Promise<{ answers: number; times: number }> {
  let answers = 0
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(statusOf(answers++)).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const sandbox = { settings: {}, control: async () => ({ payments: [] }) }
  try {
    const times = await measureWebhooks({ url, sandbox, now: () => 0 } as unknown as Town, NOTIFICATIONS)
    return { answers, times: times.length }
  } finally {
    server.close()
  }
}

it('the drill sends a notification again that was turned away, as Mercado Pago does, and not for ever', async () => {
  expect(await measured(() => 200)).toEqual({ answers: NOTIFICATIONS, times: NOTIFICATIONS })
  expect(await measured((number) => (number < 2 ? 503 : 200))).toEqual({ answers: NOTIFICATIONS + 2, times: NOTIFICATIONS })
  await expect(measured(() => 503)).rejects.toThrow('5 of 5 notifications were answered 503')
  await expect(measured((number) => (number === 0 ? 401 : 200))).rejects.toThrow('1 of 5 notifications were answered 401')
})
