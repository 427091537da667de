import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { violationsOf, WCAG } from '../../../test/support/axe.ts'
import { chromiumPath } from '../../../test/support/chromium.ts'
import type { Picture } from './sample.ts'

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const PHONE = { width: 360, height: 740 }
const DESK = { width: 1280, height: 900 }
/** The width that a mail program gives a mail on a desk. */
const READING_PANE = { width: 640, height: 900 }
/** A phone of this width, and a desk window at a zoom of 200 %, show everything without scrolling sideways (WCAG 1.4.10, 1.4.4). */
const NARROW_WIDTHS = [320, 640]
const THEMES = ['light', 'dark'] as const

/** How a kind of picture is taken, and by which of axe's rules it is judged. */
interface Manner {
  viewports: readonly { width: number; height: number }[]
  rules: readonly string[]
}

export const AS_PAGE: Manner = { viewports: [PHONE, DESK], rules: [...WCAG, 'best-practice'] }
/** Landmarks and headings belong to the mail program around it. */
export const AS_MAIL: Manner = { viewports: [PHONE, READING_PANE], rules: WCAG }

/** Takes the pictures and answers what is wrong: accessibility rules, sideways scroll, script or policy errors. */
export async function photograph(samples: readonly Picture[], origin: string, folder: string, manner: Manner): Promise<string[]> {
  const browser = await chromium.launch({ executablePath: await chromiumPath(), args: FLAGS })
  try {
    const problems: string[] = []
    for (const viewport of manner.viewports) {
      for (const theme of THEMES) {
        const context = await browser.newContext({
          viewport,
          colorScheme: theme,
          reducedMotion: 'reduce',
          timezoneId: 'America/Argentina/Buenos_Aires',
          locale: 'es-AR',
          bypassCSP: false,
        })
        for (const sample of samples)
          problems.push(...(await visit(context, { sample, origin, folder, viewport, theme, rules: manner.rules })))
        await context.close()
      }
    }
    return problems
  } finally {
    await browser.close()
  }
}

interface Visit {
  sample: Picture
  origin: string
  folder: string
  viewport: Manner['viewports'][number]
  theme: (typeof THEMES)[number]
  rules: readonly string[]
}

async function visit(context: BrowserContext, { sample, origin, folder, viewport, theme, rules }: Visit): Promise<string[]> {
  const label = `${sample.name}-${viewport.width}-${theme}`
  const page = await context.newPage()
  try {
    if (sample.freeze) await page.route('**/main.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
    const errors = listen(page)
    await page.goto(`${origin}/${sample.name}.html`, { waitUntil: 'load' })
    await page.evaluate(() => document.fonts.ready)
    if (viewport.width < 500) await page.screenshot({ path: join(folder, `${label}-pantalla.png`) })
    // The whole page in one tall window, so that the bars that stick to the bottom cover nothing.
    const height = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width: viewport.width, height: Math.max(height, viewport.height) })
    await page.screenshot({ path: join(folder, `${label}.png`) })
    const found = [...errors, ...(await sidewaysScroll(page)), ...(await accessibility(page, rules))]
    if (viewport === PHONE && theme === 'light') found.push(...(await reflow(page)))
    return found.map((problem) => `${label}: ${problem}`)
  } finally {
    await page.close()
  }
}

/** The widths at which nothing is photographed. */
async function reflow(page: Page): Promise<string[]> {
  const found: string[] = []
  for (const width of NARROW_WIDTHS) {
    await page.setViewportSize({ width, height: PHONE.height })
    found.push(...(await sidewaysScroll(page)).map((problem) => `at ${width} px: ${problem}`))
  }
  return found
}

function listen(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(`script: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) errors.push(`console: ${message.text()}`)
  })
  return errors
}

async function sidewaysScroll(page: Page): Promise<string[]> {
  const excess = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  return excess > 0 ? [`scrolls ${excess} px sideways`] : []
}

async function accessibility(page: Page, rules: readonly string[]): Promise<string[]> {
  const violations = await violationsOf(page, rules)
  return violations.flatMap((violation) =>
    violation.nodes
      .slice(0, 3)
      .map((node) => `${violation.id}: ${node.target.join(' ')}: ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`),
  )
}
