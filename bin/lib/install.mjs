import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, sep } from 'node:path'
import { expectedFolders, runtimePath } from './packages.mjs'

const INSTALL_LIMIT_MS = 15 * 60_000
const PROGRESS_EVERY_MS = 3_000
const OUTPUT_KEPT_BYTES = 200_000

/**
 * Runs `npm ci` in `root`, telling every few seconds how far it is. Throws with npm's own output when it fails.
 *
 * @param {string} root
 * @param {{ dev: boolean, say: (line: string) => void }} options
 */
export async function install(root, { dev, say }) {
  const started = Date.now()
  const seconds = () => Math.round((Date.now() - started) / 1_000)
  const folders = expectedFolders(root, { dev })
  const progress = setInterval(() => {
    const done = folders.filter((folder) => existsSync(join(folder, 'package.json'))).length
    const what = done < folders.length ? `${done} of ${folders.length} packages` : 'all packages unpacked, fetching Node 26'
    say(`  installing: ${what} (${seconds()} s)`)
  }, PROGRESS_EVERY_MS)
  const outside = nodeOutside(root)
  try {
    await runNpm(root, ['ci', dev ? '--include=dev' : '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'], outside)
  } finally {
    clearInterval(progress)
    outside.dispose()
  }
  if (!existsSync(runtimePath(root))) {
    throw new Error('npm did not install the runtime (package "node"). Allow its install script: npm config delete ignore-scripts')
  }
  say(`  installed ${folders.length} packages in ${seconds()} s`)
}

function runNpm(root, args, outside) {
  return new Promise((resolve, reject) => {
    const cli = process.env.npm_execpath
    const [command, all] = cli?.endsWith('.js') ? [outside.node, [cli, ...args]] : ['npm', args]
    const child = spawn(command, all, {
      cwd: root,
      env: { ...process.env, PATH: outside.path },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && process.platform === 'win32',
    })
    let output = ''
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_KEPT_BYTES)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const limit = setTimeout(() => child.kill('SIGTERM'), INSTALL_LIMIT_MS)
    child.on('error', (error) => {
      clearTimeout(limit)
      reject(new Error(`npm could not be run: ${error.message}`, { cause: error }))
    })
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      if (code === 0) resolve()
      else reject(new Error(`npm ${args.join(' ')} ended with ${signal ?? code}\n${output.trim()}`))
    })
  })
}

/**
 * A Node that `npm ci` may run on: not the one inside `node_modules`, which it deletes under its own feet.
 * npm itself puts `node_modules/.bin` first in the path, so that has to go as well.
 */
function nodeOutside(root) {
  const inside = (path) => path.startsWith(join(root, 'node_modules') + sep)
  const entries = (process.env.PATH ?? '').split(delimiter).filter((entry) => !inside(join(entry, sep)))
  const path = entries.join(delimiter)
  const ownNode = [process.env.npm_node_execpath, process.execPath].find((node) => node && !inside(node))
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const inPath = entries.map((entry) => join(entry, name)).find((node) => existsSync(node))
  if (inPath) return { node: ownNode ?? inPath, path, dispose: () => {} }
  if (ownNode) return { node: ownNode, path: dirname(ownNode) + delimiter + path, dispose: () => {} }
  const folder = mkdtempSync(join(tmpdir(), 'node-'))
  copyFileSync(process.execPath, join(folder, name))
  return { node: join(folder, name), path: folder + delimiter + path, dispose: () => rmSync(folder, { recursive: true, force: true }) }
}
