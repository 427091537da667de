import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
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

  it('landing and Mis Clases together, with everything', async () => {
    const bytes = await firstVisitBytes(product, browser)
    expect(bytes).toBeGreaterThan(20_000)
    expect(bytes).toBeLessThan(FIRST_VISIT_BYTES_MAX)
  })
})
