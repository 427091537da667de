import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import { chooseFirstSlot, expectAccessible, expectNoProblems, HOST, payAtMercadoPago, picture, signIn, TEACHER } from './steps.ts'

const PUBLIC = ['/', '/ingresar', '/ingresar?error=denied', '/api/docs', '/no-existe']
const STUDENT = [
  '/inicio',
  '/inicio/reservas',
  '/inicio/calendario',
  '/inicio/pre-compra',
  '/inicio/mis-clases-virtuales',
  '/inicio/historial',
  '/checkout/callback/failure?preference_id=null&status=null',
  '/checkout/callback/pending',
  '/admin',
]
const ADMIN = ['/admin', '/admin?status=all', '/admin/horarios', '/admin/google']
const LOOKS = [
  { device: 'phone', theme: 'light' },
  { device: 'phone', theme: 'dark' },
  { device: 'desktop', theme: 'light' },
  { device: 'desktop', theme: 'dark' },
] as const

describe('every page, on a phone and a desktop, light and dark', () => {
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
    // Something to see: one confirmed class and one hold.
    const visit = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(visit.page, HOST)
    for (const pay of [true, false]) {
      await visit.page.goto('/inicio/reservas')
      await chooseFirstSlot(visit.page)
      await visit.page.getByRole('button', { name: 'Agendar clase' }).first().click()
      await visit.page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
      await visit.page.waitForURL('**/checkout/v1/**')
      if (pay) await payAtMercadoPago(visit.page)
    }
    await visit.context.close()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it.each(LOOKS)('is accessible and fits: $device $theme', async ({ device, theme }) => {
    for (const { email, paths } of [
      { email: null, paths: PUBLIC },
      { email: HOST, paths: STUDENT },
      { email: TEACHER, paths: ADMIN },
    ]) {
      const visit = await openVisit(browser, { device, theme, baseUrl: product.baseUrl })
      if (email) await signIn(visit.page, email)
      for (const path of paths) {
        const answer = await visit.page.goto(path)
        expect(answer?.status(), path).toBeLessThan(500)
        expect(await visit.page.locator('h1').count(), path).toBe(1)
        await picture(visit.page, `${email ? email.split('@')[0] : 'anonimo'}${path.replace(/[^a-z]+/gi, '-')}-${device}-${theme}`)
        await expectAccessible(visit.page)
      }
      // A page that answers 403 or 404 on purpose is reported by the browser as a failed load.
      visit.problems.splice(0, visit.problems.length, ...visit.problems.filter((problem) => !/status of 40[34]/.test(problem)))
      expectNoProblems(product, visit)
      await visit.context.close()
    }
  })

  it('shows the visitor of another zone both clocks, and books the Argentine hour', async () => {
    const visit = await openVisit(browser, { device: 'desktop', timeZone: 'Europe/Madrid', baseUrl: product.baseUrl })
    await signIn(visit.page, HOST)
    await visit.page.goto('/inicio/reservas')
    const start = await chooseFirstSlot(visit.page)
    const argentina = new Intl.DateTimeFormat('es-AR', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'America/Argentina/Buenos_Aires',
    }).format(new Date(start))
    const madrid = new Intl.DateTimeFormat('es-AR', {
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: 'Europe/Madrid',
    }).format(new Date(start))
    const details = visit.page.locator('#detalles, .booking').filter({ hasText: 'Detalles de la reserva' }).first()
    await details.getByText(argentina).filter({ visible: true }).first().waitFor()
    await details
      .getByText(new RegExp(`Tu hora: .*${madrid}`))
      .first()
      .waitFor()
    await visit.context.close()
  })

  it('books with the keyboard alone', async () => {
    const visit = await openVisit(browser, { device: 'desktop', baseUrl: product.baseUrl })
    const { page } = visit
    await signIn(page, 'joaquin.sosa@correo.test')
    await page.goto('/inicio/reservas')
    await tabTo(page, (element) => element === 'start')
    await page.keyboard.press('Space')
    const first = await page.evaluate(() => (document.activeElement as HTMLInputElement).value)
    await page.keyboard.press('ArrowDown')
    const second = await page.evaluate(() => (document.activeElement as HTMLInputElement).value)
    expect(second).not.toBe(first)
    await tabTo(page, (element) => element === 'submit')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/inicio/pre-compra**')
    expect(new URL(page.url()).searchParams.get('start')).toBe(second)
    await tabTo(page, (element) => element === 'submit')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/checkout/v1/**')
    await visit.context.close()
  })

  it('answers in the product layout when a page is forbidden or unknown', async () => {
    const visit = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(visit.page, HOST)
    expect((await visit.page.goto('/admin'))?.status()).toBe(403)
    await visit.page.getByText('No tienes los permisos necesarios para acceder a esta ruta').first().waitFor()
    expect((await visit.page.goto('/no-existe'))?.status()).toBe(404)
    await visit.context.close()
  })
})

/** Presses Tab until the focused control's name (or type) is the wanted one. */
async function tabTo(page: import('playwright-core').Page, isWanted: (element: string) => boolean): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const element = document.activeElement
      if (element instanceof HTMLInputElement) return element.name
      // The date to jump to has a button, too.
      const isForward = element instanceof HTMLButtonElement && element.form?.matches('[data-booking], [data-online]')
      return isForward && element.type === 'submit' ? 'submit' : ''
    })
    if (isWanted(focused)) return
  }
  throw new Error('The control was not reached with Tab')
}
