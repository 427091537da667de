import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { MiddlewareHandler } from 'hono'
import type { FindElsewhere } from '../features/public-file/share.ts'
import type { PublicFile } from '../features/public-file/store.ts'
import { bestEncoding, type Encoding } from '../http/encoding.ts'
import type { AssetName } from './ui/chrome.ts'

const TYPES: Record<string, string> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  woff2: 'font/woff2',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
  webmanifest: 'application/manifest+json',
  txt: 'text/plain; charset=utf-8',
}

/** What the build writes beside a file that compresses well. */
const COMPRESSED = { br: '.br', gzip: '.gz' } as const satisfies Record<Encoding, string>

/** The landing page is opened on slow phones. */
const PHOTO_BYTES_MAX = 60_000

export interface Assets {
  asset: (name: AssetName) => string
  /** Address of the teacher's photo; null: there is none. */
  photo: string | null
  serve: MiddlewareHandler
  /** The service worker's text. */
  worker: string
}

/** Hands this build's files to others and finds theirs. */
type Share = (files: ReadonlyMap<string, PublicFile>) => Promise<FindElsewhere>

/**
 * The files for the browser that the build made, kept in memory: a handful of kilobytes. Their names carry a hash of their content,
 * so browsers may keep them for ever. `photoPath`: the academy's own picture of the teacher. `share`: where processes of other builds may be beside
 * this one; without it only this build's files are known.
 */
export async function loadAssets(folder: string, photoPath: string | null = null, share: Share | null = null): Promise<Assets> {
  const manifest = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Record<string, string>
  const files = new Map<string, PublicFile>()
  for (const name of Object.values(manifest)) {
    const type = TYPES[name.split('.').at(-1) ?? '']
    if (type) files.set(`/assets/${name}`, await loadFile(join(folder, name), type))
  }
  const photo = photoPath && (await loadPhoto(photoPath))
  if (photo) files.set(photo.address, photo.file)
  const findElsewhere = await share?.(files)
  return {
    worker: await readFile(join(folder, 'sw.js'), 'utf8'),
    photo: photo ? photo.address : null,
    asset: (name) => `/assets/${manifest[name] ?? name}`,
    serve: async (c, next) => {
      if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next()
      const file = files.get(c.req.path) ?? (await findElsewhere?.(c.req.path))
      if (!file) return next()
      const encoding = bestEncoding(c.req.header('accept-encoding'), Object.keys(file.encoded) as Encoding[])
      return c.body((encoding && file.encoded[encoding]) ?? file.plain, 200, {
        'Content-Type': file.type,
        'Cache-Control': 'public, max-age=31536000, immutable',
        Vary: 'Accept-Encoding',
        ...(encoding ? { 'Content-Encoding': encoding } : {}),
      })
    },
  }
}

async function loadPhoto(path: string): Promise<{ address: string; file: PublicFile }> {
  const ending = path.split('.').at(-1) ?? ''
  const plain = new Uint8Array(await readFile(path))
  if (plain.length > PHOTO_BYTES_MAX) throw new Error(`config/academy.json: teacher.photo pesa más de ${PHOTO_BYTES_MAX / 1_000} kB.`)
  const hash = createHash('sha256').update(plain).digest('hex').slice(0, 12)
  return { address: `/assets/profe.${hash}.${ending}`, file: { type: TYPES[ending] ?? '', plain, encoded: {} } }
}

async function loadFile(path: string, type: string): Promise<PublicFile> {
  const file: PublicFile = { type, plain: new Uint8Array(await readFile(path)), encoded: {} }
  for (const encoding of ['br', 'gzip'] as const) {
    const bytes = await readFile(`${path}${COMPRESSED[encoding]}`).catch(() => null)
    if (bytes) file.encoded[encoding] = new Uint8Array(bytes)
  }
  return file
}
