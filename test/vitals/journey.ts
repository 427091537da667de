import type { Browser, Page } from 'playwright-core'
import type { Product } from '../e2e/product.ts'
import { chooseFirstSlot, HOST, payAtMercadoPago, signIn } from '../e2e/steps.ts'
import { openVisit, type VisitOptions } from '../support/browser.ts'
import { measure, openWatched, slowDown, type Vitals } from './measure.ts'

/** A page that students open on the bus, and what they do there first. */
interface Stop {
  name: string
  path: string
  signedIn: boolean
  interact?: (page: Page) => Promise<void>
}

export const STOPS: readonly Stop[] = [
  { name: 'landing', path: '/', signedIn: false, interact: openFirst('summary') },
  { name: 'inicio', path: '/inicio', signedIn: true, interact: openMenu },
  { name: 'reservas', path: '/inicio/reservas', signedIn: true, interact: chooseAndType },
  { name: 'mis clases', path: '/inicio/mis-clases-virtuales', signedIn: true, interact: typeCode },
  { name: 'historial', path: '/inicio/historial', signedIn: true, interact: openMenu },
]

/** One paid class and one unpaid hold, so that the pages have something to show. */
export async function prepareStudent(product: Product, browser: Browser): Promise<void> {
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
}

async function signedInState(product: Product, browser: Browser): Promise<NonNullable<VisitOptions['storageState']>> {
  const { page, context } = await openVisit(browser, { baseUrl: product.baseUrl })
  await signIn(page, HOST)
  const state = await context.storageState()
  await context.close()
  return state
}

/** Each page on a first visit: nothing of ours in the browser's cache, on a slow phone where `slow`. */
export async function visitAll(product: Product, browser: Browser, slow: boolean): Promise<Map<string, Vitals>> {
  const results = new Map<string, Vitals>()
  const signedIn = await signedInState(product, browser)
  for (const stop of STOPS) {
    // A browser that knows nothing but a login: whoever signed in a moment ago would have files of ours in memory.
    const known = stop.signedIn ? { storageState: signedIn } : {}
    const visit = await openVisit(browser, { baseUrl: product.baseUrl, serviceWorker: false, ...known })
    const watched = await openWatched(visit.context, false)
    if (slow) await slowDown(watched.cdp, true)
    results.set(stop.name, await measure(watched, product.baseUrl, stop.path, stop.interact))
    await visit.context.close()
  }
  return results
}

/** Bytes of the landing page and, after signing in, of Mis Clases, in one browser that had never been here. */
export async function firstVisitBytes(product: Product, browser: Browser): Promise<number> {
  const visit = await openVisit(browser, { baseUrl: product.baseUrl })
  const watched = await openWatched(visit.context, false)
  const landing = await measure(watched, product.baseUrl, '/')
  await signIn(visit.page, HOST)
  const classes = await measure(watched, product.baseUrl, '/inicio/mis-clases-virtuales')
  await visit.context.close()
  return landing.transferredBytes + classes.transferredBytes
}

function openFirst(selector: string) {
  return async (page: Page) => {
    const target = page.locator(`main ${selector}`).first()
    if (await target.count()) await target.tap()
  }
}

async function openMenu(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Más' }).tap()
}

async function chooseAndType(page: Page): Promise<void> {
  await page.locator('label.slot-free').filter({ visible: true }).first().tap()
  await page.locator('textarea, input[name="text"]').filter({ visible: true }).first().pressSequentially('Viajes')
}

async function typeCode(page: Page): Promise<void> {
  await page.locator('input[name="code"]').pressSequentially('ABCD')
}
