import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import { chooseFirstSlot, expectAccessible, HOST, moveClockTo, payAtMercadoPago, picture, signIn } from './steps.ts'

const DAY_MS = 86_400_000

/** From Reservas to Mercado Pago. Returns the slot's instant. */
async function goAndPay(page: Page): Promise<string> {
  await page.goto('/inicio/reservas')
  const start = await chooseFirstSlot(page)
  await page.getByRole('button', { name: 'Agendar clase' }).first().click()
  await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
  await page.waitForURL('**/checkout/v1/**')
  return start
}

/** The academy is closed on Sundays. */
function weekdayAround(instant: Date): Date {
  return instant.getUTCDay() === 0 ? new Date(instant.getTime() + DAY_MS) : instant
}

/** Midnight of the next Sunday on which Europe sets its clocks forward: the last one of March. */
function nextChangeInMarch(now: Date): Date {
  for (let year = now.getUTCFullYear(); ; year++) {
    const last = new Date(Date.UTC(year, 2, 31))
    const sunday = new Date(last.getTime() - last.getUTCDay() * DAY_MS)
    if (sunday.getTime() - now.getTime() > 4 * DAY_MS) return sunday
  }
}

describe('booking, when it does not go straight', () => {
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it('a payment is rejected, and paid at the second try', async () => {
    const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, HOST)
    await goAndPay(page)
    await page.locator('[name="holder"]').first().fill('FUND')
    await payAtMercadoPago(page)
    await page.getByText('El pago falló').first().waitFor()
    await page.getByText('Tu medio de pago no tiene saldo o límite suficiente.').waitFor()
    await picture(page, 'pago-rechazado-phone')
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Reintentar el pago' }).click()
    await page.getByText('Tu horario está guardado.').waitFor()
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await payAtMercadoPago(page)
    await page.getByText('¡Tu pago fue exitoso!').waitFor()
    // Who stays is not led away.
    await page.getByRole('button', { name: 'Quedarme en esta página' }).click()
    expect(await page.getByText(/Serás redirigido/).isVisible()).toBe(false)
    await context.close()
  })

  it('a hold runs out while the page is open: it says so, and the slot can be held again', async () => {
    const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, HOST)
    const start = await goAndPay(page)
    await page.goto(`/inicio/pre-compra?${new URLSearchParams({ start })}`)
    await page.getByText('Tu horario está guardado.').waitFor()
    await moveClockTo(product, new Date((await product.now()).getTime() + 21 * 60_000))
    await page.getByText('Se terminó el tiempo para pagar: el horario ya no está guardado.').waitFor()
    await picture(page, 'pre-compra-vencida-phone')
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await page.waitForURL('**/checkout/v1/**')
    await context.close()
  })

  it('jumps to a date, keeps what was chosen on the way, and finds it after a reload', async () => {
    const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(page, HOST)
    await page.goto('/inicio/reservas')
    await page.locator('label:has(input[name="type"][value="grupal"])').click()
    await page.locator('label:has(input[name="n"][value="4"])').click()
    await page.locator('textarea[name="text"]').fill('Verbos & más')
    const day = weekdayAround(new Date((await product.now()).getTime() + 30 * DAY_MS))
      .toISOString()
      .slice(0, 10)
    await page.getByLabel('Ir a una fecha').fill(day)
    await page.getByRole('button', { name: 'Ir', exact: true }).click()
    await page.waitForURL(`**dia=${day}**`)
    const start = await chooseFirstSlot(page)
    // The address takes the choice in a turn of its own, after the tap has been answered.
    await page.waitForURL((url) => url.searchParams.get('start') === start)
    await page.reload()
    expect(await page.locator('input[name="start"]:checked').getAttribute('value')).toBe(start)
    expect(await page.locator('textarea[name="text"]').inputValue()).toBe('Verbos & más')
    expect(await page.locator('input[name="n"]:checked').getAttribute('value')).toBe('4')
    await page.getByRole('link', { name: 'Ver el mes' }).click()
    await page.getByRole('heading', { name: 'Calendario' }).waitFor()
    await picture(page, 'calendario-phone')
    await expectAccessible(page)
    await context.close()
  })

  it('a visitor from Madrid reads the own clock right on both sides of its change', async () => {
    const sunday = nextChangeInMarch(await product.now())
    const at = (days: number, hour: number) => new Date(sunday.getTime() + days * DAY_MS + hour * 3_600_000).toISOString()
    await moveClockTo(product, at(-3, 12))
    const { page, context } = await openVisit(browser, { device: 'desktop', timeZone: 'Europe/Madrid', baseUrl: product.baseUrl })
    await signIn(page, HOST)
    await page.goto('/inicio/reservas')
    const local = (start: string) => page.locator(`label:has(input[value="${start}"]) .slot-local`).textContent()
    // Saturday before it, 18:00 in Argentina, and Monday after it.
    expect(await local(at(-1, 21))).toBe('Tu hora: 22:00')
    expect(await local(at(1, 21))).toBe('Tu hora: 23:00')
    expect(await local(at(1, 22))).toMatch(/^Tu hora: 00:00 \(\d\d\/\d\d\)$/)
    await page.locator(`label:has(input[value="${at(1, 21)}"])`).click()
    await page.locator('.chosen').getByText('18:00 a 19:00 hs').waitFor()
    await page.locator('.chosen').getByText('Tu hora: 23:00').waitFor()
    await picture(page, 'reservas-madrid-desktop')
    await context.close()
  })
})
