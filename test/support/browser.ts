import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { chromiumPath } from './chromium.ts'

/** No measures of speed: on a machine that is busy with other things a page may take twenty times as long. */
const LAUNCH_LIMIT_MS = 120_000
const ACTION_LIMIT_MS = 60_000
const NAVIGATION_LIMIT_MS = 60_000

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Whatever a page asks for must come from this machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
]

const DEVICES = {
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1, hasTouch: false, isMobile: false },
} as const

export interface VisitOptions {
  device?: keyof typeof DEVICES
  theme?: 'light' | 'dark'
  /** Default true. Every page also works without. */
  javaScript?: boolean
  /** Default America/Argentina/Buenos_Aires. */
  timeZone?: string
  /** What relative addresses start with. */
  baseUrl?: string
  /** Default true: pages may have a service worker. It answers from a memory of its own, which hides what a first visit costs. */
  serviceWorker?: boolean
  /** Of a visit before this one: whoever was signed in there is here. */
  storageState?: BrowserContextOptions['storageState']
}

/** One person with one browser profile: cookies are not shared with other visits. */
export interface Visit {
  context: BrowserContext
  page: Page
  /**
   * Console errors and uncaught exceptions of all pages of this visit, in order. A test ends with `expect(visit.problems).toEqual([])`;
   * one that provokes a problem on purpose takes it out with `visit.problems.splice(0)`.
   */
  problems: string[]
}

/** Starts Chromium. The caller closes it. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await chromiumPath()
  const flags = process.getuid?.() === 0 ? [...FLAGS, '--no-sandbox'] : FLAGS
  return chromium.launch({ executablePath, args: flags, timeout: LAUNCH_LIMIT_MS })
}

/** Opens an empty page as a new person: by default on a phone in Argentina, light theme. The caller closes `context`. */
export async function openVisit(browser: Browser, options: VisitOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    ...DEVICES[options.device ?? 'phone'],
    colorScheme: options.theme ?? 'light',
    javaScriptEnabled: options.javaScript ?? true,
    locale: 'es-AR',
    timezoneId: options.timeZone ?? 'America/Argentina/Buenos_Aires',
    reducedMotion: 'reduce',
    serviceWorkers: options.serviceWorker === false ? 'block' : 'allow',
    ...(options.storageState === undefined ? {} : { storageState: options.storageState }),
    ...(options.baseUrl === undefined ? {} : { baseURL: options.baseUrl }),
  })
  context.setDefaultTimeout(ACTION_LIMIT_MS)
  context.setDefaultNavigationTimeout(NAVIGATION_LIMIT_MS)
  const problems: string[] = []
  context.on('console', (message) => {
    if (message.type() === 'error') problems.push(`console: ${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (webError) => {
    problems.push(`exception: ${webError.error().stack ?? webError.error().message}`)
  })
  return { context, page: await context.newPage(), problems }
}
