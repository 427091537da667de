import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit, type Visit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import { type BookedClass, bookedClass, expectAccessible, expectNoProblems, GUEST, HOST, moveClockTo, picture, signIn } from './steps.ts'

const MINUTE_MS = 60_000

/** The page and the list of its classes that it follows. */
async function openClasses(page: Page): Promise<void> {
  const list = page.waitForResponse('**/api/my-classes')
  await Promise.all([page.waitForResponse('**/api/live'), page.goto('/inicio/mis-clases-virtuales')])
  await (await list).finished()
  // What the page does with the answer is done when it has had a turn.
  await page.evaluate(() => new Promise((done) => setTimeout(done)))
}

/** Asking for the list fails from now on: only what is told can change the page. */
async function askNoMore(page: Page): Promise<void> {
  await page.evaluate(() => {
    const ask = window.fetch.bind(window)
    window.fetch = (asked, init) => (asked === '/api/my-classes' ? Promise.reject(new TypeError('Nobody asks')) : ask(asked, init))
  })
}

describe('what a page knows while nobody reloads it, and without a connection', () => {
  let product: Product
  let browser: Browser
  let host: Visit
  let booked: BookedClass
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
    host = await openVisit(browser, { baseUrl: product.baseUrl })
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it('the host sees at once that a guest came, and who (S0:368)', async () => {
    const { page } = host
    await signIn(page, HOST)
    booked = await bookedClass(product, page, { people: 3, slot: 2 })
    await moveClockTo(product, new Date(Date.parse(booked.start) - 50 * MINUTE_MS))
    const guest = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(guest.page, GUEST)
    await openClasses(page)
    await page.getByText('1 de 3 personas.').waitFor()
    await askNoMore(page)
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
    // Whoever has just copied the code has the focus on it, and sees who comes all the same.
    const copy = page.locator('button.code-boxes')
    await copy.click()
    await guest.page.request.post('/api/access-code', { data: { accessCode: booked.accessCode } })
    await page.getByText('2 de 3 personas.').waitFor()
    await page.locator('[data-guests] .guest').getByText('Mateo').waitFor()
    expect(await copy.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
    await expectAccessible(page)

    // Given free again, which the guest's own page learns, too.
    await openClasses(guest.page)
    await askNoMore(guest.page)
    await guest.page.getByText('Te invitó').first().waitFor()
    await page.locator('[data-guests] summary').click()
    await page.getByRole('button', { name: 'Sí, liberar' }).click()
    await page.getByText('Liberamos el lugar.').waitFor()
    // Told once: neither a reload nor what comes later says it again.
    await expect.poll(() => new URL(page.url()).search).toBe('')
    await page.getByText('1 de 3 personas.').waitFor()
    await guest.page.getByText('No hay clases por mostrar.').waitFor()
    await guest.page.getByText('quien la reservó liberó tu lugar').waitFor()
    expect(await guest.page.locator('.topbar .next-class').count()).toBe(0)
    await guest.context.close()
    expectNoProblems(product, host)
  })

  it('whoever signs in again goes on where they were: the way back from Google is asked for once, also with a service worker', async () => {
    const { page, context, problems } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, GUEST)
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await context.clearCookies()
    await page.goto('/inicio/historial')
    await page.getByRole('button', { name: 'Ingresar con Google' }).click()
    await page.getByText(GUEST).first().click()
    await page.waitForURL('**/inicio/historial')
    expect(problems).toEqual([])
    await context.close()
  })

  it('the pass of the next class opens without a connection, though nobody opened it before, and is gone once the class is cancelled', async () => {
    const { page, context } = host
    const path = `/inicio/clases/${booked.id}/pase`
    await page.goto(path)
    await page.getByText('Guardado: este pase se abre también sin conexión.').waitFor()
    expect(await page.getByText('Sin conexión: así estaba').isVisible()).toBe(false)
    await expectAccessible(page)
    await picture(page, 'pase-phone')

    // Whoever only looked at Inicio has it just the same.
    const kept = () => page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('pass-')))
    const passIsKept = () => page.evaluate(async (address) => (await caches.match(address)) !== undefined, path)
    await page.evaluate(async () => {
      for (const name of await caches.keys()) if (name.startsWith('pass-')) await caches.delete(name)
    })
    await page.goto('/inicio')
    // Asked for when the page has nothing better to do.
    await expect.poll(passIsKept).toBe(true)

    // The emulation does not reach a worker that the browser has just started again, so there is really nobody to answer.
    await context.setOffline(true)
    await product.stop()
    await page.goto(path)
    await page.getByText(/Sin conexión: así estaba a las \d\d:\d\d del/).waitFor()
    expect(await page.locator('.code-boxes').innerText()).toMatch(new RegExp(booked.accessCode.split('').join('\\s*')))
    expect(await page.evaluate(async () => (await document.fonts.ready).check('16px Figtree'))).toBe(true)
    await picture(page, 'pase-sin-conexion-phone')
    await page.goto('/inicio/historial')
    await page.getByRole('heading', { name: 'Sin conexión' }).waitFor()
    await expectAccessible(page)
    await picture(page, 'sin-conexion-phone')
    await page.getByRole('link', { name: /Tu clase:/ }).click()
    await page.getByText('Sin conexión: así estaba').waitFor()

    // With the connection the page is true again by itself.
    product = await product.restart()
    await context.setOffline(false)
    await page.locator('html:not([data-saved]) [data-pass]').waitFor()
    expect(await page.getByText('Sin conexión: así estaba').isVisible()).toBe(false)
    expect(await kept()).toHaveLength(1)
    await page.request.get('/api/my-classes')
    const stored = await page.evaluate(async () => {
      const names = await caches.keys()
      const requests = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
      return requests.flat().map(({ url }) => new URL(url).pathname)
    })
    expect(stored.filter((each) => !/^\/(assets\/|sin-conexion$|inicio\/clases\/[^/]+\/pase$)/.test(each))).toEqual([])

    // A pass promises a class: once that is cancelled, the next page takes the pass away.
    // The worker puts the new one in place of the old one.
    await expect.poll(passIsKept).toBe(true)
    const cancelled = await page.evaluate(async (id) => (await fetch(`/api/classes/${id}/cancel`, { method: 'POST' })).status, booked.id)
    expect(cancelled).toBe(200)
    // Even one that the worker is still writing, slow as a phone may be.
    const other = await context.newPage()
    await other.goto('/privacidad')
    const late = await other.evaluateHandle(async (address) => {
      const [name = ''] = (await caches.keys()).filter((each) => each.startsWith('pass-'))
      const begun = Promise.withResolvers<void>()
      const told = Promise.withResolvers<void>()
      const written = navigator.locks.request('passes', async () => {
        begun.resolve()
        await told.promise
        await (await caches.open(name)).put(address, new Response('as it was before'))
      })
      await begun.promise
      return { write: () => told.resolve(), written }
    }, path)
    await page.goto('/inicio/mis-clases-virtuales')
    const waiting = () => page.evaluate(async () => (await navigator.locks.query()).pending?.length)
    // What takes away those of other people, and what takes away those of classes that are no more: they wait for it.
    await expect.poll(waiting).toBeGreaterThan(1)
    await late.evaluate(async ({ write, written }) => {
      write()
      await written
    })
    await other.close()
    await expect.poll(passIsKept).toBe(false)

    await page.evaluate(() => document.querySelector<HTMLFormElement>('form[action="/api/auth/logout"]')?.requestSubmit())
    await page.waitForURL(`${product.baseUrl}/`)
    await expect.poll(kept).toEqual([])
    await context.setOffline(true)
    await page.goto(path).catch(() => {})
    expect(await page.locator('.code-boxes').count()).toBe(0)
    await context.setOffline(false)
    await context.close()
  })
})
