import type { Hono } from 'hono'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { letKeep } from '../../http/endpoint.ts'
import { OfflinePage } from '../pages/pass/offline.tsx'
import { plainChrome, render, type SiteOptions } from '../site.tsx'
import * as en from '../ui/text.en.ts'
import * as es from '../ui/text.es.ts'

const BRAND = '#5636d9'
const PAPER = '#fbfaf6'
const MANIFEST_KEPT_SECONDS = 3_600

/** What lets a device install the product and open it without a connection: the manifest, the service worker, and its one page. */
export function mountDevice(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/manifest.webmanifest', (c) => showManifest(c, site))
  // Kept for an unknown time and for whoever is signed in then: without an hour, and without asking anybody to sign in.
  app.get('/sin-conexion', (c) => render(c, <OfflinePage chrome={{ ...plainChrome(c, site), path: '/ingresar', sandbox: null }} />))
  app.get('/sw.js', (c) => {
    if (site.worker === undefined) return c.notFound()
    // From the root, so that it may look after the whole site; asked for anew each time, so that another build reaches everybody.
    return c.body(site.worker, 200, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'no-cache' })
  })
}

function showManifest(c: AppContext, { asset }: SiteOptions): Response {
  const isEnglish = c.req.query('lang') === 'en'
  const icon = (src: string, sizes: string, purpose = 'any') => ({ src, sizes, type: 'image/png', purpose })
  const manifest = {
    id: '/inicio',
    name: 'HablaInglesYa',
    short_name: 'HablaInglesYa',
    description: (isEnglish ? en : es).PARTS.description,
    lang: isEnglish ? 'en' : 'es-AR',
    start_url: '/inicio',
    scope: '/',
    display: 'standalone',
    theme_color: BRAND,
    background_color: PAPER,
    icons: [
      icon(asset('icon-192.png'), '192x192'),
      icon(asset('icon-512.png'), '512x512'),
      icon(asset('icon-maskable-512.png'), '512x512', 'maskable'),
    ],
  }
  letKeep(c, MANIFEST_KEPT_SECONDS)
  return c.body(JSON.stringify(manifest), 200, { 'Content-Type': 'application/manifest+json; charset=utf-8' })
}
