/** Passes on this device: one cache per person, written by the service worker. */
const PREFIX = 'pass-'

/**
 * Every page: takes away the passes of anybody else than the one who is signed in (nobody, on a page that is rendered for nobody), starts the
 * service worker for people who are signed in, lists the saved passes where a page asks for them, and reloads a page that came from memory as
 * soon as there is a connection.
 */
export function mountSaved(): void {
  const list = document.querySelector<HTMLElement>('[data-saved-passes]')
  const { who } = document.body.dataset
  addEventListener('online', () => {
    if (list || document.documentElement.dataset['saved'] !== undefined) location.reload()
  })
  // Without a secure connection there is neither.
  if (!('caches' in window) || !('serviceWorker' in navigator)) return
  if (who !== undefined) void forgetOthers(who)
  if (list) void listPasses(list)
  if (who) void navigator.serviceWorker.register('/sw.js').catch(() => {})
}

async function forgetOthers(who: string): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(PREFIX) && name !== PREFIX + who) await caches.delete(name)
}

/** `[data-kept]`: said only when it is so. */
export function mountKept(root: ParentNode): void {
  const kept = root.querySelector<HTMLElement>('[data-kept]')
  if (kept && 'caches' in window && 'serviceWorker' in navigator) void sayWhenKept(kept).catch(() => {})
}

async function sayWhenKept(kept: HTMLElement): Promise<void> {
  const worker = navigator.serviceWorker
  if (!worker.controller) await new Promise((resolve) => worker.addEventListener('controllerchange', resolve, { once: true }))
  // The first page of a person was loaded before the worker: it sees this request instead.
  if (!(await caches.match(location.pathname))) await fetch(location.pathname, { headers: { accept: 'text/html' } })
  kept.hidden = !(await caches.match(location.pathname))
}

async function listPasses(list: HTMLElement): Promise<void> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue
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
