import { changePasses, PASS_PREFIX } from '../client/passes.ts'

/** As much of a service worker's surroundings as is used here: the compiler's own description of them clashes with that of a page. */
interface Scope {
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(work: Promise<unknown>): void }) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetch) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  registration: { navigationPreload?: { enable(): Promise<void> } }
}

interface Fetch {
  request: Request
  preloadResponse?: Promise<Response | undefined>
  respondWith(answer: Promise<Response>): void
  waitUntil(work: Promise<unknown>): void
}

/** Addresses of the files that every page needs, and a hash of them; the build puts both in, so that another build is another worker. */
declare const FILES: readonly string[]
declare const VERSION: string

const scope = self as unknown as Scope
const STATIC_PREFIX = 'static-'
const STATIC = STATIC_PREFIX + VERSION
const PASSES_MAX = 10
const OFFLINE = '/sin-conexion'
const PASS = /^\/inicio\/clases\/[\da-f-]{36}\/pase$/

scope.addEventListener('install', (event) => event.waitUntil(install()))
scope.addEventListener('activate', (event) => event.waitUntil(activate()))
scope.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== location.origin) return
  if (pathname.startsWith('/assets/')) event.respondWith(file(request, pathname))
  else if (PASS.test(pathname)) event.respondWith(pass(event, pathname))
  // Those below /api/, too: the browser has asked for them already (navigation preload), and asks twice when that answer is not taken.
  else if (request.mode === 'navigate') event.respondWith(page(event))
})

async function install(): Promise<void> {
  const cache = await caches.open(STATIC)
  await cache.addAll([...FILES, OFFLINE])
  await scope.skipWaiting()
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) if (name.startsWith(STATIC_PREFIX) && name !== STATIC) await caches.delete(name)
  await scope.registration.navigationPreload?.enable()
  await scope.clients.claim()
}

/** A pass that was saved by an earlier build names files of that build: without a connection the present ones have to do. */
async function file(request: Request, pathname: string): Promise<Response> {
  const cache = await caches.open(STATIC)
  const kept = await cache.match(request)
  if (kept) return kept
  try {
    return await fetch(request)
  } catch {
    const same = FILES.find((each) => plainName(each) === plainName(pathname))
    return (same && (await cache.match(same))) || Response.error()
  }
}

/** "/assets/main.1a2b3c.js" → "/assets/main.js". */
function plainName(address: string): string {
  return address.replace(/\.[^.]+(?=\.[^.]+$)/, '')
}

/** From the network, always; what it says is kept. Only a page that cannot be reached comes from memory, and says so. */
async function pass(event: Fetch, pathname: string): Promise<Response> {
  const { request } = event
  let response: Response
  try {
    response = await fromNetwork(event)
  } catch {
    return request.mode === 'navigate' ? saved(pathname) : Response.error()
  }
  // A server in trouble says nothing about the pass.
  if (response.status === 429 || response.status >= 500)
    return request.mode === 'navigate' && (await caches.match(pathname)) ? saved(pathname) : response
  const owner = response.headers.get('pass-owner')
  const keeping = response.ok && owner ? keep(request, owner, response.clone()) : response.status >= 400 ? forget(pathname) : null
  // The page itself waits for nothing; its script asks once more and then knows that it is kept.
  if (keeping && request.mode === 'navigate') event.waitUntil(keeping)
  else await keeping
  return response
}

async function page(event: Fetch): Promise<Response> {
  try {
    return await fromNetwork(event)
  } catch {
    return (await caches.match(OFFLINE)) ?? Response.error()
  }
}

async function fromNetwork(event: Fetch): Promise<Response> {
  return (await event.preloadResponse) ?? (await fetch(event.request))
}

async function keep(request: Request, owner: string, response: Response): Promise<void> {
  const { pathname } = new URL(request.url)
  const headers = new Headers(response.headers)
  headers.delete('content-encoding')
  headers.set('saved-at', String(Date.now()))
  // Whoever asks ahead compares it with what the pass says by then.
  headers.set('pass-mark', request.headers.get('pass-mark') ?? '')
  await changePasses(async () => {
    const cache = await caches.open(PASS_PREFIX + owner)
    await cache.delete(pathname)
    await cache.put(pathname, new Response(await response.text(), { headers }))
    for (const old of (await cache.keys()).slice(0, -PASSES_MAX)) await cache.delete(old)
  })
  // In the language that the person reads by now.
  await (await caches.open(STATIC)).add(OFFLINE).catch(() => {})
}

function forget(pathname: string): Promise<void> {
  return changePasses(async () => {
    for (const name of await caches.keys()) if (name.startsWith(PASS_PREFIX)) await (await caches.open(name)).delete(pathname)
  })
}

async function saved(pathname: string): Promise<Response> {
  const kept = await caches.match(pathname)
  if (!kept) return (await caches.match(OFFLINE)) ?? Response.error()
  const mark = `<html data-saved="${kept.headers.get('saved-at')}"`
  return new Response((await kept.text()).replace('<html', mark), { headers: kept.headers })
}
