import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect, vi } from 'vitest'
import { violationsOf, WCAG } from '../support/axe.ts'
import type { Visit } from '../support/browser.ts'
import type { Product } from './product.ts'

const PICTURES = fileURLToPath(new URL('../output/e2e', import.meta.url))

const SECOND_MS = 1_000
const EVENTUALLY_MS = 120_000

export const HOST = 'sofia.pereyra@correo.test'
export const GUEST = 'mateo.quiroga@correo.test'
export const TEACHER = 'profe@hablainglesya.test'

/** From wherever we are asked to sign in, through Google's account chooser and consent, back to our page. */
export async function signIn(page: Page, email: string): Promise<void> {
  await page.goto('/ingresar')
  await page.getByRole('button', { name: 'Ingresar con Google' }).click()
  await page.getByText(email).first().click()
  const allow = page.getByRole('button', { name: /continuar|permitir/i })
  const home = email === TEACHER ? '**/admin' : '**/inicio'
  await Promise.race([page.waitForURL(home), allow.waitFor()])
  if (await allow.isVisible().catch(() => false)) await allow.click()
  await page.waitForURL(home)
}

/** On Reservas: the first free slot that is shown. Returns its instant. */
export async function chooseFirstSlot(page: Page): Promise<string> {
  const first = page.locator('label.slot-free').filter({ visible: true }).first()
  const start = await first.locator('input[name="start"]').getAttribute('value')
  // By its instant from now on: the page follows the clock, and another one may become the first.
  await page.locator(`label:has(input[name="start"][value="${start}"])`).click()
  return start ?? ''
}

/** A page after a payment leads on by itself after five seconds: here it is looked at and left first, however long that takes. */
async function holdCountdown(page: Page): Promise<void> {
  await page.addInitScript((everyMs) => {
    const start = window.setInterval.bind(window)
    const slowly = (milliseconds: number) => (milliseconds === everyMs ? 3_600_000 : milliseconds)
    if (location.pathname.startsWith('/checkout/callback/'))
      Object.assign(window, { setInterval: (work: () => void, milliseconds = 0) => start(work, slowly(milliseconds)) })
  }, SECOND_MS)
}

/** At Mercado Pago, with the approved test card that the form proposes, and back. */
export async function payAtMercadoPago(page: Page): Promise<void> {
  await holdCountdown(page)
  await page.waitForURL('**/checkout/v1/**')
  await page.locator('form:has(input[name="holder"]) button').first().click()
  await page.locator('#volver').click()
  await page.waitForURL('**/checkout/callback/**')
}

export interface BookedClass {
  id: string
  accessCode: string
  start: string
}

/** A group class of whoever is signed in on that page, at the n-th free slot, paid and confirmed: without the pages, which other journeys walk. */
export async function bookedClass(product: Product, page: Page, { people, slot }: { people: number; slot: number }): Promise<BookedClass> {
  const { slots } = (await (await page.request.get('/api/availability')).json()) as {
    slots: { start: string; end: string; state: string }[]
  }
  const wanted = slots.filter(({ state }) => state === 'free')[slot]
  const booked = await page.request.post('/api/checkout', {
    data: { start: wanted?.start, end: wanted?.end, isGroupClass: true, studentsCount: people },
  })
  const { preferenceId } = (await booked.json()) as { preferenceId: string }
  await product.control('/mercado-pago/pay', { preferenceId })
  const mine = async () => {
    const { response } = (await (await page.request.get('/api/my-classes')).json()) as { response: (BookedClass & { startTime: string })[] }
    return response.find(({ startTime }) => Date.parse(startTime) === Date.parse(wanted?.start ?? ''))
  }
  const found = await eventually(mine)
  return { id: found.id, accessCode: found.accessCode, start: wanted?.start ?? '' }
}

/** What `look` answers once there is something; also before the first test. */
export async function eventually<T>(look: () => Promise<T | undefined>): Promise<T> {
  return vi.waitFor(
    async () => {
      const found = await look()
      if (found === undefined) throw new Error('Nothing yet')
      return found
    },
    { timeout: EVENTUALLY_MS, interval: 250 },
  )
}

/** No violation of WCAG A and AA that axe can see, and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await wholePage(page, () => judge(page))
}

/** The same, with a picture of it. */
export async function inspect(page: Page, name: string): Promise<void> {
  await wholePage(page, async () => {
    await page.screenshot({ path: `${PICTURES}/${name}.png`, scale: 'css' })
    await judge(page)
  })
}

async function judge(page: Page): Promise<void> {
  const violations = await violationsOf(page, WCAG)
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(overflow, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0)
}

export async function picture(page: Page, name: string): Promise<void> {
  await wholePage(page, () => page.screenshot({ path: `${PICTURES}/${name}.png` }))
}

/** With a window as high as the page: a bar fixed to the bottom of a small one covers whatever happens to scroll behind it. */
async function wholePage<T>(page: Page, work: () => Promise<T>): Promise<T> {
  const size = page.viewportSize()
  if (!size) return work()
  const height = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width: size.width, height: Math.max(size.height, Math.min(height, 6_000)) })
  try {
    return await work()
  } finally {
    await page.setViewportSize(size)
  }
}

/** Mis Clases, once it shows a class that was just paid. */
export async function untilReserved(page: Page): Promise<void> {
  await eventually(async () => {
    await page.goto('/inicio/mis-clases-virtuales')
    return (await page.getByText('Reservada').first().isVisible()) || undefined
  })
}

export async function moveClockTo(product: Product, instant: string | Date): Promise<void> {
  await product.control('/clock', { set: new Date(instant).toISOString() })
}

/** Nothing went wrong on pages of ours; the sandbox's own pages do not count. */
export function expectNoProblems(product: Product, ...visits: Visit[]): void {
  for (const visit of visits)
    expect(visit.problems.filter((problem) => problem.includes(product.baseUrl) || problem.startsWith('exception'))).toEqual([])
}
