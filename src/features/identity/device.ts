const USER_AGENT_CHARACTERS_MAX = 200

/** What is kept of a browser's own description: enough to recognise it, and nothing that a database refuses. */
export function storedUserAgent(userAgent: string): string {
  return [...userAgent.replace(/\p{Cc}/gu, ' ').toWellFormed()].slice(0, USER_AGENT_CHARACTERS_MAX).join('')
}

/** Rough words for a device; null where its description says nothing known. */
export interface Device {
  browser: string | null
  system: string | null
}

/** The first that fits: browsers name the ones they descend from, too. */
const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|CriOS|Chromium|HeadlessChrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac(intosh| OS X)\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
]

/** "Chrome" and "Android" from a browser's description of itself. */
export function deviceOf(userAgent: string): Device {
  const first = (list: readonly [RegExp, string][]) => list.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null
  return { browser: first(BROWSERS), system: first(SYSTEMS) }
}
