import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const INPUTS = ['src', 'sandbox', 'config', 'bin/build.mjs', 'bin/lib', 'tsconfig.json', 'package-lock.json']
const NOT_BUILT = /\.test\.(ts|tsx|mjs)$/
const OUTPUTS = ['main.js', 'public/manifest.json', 'migrations']
const STAMP = '.inputs'

/** One hash over the names and contents of everything the build reads. */
export function inputsHash(root) {
  const hash = createHash('sha256')
  const add = (path) => {
    for (const entry of readdirSync(join(root, path), { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = `${path}/${entry.name}`
      if (entry.isDirectory()) add(inner)
      else if (entry.isFile() && !NOT_BUILT.test(entry.name)) addFile(inner)
    }
  }
  const addFile = (path) => {
    const content = readFileSync(join(root, path))
    hash.update(`${path}\0${content.length}\0`).update(content)
  }
  for (const input of INPUTS) {
    if (!existsSync(join(root, input))) continue
    if (/\.[a-z]+$/.test(input)) addFile(input)
    else add(input)
  }
  return hash.digest('hex')
}

/** Whether `dist` was built from what is in the tree now. */
export function isBuilt(root) {
  const dist = join(root, 'dist')
  if (![...OUTPUTS, STAMP].every((output) => existsSync(join(dist, output)))) return false
  return readFileSync(join(dist, STAMP), 'utf8') === inputsHash(root)
}

export function writeStamp(folder, hash) {
  writeFileSync(join(folder, STAMP), hash)
}
