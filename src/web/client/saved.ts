import { isOnline } from './online.ts'
import { changePasses, PASS_PREFIX } from './passes.ts'

const AHEAD_AFTER_MS = 1_500
/** A kept pass says since when; nobody should read an older day than need be. */
const FRESH_MS = 86_400_000

/**
 * Every page: takes away the passes of anybody else than the one who is signed in (nobody, on a page that is rendered for nobody), starts the
 * service worker for people who are signed in, lists the saved passes where a page asks for them, and reloads a page that came from memory as
 * soon as there is a connection.
 */
export function mountSaved(): void {
  const list = document.querySelector<HTMLElement>('[data-saved-passes]')
  const { who } = document.body.dataset
  // The browser only knows of a network, not whether it leads here: a page that is being left for another must not be called back for nothing.
  addEventListener('online', async () => {
    if ((list || document.documentElement.dataset['saved'] !== undefined) && (await isOnline())) location.reload()
  })
  // Without a secure connection there is neither.
  if (!('caches' in window) || !('serviceWorker' in navigator)) return
  if (who !== undefined) void forgetOthers(who)
  if (list) void listPasses(list)
  if (who) void navigator.serviceWorker.register('/sw.js').catch(() => {})
}

function forgetOthers(who: string): Promise<void> {
  return changePasses(async () => {
    for (const name of await caches.keys()) if (name.startsWith(PASS_PREFIX) && name !== PASS_PREFIX + who) await caches.delete(name)
  })
}

/** `[data-kept]`: said only when it is so. */
export function mountKept(root: ParentNode): void {
  const kept = root.querySelector<HTMLElement>('[data-kept]')
  if (kept && 'caches' in window && 'serviceWorker' in navigator) void sayWhenKept(kept).catch(() => {})
}

/** `[data-ahead]`: passes that are kept before anybody opens them, once the page has nothing better to do; `[data-lasting]`: all that stay. */
export function mountAhead(root: ParentNode, signal: AbortSignal): void {
  const { ahead: list, lasting } = root.querySelector<HTMLElement>('[data-ahead]')?.dataset ?? {}
  const { who } = document.body.dataset
  if (list === undefined || lasting === undefined || !who || !('caches' in window) || !('serviceWorker' in navigator)) return
  void forgetEnded(lasting.split(' '), PASS_PREFIX + who).catch(() => {})
  const timer = setTimeout(() => void keepAhead(list, PASS_PREFIX + who, signal).catch(() => {}), AHEAD_AFTER_MS)
  signal.addEventListener('abort', () => clearTimeout(timer))
}

/** A pass of a class that was cancelled, left, or is over would promise what is not so. */
async function forgetEnded(lasting: readonly string[], cacheName: string): Promise<void> {
  // A page from memory knows less than the cache.
  if (document.documentElement.dataset['saved'] !== undefined) return
  await changePasses(async () => {
    if (!(await caches.has(cacheName))) return
    const cache = await caches.open(cacheName)
    for (const request of await cache.keys()) if (!lasting.includes(new URL(request.url).pathname)) await cache.delete(request)
  })
}

async function keepAhead(list: string, cacheName: string, signal: AbortSignal): Promise<void> {
  if (list === '') return
  await controlled()
  for (const each of list.split(' ')) {
    const [address = '', mark = ''] = each.split('#')
    const headers = (await caches.match(address, { cacheName }))?.headers
    const isFresh = Date.now() - Number(headers?.get('saved-at')) < FRESH_MS
    if (signal.aborted) return
    if (headers?.get('pass-mark') === mark && isFresh) continue
    await fetch(address, { headers: { accept: 'text/html', 'pass-mark': mark }, priority: 'low', signal })
  }
}

/** Until the service worker sees what this page asks for. */
async function controlled(): Promise<void> {
  const worker = navigator.serviceWorker
  if (!worker.controller) await new Promise((resolve) => worker.addEventListener('controllerchange', resolve, { once: true }))
}

async function sayWhenKept(kept: HTMLElement): Promise<void> {
  await controlled()
  // The first page of a person was loaded before the worker: it sees this request instead.
  if (!(await caches.match(location.pathname))) await fetch(location.pathname, { headers: { accept: 'text/html' } })
  kept.hidden = !(await caches.match(location.pathname))
}

async function listPasses(list: HTMLElement): Promise<void> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PASS_PREFIX)) continue
    const cache = await caches.open(name)
    for (const request of await cache.keys()) {
      const html = (await (await cache.match(request))?.text()) ?? ''
      const label = new DOMParser().parseFromString(html, 'text/html').querySelector('.ticket')?.getAttribute('aria-label')
      const link = document.createElement('a')
      link.className = 'action-link'
      link.href = request.url
      link.textContent = label ?? request.url
      const item = document.createElement('li')
      item.append(link)
      list.append(item)
    }
  }
}
