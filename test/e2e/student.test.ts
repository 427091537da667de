import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import {
  bookedClass,
  chooseFirstSlot,
  expectAccessible,
  expectNoProblems,
  GUEST,
  HOST,
  moveClockTo,
  payAtMercadoPago,
  picture,
  signIn,
  untilReserved,
} from './steps.ts'

const BOOKER = 'valentina.ledesma@correo.test'
const MINUTE_MS = 60_000

/** The next Monday, 05:00 in Argentina: what lies above the fold depends on how many hours of the day are left. */
function mondayMorning(now: Date): Date {
  const days = (8 - now.getUTCDay()) % 7 || 7
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + days, 8))
}

/** How far down the part of the page ends that no bar covers. */
async function fold(page: Page, bar = '.bottombar'): Promise<number> {
  return page.locator(bar).evaluate((element) => element.getBoundingClientRect().top)
}

async function bottomOf(page: Page, selector: string): Promise<number> {
  // Letters of another width would break lines elsewhere.
  await page.evaluate(async () => void (await document.fonts.ready))
  return page
    .locator(selector)
    .filter({ visible: true })
    .first()
    .evaluate((element) => element.getBoundingClientRect().bottom)
}

describe('what a student meets on a phone', () => {
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
    await moveClockTo(product, mondayMorning(await product.now()))
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it('books, and finds what matters on the first screen', async () => {
    const visit = await openVisit(browser, { baseUrl: product.baseUrl })
    const { page } = visit
    await signIn(page, HOST)

    await page.goto('/inicio/reservas')
    expect(await page.locator('.ribbon').evaluate((element) => element.getBoundingClientRect().height)).toBeLessThanOrEqual(32)
    expect(await bottomOf(page, 'label.slot-free')).toBeLessThanOrEqual(await fold(page, '.booking-bar'))
    const start = await chooseFirstSlot(page)
    await page.getByRole('button', { name: 'Agendar clase' }).click()

    // No connection: a message, and everything is still there.
    await page.waitForURL('**/inicio/pre-compra**')
    await visit.context.setOffline(true)
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await page.getByText('Sin conexión. Revisá tu internet y probá de nuevo.').waitFor()
    await visit.context.setOffline(false)
    expect(page.url()).toContain('/inicio/pre-compra')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await page.waitForURL('**/checkout/v1/**')

    // Left without paying: the hold is everywhere, and giving it up asks first.
    await page.goto('/inicio/reservas')
    await picture(page, 'reservas-retenida-phone')
    await expectAccessible(page)
    expect(await bottomOf(page, 'label.slot-free')).toBeLessThanOrEqual(await fold(page, '.booking-bar'))
    await page.locator('.hold-panel summary').click()
    await page.getByRole('link', { name: 'No, volver' }).click()
    expect(await page.locator('.hold-panel details[open]').count()).toBe(0)
    await page.goto('/inicio/mis-clases-virtuales')
    await page.getByRole('link', { name: 'Retomar el pago' }).click()
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await payAtMercadoPago(page)
    await page.getByText('¡Tu pago fue exitoso!').waitFor()

    // An open page follows a clock that jumps, and the button is on the first screen.
    await untilReserved(page)
    await moveClockTo(product, new Date(Date.parse(start) - 30 * MINUTE_MS))
    await page
      .getByRole('link', { name: /^Unirse/ })
      .first()
      .waitFor()
    await page.goto('/inicio/mis-clases-virtuales')
    expect(await bottomOf(page, '.ticket .join a')).toBeLessThanOrEqual(await fold(page))
    await picture(page, 'mis-clases-abierta-individual-phone')
    await visit.context.close()
  })

  it('tapping "Más" twice opens and closes the menu, and signs nobody out', async () => {
    const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, HOST)
    const more = page.getByRole('button', { name: 'Más' })
    const box = await more.boundingBox()
    const [x, y] = [(box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + (box?.height ?? 0) / 2]
    const isOpen = () => page.locator('#menu').evaluate((menu) => menu.matches(':popover-open'))
    // The browser makes a click of a tap in its own time.
    await page.touchscreen.tap(x, y)
    await expect.poll(isOpen).toBe(true)
    await page.touchscreen.tap(x, y)
    await expect.poll(isOpen).toBe(false)
    await page.goto('/inicio')
    expect(new URL(page.url()).pathname).toBe('/inicio')
    await context.close()
  })

  it('a host moves a class, then cancels it, and finds the money on its way back in Facturación and on the receipt', async () => {
    const host = await openVisit(browser, { baseUrl: product.baseUrl })
    const { page } = host
    await signIn(page, BOOKER)
    // Far enough away that there is time to move it and to get everything back.
    const { id, accessCode, start } = await bookedClass(product, page, { people: 2, slot: 40 })
    await page.goto('/inicio/mis-clases-virtuales')
    await page
      .getByRole('link', { name: /^Reprogramar/ })
      .filter({ visible: true })
      .first()
      .click()
    await page.getByRole('heading', { name: 'Reprogramar clase' }).waitFor()
    const moved = await chooseFirstSlot(page)
    expect(moved).not.toBe(start)
    await page.getByRole('button', { name: /^Pasar al/ }).click()
    await page.getByText('Reprogramamos la clase').waitFor()
    const { response } = (await (await page.request.get('/api/my-classes')).json()) as {
      response: { id: string; startTime: string; accessCode: string }[]
    }
    expect(response).toMatchObject([{ id, startTime: moved }])
    expect(response[0]?.accessCode).not.toBe(accessCode)

    await page.locator('.next-ticket summary').filter({ hasText: 'Cancelar clase' }).click()
    await page.getByText('Se te va a reembolsar el total').filter({ visible: true }).first().waitFor()
    await page.getByRole('button', { name: 'Sí, cancelar' }).filter({ visible: true }).click()
    await page.getByText('Cancelamos la clase. Te devolvemos el total').waitFor()
    await expect
      .poll(
        async () => {
          await page.goto('/inicio/facturacion')
          return page.locator('.bill').first().innerText()
        },
        { timeout: 120_000, interval: 500 },
      )
      .toMatch(/Reembolsado[\s\S]*Devuelto\s+\$30\.000 el/)
    await page.getByRole('link', { name: /^Ver comprobante/ }).click()
    await page.getByRole('heading', { name: /^Comprobante de pago/ }).waitFor()
    expect(await page.locator('.receipt-table tfoot').innerText()).toMatch(/Total devuelto\s+−\$30\.000\s+Neto\s+\$0/)
    await picture(page, 'comprobante-devuelto-phone')
    expectNoProblems(product, host)
    await host.context.close()
  })

  it('a third guest finds the group complete, and says so beside the code', async () => {
    const host = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(host.page, BOOKER)
    const { accessCode, start } = await bookedClass(product, host.page, { people: 3, slot: 3 })
    await moveClockTo(product, new Date(Date.parse(start) - 30 * MINUTE_MS))
    for (const email of [GUEST, 'joaquin.sosa@correo.test']) {
      const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
      await signIn(page, email)
      expect((await page.request.post('/api/access-code', { data: { accessCode } })).status()).toBe(200)
      await context.close()
    }
    const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, HOST)
    await page.goto('/inicio/mis-clases-virtuales')
    await page.getByPlaceholder('CODIGO').fill(accessCode)
    await page.getByRole('button', { name: 'Unirse a la clase' }).click()
    await page.getByText('La clase ya alcanzó el número máximo de participantes').waitFor()
    expect(await page.getByPlaceholder('CODIGO').inputValue()).toBe(accessCode)
    await picture(page, 'grupo-completo-phone')
    await context.close()
    await host.page.goto('/inicio/mis-clases-virtuales')
    await host.page.getByText('3 de 3 personas.').waitFor()
    await host.context.close()
  })
})
