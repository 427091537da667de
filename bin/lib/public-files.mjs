import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, parse } from 'node:path'
import { brotliCompressSync, gzipSync, constants as zlib } from 'node:zlib'

/** The rest is compressed already. */
const COMPRESSIBLE = /\.(js|css|svg|webmanifest|txt)$/

/** `icons/star.svg` → `icons/star.1a2b3c4d5e.svg`: the name changes with the content, so that a browser may keep the file for ever. */
export function hashedName(name, content) {
  const { dir, name: stem, ext } = parse(name)
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 10)
  return `${dir === '' ? '' : `${dir}/`}${stem}.${hash}${ext}`
}

/** Writes `content` under its hashed name and returns that name. */
export async function publishFile(folder, name, content) {
  const hashed = hashedName(name, content)
  await mkdir(dirname(join(folder, hashed)), { recursive: true })
  await writeFile(join(folder, hashed), content)
  return hashed
}

/** Writes `NAME.br` and `NAME.gz` beside every file that gets smaller by it, as small as they get: it is done once and sent often. */
export async function compressFiles(folder, names) {
  for (const name of names.filter((each) => COMPRESSIBLE.test(each))) {
    const content = await readFile(join(folder, name))
    const encoded = {
      br: brotliCompressSync(content, { params: { [zlib.BROTLI_PARAM_SIZE_HINT]: content.length } }),
      gz: gzipSync(content, { level: 9 }),
    }
    for (const [ending, bytes] of Object.entries(encoded)) {
      if (bytes.length < content.length) await writeFile(join(folder, `${name}.${ending}`), bytes)
    }
  }
}

/**
 * Points every relative `url(…)` of a style sheet to the hashed name of the public file it means, by path or else by file name.
 * The style sheet lies at the top of the public folder, so the names are right wherever that folder is served.
 *
 * @param {string} css
 * @param {Record<string, string>} manifest logical name → hashed name
 */
export function pointToHashedNames(css, manifest) {
  return css.replace(/url\(\s*(["']?)([^"')]+)\1\s*\)/g, (whole, _quote, target) => {
    if (/^(data:|#|[a-z]+:\/\/)/i.test(target)) return whole
    const path = target.replace(/[?#].*$/, '').replace(/^(\.{0,2}\/)+/, '')
    const name = path.slice(path.lastIndexOf('/') + 1)
    const found = manifest[path] ?? manifest[Object.keys(manifest).find((logical) => logical === name || logical.endsWith(`/${name}`))]
    if (found === undefined) throw new Error(`The style sheet refers to ${target}, which is not among the public files.`)
    return `url("${found}")`
  })
}

/** Every file below `folder`, as paths relative to it; none when the folder does not exist. */
export async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort()
}
