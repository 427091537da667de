import type { BrowserContext, CDPSession, Page } from 'playwright-core'

/** What one visit to a page cost and how it felt (web.dev/vitals). */
export interface Vitals {
  /** Largest contentful paint, in milliseconds from the navigation. */
  lcpMs: number
  /** The slowest interaction, in milliseconds until the next paint; null when nobody touched anything. */
  inpMs: number | null
  /** Cumulative layout shift, without unit. */
  cls: number
  requests: number
  /** Bytes of our own answers as they came over the wire, headers included. */
  transferredBytes: number
  scriptBytes: number
}

/** A cheap phone on a weak link. */
export const SLOW = { latencyMs: 400, downBytesPerSecond: 1_600_000 / 8, upBytesPerSecond: 750_000 / 8, cpuSlowdown: 4 } as const

const ENTRIES_WAIT_MS = 200

/** Runs in the page before anything else: keeps what the browser observes. */
function observe(): void {
  const seen = { lcp: 0, cls: 0, inp: null as number | null }
  Object.assign(globalThis, { __vitals: seen })
  const watch = (type: string, take: (entry: PerformanceEntry) => void, more: Record<string, unknown> = {}) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true, ...more })
  watch('largest-contentful-paint', (entry) => {
    seen.lcp = entry.startTime
  })
  watch('layout-shift', (entry) => {
    const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean }
    if (!shift.hadRecentInput) seen.cls += shift.value
  })
  watch(
    'event',
    (entry) => {
      const event = entry as PerformanceEventTiming & { interactionId?: number }
      if (event.interactionId) seen.inp = Math.max(seen.inp ?? 0, event.duration)
    },
    { durationThreshold: 16 },
  )
}

/** A page of `context` that is watched; `slow` makes it the phone of `SLOW`. */
export async function openWatched(context: BrowserContext, slow: boolean): Promise<{ page: Page; cdp: CDPSession }> {
  await context.addInitScript(observe)
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  if (slow) await slowDown(cdp, true)
  return { page, cdp }
}

/** Slows link and processor down, or lets them go. */
export async function slowDown(cdp: CDPSession, slow: boolean): Promise<void> {
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: slow ? SLOW.latencyMs : 0,
    downloadThroughput: slow ? SLOW.downBytesPerSecond : -1,
    uploadThroughput: slow ? SLOW.upBytesPerSecond : -1,
  })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: slow ? SLOW.cpuSlowdown : 1 })
}

/**
 * Opens `path`, lets `interact` touch it, and tells what was observed. `origin`: whose bytes count. The browser's cache stays as it is, so
 * that a second page may profit from the first.
 */
export async function measure(
  { page, cdp }: { page: Page; cdp: CDPSession },
  origin: string,
  path: string,
  interact?: (page: Page) => Promise<void>,
): Promise<Vitals> {
  const traffic = countTraffic(cdp, origin)
  try {
    await page.goto(`${origin}${path}`, { waitUntil: 'load' })
    await page.evaluate(() => document.fonts.ready)
    await settled(page)
    // Taken before anything is touched: the first touch ends the search for the largest paint, and what it moves is no surprise.
    const before = await observed(page)
    await interact?.(page)
    await settled(page)
    const after = await observed(page)
    return { lcpMs: before.lcp, cls: after.cls, inpMs: after.inp, ...traffic.total() }
  } finally {
    traffic.stop()
  }
}

interface Observed {
  lcp: number
  cls: number
  inp: number | null
}

function observed(page: Page): Promise<Observed> {
  return page.evaluate(() => (globalThis as unknown as { __vitals: Observed }).__vitals)
}

/** Two frames and a moment: observers are told after the paint. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(
    (waitMs) =>
      new Promise<void>((done) => {
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, waitMs)))
      }),
    ENTRIES_WAIT_MS,
  )
}

function countTraffic(cdp: CDPSession, origin: string) {
  const urls = new Map<string, string>()
  const totals = { requests: 0, transferredBytes: 0, scriptBytes: 0 }
  const sent = ({ requestId, request }: { requestId: string; request: { url: string } }) => urls.set(requestId, request.url)
  const finished = ({ requestId, encodedDataLength }: { requestId: string; encodedDataLength: number }) => {
    const url = urls.get(requestId)
    if (!url?.startsWith(origin)) return
    if (encodedDataLength > 0) totals.requests++
    totals.transferredBytes += encodedDataLength
    if (new URL(url).pathname.endsWith('.js')) totals.scriptBytes += encodedDataLength
  }
  cdp.on('Network.requestWillBeSent', sent)
  cdp.on('Network.loadingFinished', finished)
  return {
    total: () => ({ ...totals }),
    stop() {
      cdp.off('Network.requestWillBeSent', sent)
      cdp.off('Network.loadingFinished', finished)
    },
  }
}
