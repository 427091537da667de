import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']
const INSTALL_LIMIT_MS = 8 * 60_000
const PROGRESS_EVERY_MS = 5_000
const OUTPUT_KEPT_CHARS = 4_000

/**
 * Path of a Chromium to test with: `CHROMIUM_PATH`, else one in the path, else Debian's, which is installed when this runs as root.
 * Throws an error that says what to do when there is none.
 */
export async function chromiumPath(): Promise<string> {
  const chosen = process.env.CHROMIUM_PATH
  if (chosen) {
    if (isProgram(chosen)) return chosen
    throw new Error(`CHROMIUM_PATH names ${chosen}, which is not a program.`)
  }
  const found = inPath(NAMES)
  if (found) return found
  if (!canInstall()) throw new Error('There is no Chromium. Install one (Debian: apt-get install chromium) or set CHROMIUM_PATH.')
  // One package list out of reach need not stand in the way: if Chromium's own is missing, the installation says so.
  await run('apt-get', ['update']).catch((error: Error) => process.stdout.write(`  ${error.message}\n`))
  await run('apt-get', ['install', '-y', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', 'chromium', 'fonts-liberation'])
  const installed = inPath(NAMES)
  if (installed) return installed
  throw new Error('apt-get installed chromium, but there is no such program in the path. Set CHROMIUM_PATH.')
}

function inPath(names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function canInstall(): boolean {
  return process.getuid?.() === 0 && inPath(['apt-get']) !== undefined
}

/** Runs a long command, saying every few seconds what it is at. */
function run(command: string, args: string[]): Promise<void> {
  const name = `${command} ${args[0]}`
  const started = Date.now()
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: INSTALL_LIMIT_MS,
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-OUTPUT_KEPT_CHARS)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const progress = setInterval(() => {
      const last = output.trimEnd().split('\n').at(-1) ?? ''
      process.stdout.write(`  ${name} (${Math.round((Date.now() - started) / 1_000)} s): ${last.slice(0, 100)}\n`)
    }, PROGRESS_EVERY_MS)
    child.on('error', (error) => {
      clearInterval(progress)
      reject(new Error(`${name} could not be run`, { cause: error }))
    })
    child.on('close', (code, signal) => {
      clearInterval(progress)
      if (code === 0) resolve()
      else reject(new Error(`${name} ended with ${signal ?? code}\n${output.trim()}`))
    })
  })
}
