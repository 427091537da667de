import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser, openVisit } from '../support/browser.ts'
import { type Product, startProduct } from './product.ts'
import { bookedClass, chooseFirstSlot, eventually, expectNoProblems, HOST, inspect, moveClockTo, signIn, TEACHER } from './steps.ts'

type StorageState = Awaited<ReturnType<BrowserContext['storageState']>>

const MINUTE_MS = 60_000

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
/** Made of the same parts as the pages above, with the same tokens: seen in two looks; `npm run gallery` shows all states of all pages in four. */
const MORE_PUBLIC = ['/guia', '/tos', '/privacidad', '/sin-conexion']
const MORE_STUDENT = [
  '/inicio/configuracion',
  '/inicio/facturacion',
  '/inicio/facturacion/2',
  '/inicio/cda',
  '/inicio/tickets',
  '/inicio/mis-actividades',
  '/inicio/repaso',
  '/inicio/progreso',
]
const MORE_ADMIN = ['/admin/pagos', '/admin/bloqueos', '/admin/cierres', '/admin/profesores', '/profe']
/** Addresses that are refused on purpose. */
const MAY_BE_MISSING = new Set(['/no-existe', '/admin'])
const LOOKS = [
  { device: 'phone', theme: 'light', all: true },
  { device: 'phone', theme: 'dark', all: false },
  { device: 'desktop', theme: 'light', all: false },
  { device: 'desktop', theme: 'dark', all: true },
] as const

describe('every page, on a phone and a desktop, light and dark', () => {
  let product: Product
  let browser: Browser
  let host: StorageState
  let teacher: StorageState
  /** Pages of this student's own class, activity and ticket. */
  let own: string[]
  /** What is made of the class that is over, for whoever decides about it. */
  let exercises: string
  beforeAll(async () => {
    ;[product, browser] = await Promise.all([startProduct(), launchBrowser()])
    const visit = await openVisit(browser, { baseUrl: product.baseUrl })
    const { page, context } = visit
    await signIn(page, HOST)
    host = await context.storageState()
    // Something to see: a class that is over, with its activity handed in; one that is coming; a hold; a ticket.
    const past = await bookedClass(product, page, { people: 2, slot: 0 })
    await moveClockTo(product, new Date(Date.parse(past.start) + 61 * MINUTE_MS))
    exercises = `/admin/actividad/${past.id}`
    const activities = async () => ((await (await page.request.get('/api/activities')).json()) as { response: { id: string }[] }).response
    const activity = `/actividad/${(await eventually(async () => (await activities())[0])).id}`
    await page.request.post(`/api${activity.replace('actividad', 'activities')}/submit`, { data: { answers: {} } })
    // Days ahead, so that it can still be moved, at whatever hour this runs.
    const { id } = await bookedClass(product, page, { people: 3, slot: 20 })
    const { slots } = (await (await page.request.get('/api/availability')).json()) as {
      slots: { start: string; end: string; state: string }[]
    }
    const free = slots.find(({ state }) => state === 'free')
    await page.request.post('/api/checkout', { data: { start: free?.start, end: free?.end, isGroupClass: false } })
    await page.request.post('/api/tickets', { data: { description: 'No encuentro el enlace de la clase', classId: id } })
    const { response: tickets } = (await (await page.request.get('/api/tickets')).json()) as { response: { id: string }[] }
    own = [
      `/inicio/clases/${id}`,
      `/inicio/clases/${id}/pase`,
      `/inicio/mis-clases-virtuales/${id}/reprogramar`,
      `/inicio/cda?clase=${id}`,
      `/inicio/tickets?ticketId=${tickets[0]?.id}`,
      activity,
      `${activity}/resultado`,
    ]
    await context.close()
    const admin = await openVisit(browser, { baseUrl: product.baseUrl })
    await signIn(admin.page, TEACHER)
    teacher = await admin.context.storageState()
    await admin.context.close()
  })
  afterAll(async () => {
    await browser?.close()
    await product?.dispose()
  })

  /** Built when it is asked for: who they are, and which pages are their own, is known by then. */
  const visitors = {
    anybody: (all: boolean) => ({ storageState: undefined, paths: all ? [...PUBLIC, ...MORE_PUBLIC] : PUBLIC }),
    student: (all: boolean) => ({ storageState: host, paths: all ? [...STUDENT, ...MORE_STUDENT, ...own] : STUDENT }),
    teacher: (all: boolean) => ({ storageState: teacher, paths: all ? [...ADMIN, ...MORE_ADMIN, exercises] : ADMIN }),
  }
  const looks = LOOKS.flatMap((look) => (['anybody', 'student', 'teacher'] as const).map((who) => ({ ...look, who })))

  it.each(looks)('is accessible and fits: $device $theme, $who', async ({ device, theme, all, who }) => {
    const { storageState, paths } = visitors[who](all)
    const visit = await openVisit(browser, { device, theme, baseUrl: product.baseUrl, storageState })
    for (const path of paths) {
      const answer = await visit.page.goto(path)
      expect(answer?.status(), path).toBeLessThan(MAY_BE_MISSING.has(path) ? 500 : 400)
      expect(await visit.page.locator('h1').count(), path).toBe(1)
      await inspect(visit.page, `${who}${path.replace(/[\da-f]{8}-[\da-f-]{27}/g, 'uno').replace(/[^a-z]+/gi, '-')}-${device}-${theme}`)
    }
    // A page that answers 403 or 404 on purpose is reported by the browser as a failed load.
    visit.problems.splice(0, visit.problems.length, ...visit.problems.filter((problem) => !/status of 40[34]/.test(problem)))
    expectNoProblems(product, visit)
    await visit.context.close()
  })

  it('shows the visitor of another zone both clocks, and books the Argentine hour', async () => {
    const visit = await openVisit(browser, { device: 'desktop', timeZone: 'Europe/Madrid', baseUrl: product.baseUrl, storageState: host })
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
    const visit = await openVisit(browser, { baseUrl: product.baseUrl, storageState: host })
    expect((await visit.page.goto('/admin'))?.status()).toBe(403)
    await visit.page.getByText('No tienes los permisos necesarios para acceder a esta ruta').first().waitFor()
    expect((await visit.page.goto('/no-existe'))?.status()).toBe(404)
    await visit.context.close()
  })
})

/** Presses Tab until the focused control's name (or type) is the wanted one. */
async function tabTo(page: Page, isWanted: (element: string) => boolean): Promise<void> {
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
