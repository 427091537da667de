import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { ASSETS } from '../support/budgets.ts'
import { firstVisitBytes, prepareStudent, STOPS, visitAll } from '../vitals/journey.ts'
import { type Product, startProduct } from './product.ts'

/** What does not depend on the machine's speed; `npm run vitals` measures the rest. */
const SCRIPT_BYTES_MAX = 40_000
const FIRST_VISIT_BYTES_MAX = 150_000
const CLS_MAX = 0.02

describe('the weight of pages on a first visit', () => {
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
    await prepareStudent(product, browser)
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it('little script, and nothing that jumps', async () => {
    const visits = await visitAll(product, browser, false)
    expect([...visits.keys()]).toEqual(STOPS.map((stop) => stop.name))
    for (const [name, { scriptBytes, cls, requests }] of visits) {
      expect(requests, name).toBeGreaterThan(3)
      expect(scriptBytes, name).toBeGreaterThan(1_000)
      expect(scriptBytes, name).toBeLessThan(SCRIPT_BYTES_MAX)
      expect(cls, name).toBeLessThan(CLS_MAX)
    }
  })

  it('no file that every page loads is over its budget', async () => {
    const page = await (await fetch(product.baseUrl)).text()
    const styles = await (await fetch(product.baseUrl + addressIn(page, 'styles.css'))).text()
    for (const [name, bytesMax] of Object.entries(ASSETS)) {
      const bytes = await bytesOf(product.baseUrl + addressIn(page + styles, name))
      expect(bytes, name).toBeGreaterThan(1_000)
      expect(bytes, name).toBeLessThanOrEqual(bytesMax)
    }
  })

  it('landing and Mis Clases together, with everything', async () => {
    const bytes = await firstVisitBytes(product, browser)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(FIRST_VISIT_BYTES_MAX)
  })
})

/** Where a file of that logical name is: `main.js` is `/assets/main.1a2b3c.js`. */
function addressIn(text: string, name: string): string {
  const [stem, ending] = name.split('.')
  const found = new RegExp(`${stem}\\.\\w+\\.${ending}`).exec(text)?.[0]
  if (!found) throw new Error(`Nothing leads to ${name}`)
  return `/assets/${found}`
}

/** As they come over the wire; `fetch` would unpack them. */
async function bytesOf(url: string): Promise<number> {
  const asking = request(url, { headers: { 'accept-encoding': 'gzip' } }).end()
  const [answer] = (await once(asking, 'response')) as [IncomingMessage]
  return (await buffer(answer)).length
}
