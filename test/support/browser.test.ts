import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit, type VisitOptions } from './browser.ts'

const PAGES: Record<string, string> = {
  '/':
    '<!doctype html><meta name="viewport" content="width=device-width"><title>Inicio</title>' +
    '<noscript>sin scripts</noscript><p id="out"></p><script>out.textContent = "con scripts"</script>',
  '/console': '<!doctype html><script>console.error("algo salió mal")</script>',
  '/exception': '<!doctype html><script>null.x</script>',
  '/outside': '<!doctype html><script src="http://example.com/tracker.js"></script>',
}

describe('the browser for tests', () => {
  let server: Server
  let baseUrl: string
  let browser: Browser

  beforeAll(async () => {
    server = createServer((request, response) => {
      const page = PAGES[request.url ?? '']
      response.writeHead(page ? 200 : 204, { 'content-type': 'text/html; charset=utf-8' }).end(page)
    })
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve)
    })
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    browser = await launchBrowser()
  })

  afterAll(async () => {
    await browser.close()
    server.close()
  })

  it('is a phone in Argentina unless told otherwise', async () => {
    await visiting({}, '/', async ({ page, problems }) => {
      expect(await page.evaluate(surroundings)).toEqual({
        size: [360, 740],
        touch: true,
        dark: false,
        language: 'es-AR',
        minutesFromUtc: -180,
      })
      expect(problems).toEqual([])
    })
  })

  it('is a desktop in the dark in Madrid when told so', async () => {
    await visiting({ device: 'desktop', theme: 'dark', timeZone: 'Europe/Madrid' }, '/', async ({ page }) => {
      expect(await page.evaluate(surroundings)).toEqual({
        size: [1280, 900],
        touch: false,
        dark: true,
        language: 'es-AR',
        minutesFromUtc: 60,
      })
    })
  })

  it('runs scripts, or not', async () => {
    await visiting({}, '/', async ({ page }) => expect(await page.innerText('body')).toBe('con scripts'))
    await visiting({ javaScript: false }, '/', async ({ page }) => expect(await page.innerText('body')).toContain('sin scripts'))
  })

  it('collects console errors and exceptions', async () => {
    await visiting({}, '/console', async ({ problems }) => {
      await expect.poll(() => problems).toEqual([expect.stringContaining('algo salió mal')])
    })
    await visiting({}, '/exception', async ({ problems }) => {
      await expect.poll(() => problems).toEqual([expect.stringContaining('TypeError')])
    })
  })

  it('reaches nothing outside this machine', async () => {
    await visiting({}, '/outside', async ({ problems }) => {
      await expect.poll(() => problems).toEqual([expect.stringContaining('ERR_NAME_NOT_RESOLVED')])
    })
  })

  async function visiting(options: VisitOptions, path: string, look: (visit: Awaited<ReturnType<typeof openVisit>>) => Promise<void>) {
    const visit = await openVisit(browser, { baseUrl, ...options })
    try {
      await visit.page.goto(path)
      await look(visit)
    } finally {
      await visit.context.close()
    }
  }
})

/** Runs in the page. */
function surroundings() {
  return {
    size: [innerWidth, innerHeight],
    touch: navigator.maxTouchPoints > 0,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    language: navigator.language,
    minutesFromUtc: 0 - new Date(Date.UTC(2026, 0, 1)).getTimezoneOffset(),
  }
}
