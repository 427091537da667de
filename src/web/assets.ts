import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import type { AssetName } from './ui/chrome.ts'

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
  webmanifest: 'application/manifest+json',
  txt: 'text/plain; charset=utf-8',
}

export interface Assets {
  asset: (name: AssetName) => string
  serve: MiddlewareHandler
}

/**
 * The files for the browser that the build made, kept in memory: a handful of kilobytes. Their names carry a hash of their content,
 * so browsers may keep them for ever.
 */
export async function loadAssets(folder: string): Promise<Assets> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>
  const files = new Map<string, { body: Uint8Array<ArrayBuffer>; type: string }>()
  for (const name of Object.values(manifest)) {
    const type = TYPES[name.split('.').at(-1) ?? '']
    if (type) files.set(`/assets/${name}`, { body: new Uint8Array(await readFile(join(folder, name))), type })
  }
  return {
    asset: (name) => `/assets/${manifest[name] ?? name}`,
    serve: async (c, next) => {
      const file = c.req.method === 'GET' || c.req.method === 'HEAD' ? files.get(c.req.path) : undefined
      if (!file) return next()
      return c.body(file.body, 200, { 'Content-Type': file.type, 'Cache-Control': 'public, max-age=31536000, immutable' })
    },
  }
}
