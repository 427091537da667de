import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import {
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

describe('the main job in a real browser', () => {
  let product: Product
  let browser: Browser
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  it('goes from the landing page to the class: book, pay, code, guest', async () => {
    const host = await openVisit(browser, { device: 'phone', baseUrl: product.baseUrl })
    const { page } = host
    await page.goto('/')
    await expectAccessible(page)
    await picture(page, 'landing-phone')
    await signIn(page, HOST)
    await page.goto('/inicio/reservas')
    await picture(page, 'reservas-phone')
    await expectAccessible(page)
    const start = await chooseFirstSlot(page)
    await page.locator('label:has(input[name="type"][value="grupal"])').click()
    await page.locator('label:has(input[name="n"][value="3"])').click()
    await page.locator('[name="text"]').fill('Entrevista de trabajo: contar mi experiencia')
    await picture(page, 'reservas-elegido-phone')
    await page.getByRole('button', { name: 'Agendar clase' }).first().click()

    await page.waitForURL('**/inicio/pre-compra**')
    await page.getByText('$36.000').first().waitFor()
    await expectAccessible(page)
    await picture(page, 'pre-compra-phone')
    await page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await payAtMercadoPago(page)
    await page.getByText('¡Tu pago fue exitoso!').waitFor()
    await picture(page, 'pago-exitoso-phone')
    await expectAccessible(page)

    await untilReserved(page)
    const answer = (await (await page.request.get('/api/my-classes')).json()) as { response: { accessCode: string; joinable: boolean }[] }
    const code = answer.response[0]?.accessCode ?? ''
    expect(code).toMatch(/^[A-Z0-9]{8}$/)
    expect(answer.response[0]?.joinable).toBe(false)
    await picture(page, 'mis-clases-phone')
    await expectAccessible(page)
    await expect(page.getByRole('link', { name: /^Unirse/ }).count()).resolves.toBe(0)

    // Half an hour before the class.
    await moveClockTo(product, new Date(Date.parse(start) - 30 * 60_000))
    await page.reload()
    await page
      .getByRole('link', { name: /^Unirse/ })
      .first()
      .waitFor()
    await picture(page, 'mis-clases-abierta-phone')
    await expectAccessible(page)

    const guest = await openVisit(browser, { device: 'desktop', theme: 'dark', baseUrl: product.baseUrl })
    await signIn(guest.page, GUEST)
    await guest.page.goto('/inicio/mis-clases-virtuales')
    await guest.page.getByPlaceholder('CODIGO').fill(code.toLowerCase())
    const [classroom] = await Promise.all([
      guest.context.waitForEvent('page'),
      guest.page.getByRole('button', { name: 'Unirse a la clase' }).click(),
    ])
    await classroom.waitForURL('**/meet/**')
    await guest.page.reload()
    await guest.page.getByText('Participante').first().waitFor()
    expect(await guest.page.content()).not.toContain(code)
    await picture(guest.page, 'mis-clases-invitado-desktop-dark')
    await expectAccessible(guest.page)

    // The head-count follows without a reload.
    await page
      .getByText(/2 de 3|2\/3/)
      .first()
      .waitFor()
    expectNoProblems(product, host, guest)
    await host.context.close()
    await guest.context.close()
  })

  it('works with JavaScript off, from choosing to joining', async () => {
    const host = await openVisit(browser, { device: 'phone', javaScript: false, baseUrl: product.baseUrl })
    await signIn(host.page, 'valentina.ledesma@correo.test')
    await host.page.goto('/inicio/reservas')
    const start = await chooseFirstSlot(host.page)
    await host.page.getByRole('button', { name: 'Agendar clase' }).first().click()
    await host.page.getByRole('button', { name: 'Pagar con Mercado Pago' }).click()
    await payAtMercadoPago(host.page)
    await host.page.getByText('¡Tu pago fue exitoso!').waitFor()
    await untilReserved(host.page)
    await host.page.getByPlaceholder('CODIGO').fill('ZZZZ9999')
    await host.page.getByRole('button', { name: 'Unirse a la clase' }).click()
    await host.page.getByText('No se encontro ninguna clase asociada a este codigo: ZZZZ9999').waitFor()
    await moveClockTo(product, new Date(Date.parse(start) - 10 * 60_000))
    await host.page.goto('/inicio/mis-clases-virtuales')
    const link = await host.page
      .getByRole('link', { name: /^Unirse/ })
      .first()
      .getAttribute('href')
    await host.page.goto(link ?? '')
    expect(host.page.url()).toContain('/meet/')
    await host.context.close()
  })

  it('loses nothing in a power cut and starts again from its data', async () => {
    const visit = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(visit.page, HOST)
    await visit.page.goto('/inicio/historial')
    const before = await visit.page.getByRole('row').count()
    await product.stop('SIGKILL')
    product = await product.restart()
    await visit.page.goto('/inicio/historial')
    expect(await visit.page.getByRole('row').count()).toBe(before)
    await visit.context.close()
  })
})
